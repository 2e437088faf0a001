#!/usr/bin/env python3
"""jinja.py BINARY [COUNT] [SEED]: jinja2's parser is the truth for ours.

Seeded random templates, half of them damaged, go through jinja2 (PyPI) and through `assay template`. Both accept
with the same syntax tree, or both refuse. Tags that only extensions know are skipped: we read them leniently.
"""
import json
import random
import subprocess
import sys

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("mark"), [], [], body).set_lineno(line)


ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do", Generation])

# --- Notation -------------------------------------------------------------------------------------------------------


def quote(text):
    out = ""
    for char in text:
        if char in '"\\':
            out += "\\" + char
        elif char == "\n":
            out += "\\n"
        elif ord(char) < 0x20:
            out += "\\x%x" % ord(char)
        else:
            out += char
    return '"' + out + '"'


def body(statements):
    parts, data = [], ""
    flat = []
    for node in statements:
        flat += node.nodes if isinstance(node, nodes.Output) else [node]
    for node in flat:
        if isinstance(node, nodes.TemplateData):
            data += node.data
            continue
        if data:
            parts.append("(data %s)" % quote(data))
            data = ""
        parts.append("(out %s)" % write(node) if isinstance(node, nodes.Expr) else statement(node))
    if data:
        parts.append("(data %s)" % quote(data))
    return "[" + " ".join(parts) + "]"


def parameters(node):
    return "(" + " ".join([arg.name for arg in node.args] + ["=" + write(value) for value in node.defaults]) + ")"


def optional(node):
    return "-" if node is None else write(node)


def statement(n):
    if isinstance(n, nodes.For):
        return "(for %s %s %s %s %s %s)" % (
            write(n.target), write(n.iter), optional(n.test), str(n.recursive).lower(), body(n.body), body(n.else_))
    if isinstance(n, nodes.If):
        parts = [write(n.test), body(n.body)]
        for each in n.elif_:
            parts += [write(each.test), body(each.body)]
        if n.else_:
            parts += ["-", body(n.else_)]
        return "(if %s)" % " ".join(parts)
    if isinstance(n, nodes.Assign):
        return "(set %s %s)" % (write(n.target), write(n.node))
    if isinstance(n, nodes.AssignBlock):
        return "(setblock %s %s %s)" % (write(n.target), optional(n.filter), body(n.body))
    if isinstance(n, nodes.Macro):
        return "(macro %s %s %s)" % (n.name, parameters(n), body(n.body))
    if isinstance(n, nodes.CallBlock):
        if isinstance(n.call.node, nodes.ExtensionAttribute):
            return "(generation %s)" % body(n.body)
        return "(callblock %s %s %s)" % (parameters(n), write(n.call), body(n.body))
    if isinstance(n, nodes.FilterBlock):
        return "(filterblock %s %s)" % (write(n.filter), body(n.body))
    if isinstance(n, nodes.With):
        pairs = " ".join(write(t) + " " + write(v) for t, v in zip(n.targets, n.values))
        return "(with (%s) %s)" % (pairs, body(n.body))
    if isinstance(n, nodes.Scope):
        inner = n.body[0]
        return "(autoescape %s %s)" % (write(inner.options[0].value), body(inner.body))
    if isinstance(n, nodes.Block):
        return "(block %s %s)" % (n.name, body(n.body))
    if isinstance(n, nodes.Extends):
        return "(extends %s)" % write(n.template)
    if isinstance(n, nodes.Include):
        return "(include %s)" % write(n.template)
    if isinstance(n, nodes.Import):
        return "(import %s %s)" % (write(n.template), n.target)
    if isinstance(n, nodes.FromImport):
        names = [name if isinstance(name, tuple) else (name, name) for name in n.names]
        return "(from %s %s)" % (write(n.template), " ".join(":".join(pair) for pair in names))
    if isinstance(n, nodes.Break):
        return "(break)"
    if isinstance(n, nodes.Continue):
        return "(continue)"
    if isinstance(n, nodes.ExprStmt):
        return "(do %s)" % write(n.node)
    raise TypeError(n)


