#!/usr/bin/env python3
"""manual.py BINARY FOLDER EPOCH: writes man pages (roff, man macros) from the program's own description of itself.

The argument parser can describe a command as JSON; one page a command comes out, with nothing to keep in step by hand.
"""

import json
import os
import subprocess
import sys
import time

binary, folder, epoch = sys.argv[1], sys.argv[2], int(sys.argv[3])
info = json.loads(subprocess.run([binary, "--experimental-dump-help"], check=True, capture_output=True).stdout)
version = subprocess.run([binary, "--version"], check=True, capture_output=True, text=True).stdout.strip()
date = time.strftime("%Y-%m-%d", time.gmtime(epoch))


def escape(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


def names(argument):
    shown = []
    for name in argument.get("names") or []:
        dashes = "--" if name["kind"] == "long" else "-"
        shown.append("\\fB" + escape(dashes + name["name"]) + "\\fR")
    value = argument.get("valueName")
    if argument["kind"] == "positional":
        return "\\fI" + escape(value or "value") + "\\fR" + (" ..." if argument.get("isRepeating") else "")
    text = ", ".join(shown)
    if argument["kind"] == "option":
        text += " \\fI" + escape(value or "value") + "\\fR"
    return text


def page(command, path):
    title = "-".join(path)
    lines = [f'.TH "{title.upper()}" "1" "{date}" "assay {version}" "Assay"', ".SH NAME"]
    lines += [escape(title) + " \\- " + escape(command.get("abstract", "")), ".SH SYNOPSIS"]
    arguments = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    subcommands = [c for c in command.get("subcommands", []) if c.get("shouldDisplay", True)]
    positional = [names(a) if not a.get("isOptional") else "[" + names(a) + "]" for a in arguments if a["kind"] == "positional"]
    synopsis = ["\\fB" + escape(" ".join(path)) + "\\fR"]
    if any(a["kind"] != "positional" for a in arguments):
        synopsis.append("[\\fIoptions\\fR]")
    synopsis += [names(a) for a in arguments if a["kind"] == "option" and not a.get("isOptional")]
    lines.append(" ".join(synopsis + positional + (["\\fIsubcommand\\fR"] if subcommands else [])))
    if command.get("discussion"):
        lines += [".SH DESCRIPTION"]
        for paragraph in command["discussion"].split("\n\n"):
            lines += [".PP", escape(paragraph)]
    # A section a heading, in the order in which the headings come: what stands under none goes first.
    sections = {"ARGUMENTS": [], "OPTIONS": []}
    for argument in arguments:
        heading = argument.get("sectionTitle") or ("ARGUMENTS" if argument["kind"] == "positional" else "OPTIONS")
        sections.setdefault(heading, []).append(argument)
    for heading, members in sections.items():
        if members:
            lines.append(f'.SH "{escape(heading.upper())}"')
        for argument in members:
            lines += [".TP", names(argument)]
            text = argument.get("abstract", "")
            facts = []
            if argument.get("allValues"):
                facts.append("values: " + ", ".join(argument["allValues"]))
            if argument.get("defaultValue") and "default" not in text:
                facts.append(f"default: {argument['defaultValue']}")
            if facts:
                text += f" ({'; '.join(facts)})"
            lines.append(escape(text) or "\\&")
    if subcommands:
        lines.append('.SH "SUBCOMMANDS"')
        for each in subcommands:
            lines += [".TP", "\\fB" + escape("-".join(path + [each["commandName"]])) + "\\fR(1)", escape(each.get("abstract", ""))]
    if len(path) == 1 or path[-1] == "scan":
        lines.append('.SH "EXIT STATUS"')
        for status, text in [
            ("0", "Nothing at or over the threshold."), ("1", "A finding at or over the threshold, or a check that failed."),
            ("2", "A usage error, a file that could not be read, or no file at all."), ("3", "Something was not read to its end."),
        ]:
            lines += [".TP", status, text]
    others = [path[:-1]] if len(path) > 1 else []
    others += [path + [each["commandName"]] for each in subcommands if len(path) > 1]
    if others:
        lines += ['.SH "SEE ALSO"', ", ".join("\\fB" + escape("-".join(other)) + "\\fR(1)" for other in others)]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, title + ".1"), "w") as file:
        file.write("\n".join(lines) + "\n")
    for each in subcommands:
        if each["commandName"] != "help":
            page(each, path + [each["commandName"]])


page(info["command"], [info["command"]["commandName"]])
