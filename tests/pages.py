"""pages.py PLUMB: the HTML report in a browser. Each function named test_ is a test."""
import os
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

import browser

ROOT = Path(__file__).resolve().parent.parent
VISIBLE = "[...document.querySelectorAll('.f')].filter(e => e.checkVisibility()).length"
TITLES = "[...document.querySelectorAll('.group h3')].map(e => e.textContent)"
SHOWN = "document.getElementById('shown').textContent"

# What a file may be called, and hold, to get into the page.
HOSTILE = '"><img src=x onerror=alert(1)>.yaml'
MANIFEST = """apiVersion: v1
kind: Pod
metadata: {name: "</code></pre><script>alert(2)</script>"}
spec:
  containers:
    - name: "'\\"><svg onload=alert(3)>"
      image: "a:latest</mark><style>*{display:none}</style>\u202e"
      securityContext: {privileged: true} # <!-- ]]> &lt; javascript:alert(4)
"""


def set_field(page, name, value):
    page.eval("(() => { const f = document.getElementById('filter');"
              f"f.elements['{name}'].value = '{value}';"
              "f.dispatchEvent(new Event('input', {bubbles: true})); })()")


def test_a_page_loads_nothing_and_complains_of_nothing(page, demo, _):
    page.open(demo)
    assert page.eval(VISIBLE) > 50
    assert page.eval(SHOWN) == str(page.eval(VISIBLE))
    assert {url for url in page.requests if not url.startswith("about:")} == {demo}, page.requests


def test_the_filter_shows_what_matches(page, demo, _):
    page.open(demo)
    everything = page.eval(VISIBLE)
    page.eval("document.querySelector('[value=critical]').click()")
    critical = page.eval("document.querySelectorAll('.f[data-s=critical]').length")
    assert 0 < critical == page.eval(VISIBLE)
    assert page.eval(SHOWN) == f"{critical} of {everything}"
    set_field(page, "category", "security")
    assert page.eval("location.hash") == "#severity=critical&category=security"
    set_field(page, "q", "no such words")
    assert page.eval(VISIBLE) == 0
    assert page.eval("document.getElementById('nothing').checkVisibility()")
    page.eval("document.querySelector('[type=reset]').click()")
    assert page.eval(VISIBLE) == everything
    assert page.eval("location.hash") == ""


def test_the_address_keeps_the_filter(page, demo, _):
    page.open(demo + "#q=dockerfile&severity=high,low&group=rule")
    assert page.eval("document.querySelectorAll('.chip :checked').length") == 2
    assert 0 < page.eval(VISIBLE) < 20
    assert page.eval(f"{TITLES}.every(title => /^[a-z0-9-]+$/.test(title))")


def test_a_link_to_a_finding_shows_it_whatever_the_filter_says(page, demo, _):
    page.open(demo + "#q=dockerfile")
    anchor = page.eval("[...document.querySelectorAll('.f')].find(e => !e.checkVisibility()).id")
    page.eval(f"location.hash = '#{anchor}'")
    finding = f"document.getElementById('{anchor}')"
    assert page.eval(f"{finding}.checkVisibility() && {finding}.open")
    assert 0 <= page.eval(f"{finding}.getBoundingClientRect().top") < 900


def test_findings_group_by_severity_category_and_rule_and_back(page, demo, _):
    page.open(demo)
    everything = page.eval(VISIBLE)
    files = page.eval(TITLES + ".join()")
    set_field(page, "group", "severity")
    assert page.eval("document.querySelector('.group h3').textContent") == "critical"
    assert page.eval("document.querySelector('.place .file').textContent.length") > 5
    for name in ("category", "rule"):
        set_field(page, "group", name)
        assert page.eval(VISIBLE) == everything
    set_field(page, "group", "")
    assert page.eval(TITLES + ".join()") == files
    assert page.eval("document.querySelectorAll('.place .file').length") == 0