BINARY = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*", nodes.Div: "/", nodes.FloorDiv: "//", nodes.Mod: "%",
          nodes.Pow: "**", nodes.And: "and", nodes.Or: "or"}
UNARY = {nodes.Neg: "-", nodes.Pos: "+", nodes.Not: "not"}
COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}


def call(n):
    out = "".join(" " + write(arg) for arg in n.args)
    out += "".join(" (kw %s %s)" % (each.key, write(each.value)) for each in n.kwargs)
    if n.dyn_args is not None:
        out += " (* %s)" % write(n.dyn_args)
    if n.dyn_kwargs is not None:
        out += " (** %s)" % write(n.dyn_kwargs)
    return out


def write(n):
    if isinstance(n, nodes.Name):
        return n.name
    if isinstance(n, nodes.NSRef):
        return "(ns %s %s)" % (n.name, n.attr)
    if isinstance(n, nodes.Const):
        if n.value is None:
            return "(none)"
        if isinstance(n.value, bool):
            return "(true)" if n.value else "(false)"
        return quote(n.value) if isinstance(n.value, str) else repr(n.value)
    if isinstance(n, nodes.Tuple):
        return "(tuple%s)" % "".join(" " + write(each) for each in n.items)
    if isinstance(n, nodes.List):
        return "(list%s)" % "".join(" " + write(each) for each in n.items)
    if isinstance(n, nodes.Dict):
        return "(dict%s)" % "".join(" %s %s" % (write(each.key), write(each.value)) for each in n.items)
    if isinstance(n, nodes.Getattr):
        return "(attr %s %s)" % (write(n.node), n.attr)
    if isinstance(n, nodes.Getitem):
        return "(item %s %s)" % (write(n.node), write(n.arg))
    if isinstance(n, nodes.Slice):
        return "(slice %s %s %s)" % (optional(n.start), optional(n.stop), optional(n.step))
    if isinstance(n, nodes.Call):
        return "(call %s%s)" % (write(n.node), call(n))
    if isinstance(n, nodes.Filter):
        return "(filter %s %s%s)" % (optional(n.node), n.name, call(n))
    if isinstance(n, nodes.Test):
        return "(test %s %s%s)" % (write(n.node), n.name, call(n))
    if isinstance(n, nodes.Concat):
        return "(~%s)" % "".join(" " + write(each) for each in n.nodes)
    if isinstance(n, nodes.Compare):
        return "(compare %s%s)" % (
            write(n.expr), "".join(" %s %s" % (COMPARE[each.op], write(each.expr)) for each in n.ops))
    if isinstance(n, nodes.CondExpr):
        return "(cond %s %s %s)" % (write(n.test), write(n.expr1), optional(n.expr2))
    if type(n) in UNARY:
        return "(%s1 %s)" % (UNARY[type(n)], write(n.node))
    return "(%s %s %s)" % (BINARY[type(n)], write(n.left), write(n.right))


# --- Templates ------------------------------------------------------------------------------------------------------

NAMES = ["a", "b2", "_c", "messages", "loop", "ns", "é", "in_", "not_x", "true", "none", "None", "True"]
STRINGS = ["'x'", '"y z"', "'it\\'s'", "'\\x41\\n'", "'\\u00e9'", "'a' 'b'", "''", "'{{'", "'%}'", "'\\101'", "'\\q'"]


