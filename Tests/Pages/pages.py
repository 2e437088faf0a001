#!/usr/bin/env python3
"""pages.py BROWSER PAGE...: opens pages in a Chromium at several sizes, light, dark and as on paper, and asserts that

- axe-core (from axe-playwright-python, PyPI) finds no violation of WCAG 2.2 A and AA or of its best practices,
- the console stays empty and nothing is requested but the page itself,
- nothing is wider than the window, every element with a tabindex can be reached, every local link leads somewhere.
"""

import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

BROWSER, PAGES = sys.argv[1], [pathlib.Path(page).resolve() for page in sys.argv[2:]]
VIEWS = [
    ("desktop", 1280, "light", "screen"), ("desktop, dark", 1280, "dark", "screen"), ("tablet", 820, "light", "screen"),
    ("phone", 390, "light", "screen"), ("phone, dark", 360, "dark", "screen"), ("paper", 794, "light", "print"),
]
failures = 0


def fail(page, view, message):
    global failures
    failures += 1
    print(f"FAIL {page.name}, {view}: {message}")


with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
    for page in PAGES:
        for view, width, scheme, media in VIEWS:
            # The page's own policy forbids scripts; axe is injected past it.
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True, offline=True)
            tab = context.new_page()
            tab.emulate_media(media=media, color_scheme=scheme)
            requests, messages = [], []
            tab.on("request", lambda request: requests.append(request.url))
            tab.on("console", lambda message: messages.append(message.text))
            tab.on("pageerror", lambda error: messages.append(str(error)))
            tab.goto(page.as_uri())
            tab.wait_for_load_state("networkidle")
            if requests != [page.as_uri()]:
                fail(page, view, f"requests {requests[1:]}")
            if messages:
                fail(page, view, f"console {messages}")
            wide = tab.evaluate(
                "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
                " && !e.closest('.table, pre, .unseen, thead')).map(e => e.tagName + '.' + e.className).slice(0, 5)")
            if wide:
                fail(page, view, f"wider than the window: {wide}")
            if media == "screen" and tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
                fail(page, view, "scrolls sideways")
            dead = tab.evaluate(
                "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
                ".filter(id => !document.getElementById(id))")
            if dead:
                fail(page, view, f"dead links {dead[:5]}")
            twice = tab.evaluate(
                "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, at, all) => all.indexOf(id) < at)")
            if twice:
                fail(page, view, f"ids that stand twice: {twice[:5]}")
            if media == "screen":
                results = Axe().run(tab)
                for violation in results.response["violations"]:
                    nodes = [" ".join(node["target"]) for node in violation["nodes"][:3]]
                    detail = violation["nodes"][0].get("failureSummary", "").replace("\n", " ")[:200]
                    fail(page, view, f"{violation['id']} ({violation['impact']}): {nodes} {detail}")
            context.close()
        print(f"done {page.name}")
    # With the policy in force, as readers have it: no script runs, nothing is fetched.
    context = browser.new_context()
    tab = context.new_page()
    for page in PAGES:
        violations = []
        tab.on("console", lambda message: violations.append(message.text))
        tab.goto(page.as_uri())
        if violations:
            fail(page, "policy in force", f"{violations}")
        stops = 0
        for _ in range(400):
            tab.keyboard.press("Tab")
            stops += 1
            if tab.evaluate("document.activeElement === document.body"):
                break
        if stops >= 400:
            fail(page, "keyboard", "the end is not reached")
    browser.close()
sys.exit(bool(failures))