def test_the_keyboard_is_enough(page, demo, _):
    page.open(demo)
    page.key("Tab", number=9)
    assert page.eval("document.activeElement.className") == "skip"
    page.key("Enter", text="\r", number=13)
    assert page.eval("document.activeElement.id") == "findings"
    page.key("/", text="/", number=191)
    assert page.eval("document.activeElement.name") == "q"
    page.type("secret")
    assert 0 < page.eval(VISIBLE) < 20
    for _ in range(12):
        page.key("Tab", number=9)
        if page.eval("document.activeElement.parentNode.matches('.f')"):
            break
        if page.eval("document.activeElement.matches('.chip input')"):
            assert page.eval("getComputedStyle(document.activeElement.nextSibling).outlineStyle") == "solid"
    else:
        raise AssertionError("no finding is reached")
    assert not page.eval("document.activeElement.parentNode.open")
    page.key("Enter", text="\r", number=13)
    assert page.eval("document.activeElement.parentNode.open")
    assert page.eval("document.activeElement.parentNode.querySelector('.fix').checkVisibility()")


def test_the_toggle_turns_the_colours(page, demo, _):
    page.shape(1200, 900, dark=True)
    page.open(demo)
    color = "getComputedStyle(document.body).backgroundColor"
    dark = page.eval(color)
    page.eval("document.getElementById('theme').click()")
    light = page.eval(color)
    assert dark != light
    page.eval("document.getElementById('theme').click()")
    assert page.eval(color) == dark
    page.eval("localStorage.clear()")
    page.shape(1200, 900)


def test_without_script_all_can_be_read(page, demo, _):
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.open(demo)
        root = page.call("DOM.getDocument")["root"]["nodeId"]
        form = page.call("DOM.querySelector", nodeId=root, selector="#filter")["nodeId"]
        finding = page.call("DOM.querySelector", nodeId=root, selector=".f summary")["nodeId"]
        assert page.call("DOM.getBoxModel", nodeId=finding)["model"]["height"] > 10
        try:
            page.call("DOM.getBoxModel", nodeId=form)
            raise AssertionError("a form that does nothing is shown")
        except RuntimeError:
            pass
    finally:
        page.call("Emulation.setScriptExecutionDisabled", value=False)


def test_paper_has_the_fixes_and_no_form(page, demo, _):
    page.open(demo)
    page.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert page.eval("document.querySelector('.f .fix').getBoundingClientRect().height") > 5
        assert not page.eval("document.getElementById('filter').checkVisibility()")
    finally:
        page.call("Emulation.setEmulatedMedia", media="")


def test_nothing_is_wider_than_a_telephone(page, demo, _):
    page.shape(360, 800)
    page.open(demo)
    width = page.eval("document.documentElement.scrollWidth")
    page.shape(1200, 900)
    assert width <= 360, width


def test_names_and_lines_of_files_cannot_act(page, _, hostile):
    page.open(hostile)
    assert page.eval("document.scripts.length") == 1
    assert page.eval("document.querySelectorAll('img, svg:not(.dial):not(.bar), main style').length") == 0
    assert page.eval("document.querySelector('.group h3').textContent") == HOSTILE
    lines = page.eval("[...document.querySelectorAll('pre')].map(e => e.textContent).join()")
    assert "</mark><style>" in lines and "<U+202e>" in lines
    assert page.eval("document.querySelector('.f').checkVisibility()")


def write_reports(plumb, folder):
    tree = Path(folder, "tree")
    tree.mkdir()
    (tree / HOSTILE).write_text(MANIFEST, encoding="utf-8")
    for name, path in (("demo", ROOT / "testdata/demo"), ("hostile", tree)):
        subprocess.run([plumb, "scan", "-q", "--soft-fail", "-o", f"html={folder}/{name}.html", path],
                       check=True, stdout=subprocess.DEVNULL)
        yield Path(folder, name + ".html").as_uri()


def run(page, name, test, pages):
    page.complaints.clear()
    page.requests.clear()
    try:
        test(page, *pages)
        assert not page.complaints, page.complaints
        return True
    except (AssertionError, RuntimeError):
        print(f"FAILED: {name}")
        traceback.print_exc(file=sys.stdout)
        return False


def main():
    path = browser.find()
    if not path:
        print("skipped: pages in a browser (Chromium is not there)\n0 passed, 0 failed")
        return 0
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    with tempfile.TemporaryDirectory() as folder:
        pages = list(write_reports(os.path.abspath(sys.argv[1]), folder))
        page = browser.Browser(path)
        page.shape(1200, 900)
        results = [run(page, name, test, pages) for name, test in tests]
        page.close()
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


sys.exit(main())