class Writer:
    def __init__(self, rng):
        self.rng = rng

    def expr(self, depth):
        rng, r = self.rng, self.rng.random()
        if depth <= 0 or r < 0.25:
            return rng.choice([rng.choice(NAMES), rng.choice(NAMES), rng.choice(STRINGS), str(rng.randrange(100)),
                               "1.5", "[]", "{}", "()"])
        e = lambda: self.expr(depth - 1)
        return rng.choice([
            lambda: "%s %s %s" % (e(), rng.choice(["+", "-", "*", "/", "//", "%", "**", "~", "and", "or"]), e()),
            lambda: "%s %s %s" % (e(), rng.choice(["==", "!=", "<", ">", "<=", ">=", "in", "not in"]), e()),
            lambda: "%s%s" % (rng.choice(["-", "+", "not ", "- -", "not not "]), e()),
            lambda: "(%s)" % e(), lambda: "(%s, %s)" % (e(), e()), lambda: "(%s,)" % e(),
            lambda: "[%s, %s%s]" % (e(), e(), rng.choice(["", ","])),
            lambda: "{%s: %s, %s: %s}" % (e(), e(), e(), e()),
            lambda: "%s.%s" % (e(), rng.choice(["x", "y_1", "0", "12", "__class__", "in", "if"])),
            lambda: "%s[%s]" % (e(), e()), lambda: "%s[%s:%s]" % (e(), e(), e()), lambda: "%s[::%s]" % (e(), e()),
            lambda: "%s[%s:]" % (e(), e()), lambda: "%s[%s, :%s]" % (e(), e(), e()), lambda: "%s[:]" % e(),
            lambda: "%s(%s)" % (e(), self.args(depth - 1)),
            lambda: "%s|%s" % (e(), rng.choice(["f", "f.g", "f(%s)" % self.args(depth - 1), "f|g", "f()(1)"])),
            lambda: "%s is %s" % (e(), rng.choice(
                ["t", "not t", "t(%s)" % self.args(depth - 1), "t 1", "t 'x'", "t [1]", "divisibleby 3", "t.u", "t a.b"])),
            lambda: "%s if %s else %s" % (e(), e(), e()), lambda: "%s if %s" % (e(), e()),
        ])()

    def args(self, depth):
        rng = self.rng
        parts = [self.expr(depth) for _ in range(rng.randrange(3))]
        parts += ["%s=%s" % (rng.choice(["k", "v"]), self.expr(depth)) for _ in range(rng.randrange(2))]
        if rng.random() < 0.15:
            parts.append("*" + self.expr(depth))
        if rng.random() < 0.15:
            parts.append("**" + self.expr(depth))
        return ", ".join(parts) + ("," if parts and rng.random() < 0.1 else "")

    def tag(self, text):
        rng = self.rng
        return "{%" + rng.choice(["", "", "-", "+"]) + rng.choice([" ", "", "\n"]) + text + " " + rng.choice(
            ["", "", "-", "+"]) + "%}"

    def target(self):
        return self.rng.choice(["x", "x, y", "(x, y)", "x, (y, z)", "x,"])

    def body(self, depth):
        return "".join(self.piece(depth) for _ in range(self.rng.randrange(1, 4)))

    def piece(self, depth):
        rng, r = self.rng, self.rng.random()
        if depth <= 0 or r < 0.3:
            return rng.choice(["text ", "\n", "  \n ", "{ % } ", "é", "a\r\nb", "{# c #}", "{#- c -#} ", "#}",
                               "{% raw %}{{ x }}{% endraw %}", "{%- raw -%} {% if %} {%- endraw -%} ", "x{"])
        if r < 0.6:
            return "{{" + rng.choice(["", "-", "+", " "]) + self.expr(3) + rng.choice(["", "-", " "]) + "}}"
        t, e, b = self.tag, self.expr, lambda: self.body(depth - 1)
        return rng.choice([
            lambda: t("for %s in %s" % (self.target(), e(2))) + b() + t("endfor"),
            lambda: t("for %s in %s if %s" % (self.target(), e(2), e(2))) + b() + t("else") + b() + t("endfor"),
            lambda: t("for x in %s recursive" % e(1)) + b() + rng.choice([t("break"), t("continue"), ""]) + t("endfor"),
            lambda: t("if " + e(2)) + b() + t("elif " + e(2)) + b() + t("else") + b() + t("endif"),
            lambda: t("if " + e(3)) + b() + t("endif"),
            lambda: t("set %s = %s" % (rng.choice(["x", "x, y", "ns.x", "(x)"]), rng.choice([e(3), e(1) + ", " + e(1)]))),
            lambda: t("set x" + rng.choice(["", " | f", " | f(1) | g"])) + b() + t("endset"),
            lambda: t("macro m(%s)" % rng.choice(["", "a", "a, b=1", "a='x', b=%s" % e(1)])) + b() + t("endmacro"),
            lambda: t("call%s m(%s)" % (rng.choice(["", "(x)", "(x, y=1)"]), self.args(1))) + b() + t("endcall"),
            lambda: t("filter " + rng.choice(["f", "f(1)", "f|g"])) + b() + t("endfilter"),
            lambda: t("with %s" % rng.choice(["", "x = " + e(1), "x = 1, y = " + e(1)])) + b() + t("endwith"),
            lambda: t("autoescape " + e(1)) + b() + t("endautoescape"),
            lambda: t("block " + rng.choice(["n", "n scoped"])) + b() + t(rng.choice(["endblock", "endblock n"])),
            lambda: t("include %s%s" % (e(1), rng.choice(["", " ignore missing", " without context"]))),
            lambda: t("import %s as m%s" % (e(1), rng.choice(["", " with context"]))),
            lambda: t("from %s import %s" % (e(1), rng.choice(["a", "a as b", "a, c as d with context", "a, b,"]))),
            lambda: t("extends " + e(1)), lambda: t("print " + e(1) + ", " + e(1)), lambda: t("do " + e(2)),
            lambda: t("generation") + b() + t("endgeneration"),
        ])()

    def damaged(self, text):
        rng = self.rng
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(text) + 1)
            kind = rng.randrange(4)
            if kind == 0:
                text = text[:at] + text[at + rng.randrange(1, 4):]
            elif kind == 1:
                text = text[:at] + rng.choice(list("{}%#()[]'\",.:|~=-+*/<>! \n\\aé0_@$;") + [
                    "{{", "}}", "{%", "%}", "in ", "not ", "is ", " if ", "else", "and ", "endif"]) + text[at:]
            elif kind == 2:
                to = rng.randrange(at, min(len(text), at + 12) + 1)
                text = text[:at] + text[at:to] + text[at:]
            else:
                text = text[:at]
        return text


def main():
    binary, count, seed = sys.argv[1], int((sys.argv + ["", "20000"])[2] if len(sys.argv) > 2 else 20000), 1
    if len(sys.argv) > 3:
        seed = int(sys.argv[3])
    writer = Writer(random.Random(seed))
    templates = []
    while len(templates) < count:
        text = writer.body(3)
        templates.append(text)
        templates.append(writer.damaged(text))
    templates = templates[:count]
    answer = subprocess.run([binary, "template"], input="".join(json.dumps(text) + "\n" for text in templates),
                            capture_output=True, text=True, check=True).stdout.split("\n")
    agreed = accepted = refused = skipped = 0
    shown = 0
    for text, ours in zip(templates, answer):
        try:
            theirs = "ok " + body(ENVIRONMENT.parse(text).body)
        except jinja2.TemplateSyntaxError as error:
            theirs = "error " + str(error)
        except (RecursionError, ValueError):
            skipped += 1
            continue
        if ours.startswith("unknown") or ours == "limit":
            skipped += 1
        elif ours == theirs or ours.startswith("error") and theirs.startswith("error"):
            agreed += 1
            accepted += ours.startswith("ok")
            refused += ours.startswith("error")
        elif shown < 20:
            shown += 1
            print("template %r\n  jinja2 %s\n  assay  %s" % (text, theirs[:300], ours[:300]))
    wrong = count - agreed - skipped
    print("%d templates (seed %d): %d trees agree, %d refused by both, %d skipped, %d differ" % (
        count, seed, accepted, refused, skipped, wrong))
    sys.exit(1 if wrong else 0)


main()
