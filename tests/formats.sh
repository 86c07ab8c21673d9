#!/bin/sh
# formats.sh PLUMB [PATH...]: writes every form of a report of each path (by default the test data and files with odd
# names) and looks at what those who read them ask for: SARIF against its schema and within GitHub's limits,
# JUnit as XML, unique fingerprints, lines that jq reads. All forms must tell of the same findings and end with
# the same status, alone and together.
command -v python3 >/dev/null || { echo 'skipped: python3 is not there'; exit 0; }
plumb=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
shift
export SOURCE_DATE_EPOCH=1767225600
exec python3 - "$plumb" "$root" "$@" <<'END'
import collections
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree

try:
    import jsonschema
except ImportError:
    jsonschema = None
    print("skipped: python3 has no jsonschema to hold SARIF against its schema")

PLUMB, ROOT, PATHS = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
WORK = tempfile.TemporaryDirectory(prefix="plumb formats ")
SEVERITIES = ["info", "low", "medium", "high", "critical"]
ODD_NAMES = [b"with space", b"new\nline", b"esc\x1b[31mred", b"<b>&\"'", b"::error::x", b"|pipe`tick`", b"100%,a:b",
             b"\xe2\x80\xaeturned", b"back\\slash", b"\xff\xfeno text", b"#?hash", b"@mention_*x*", b"a]]>b"]


def plumb(*arguments):
    done = subprocess.run([PLUMB, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode in (0, 1, 2), (arguments, done.returncode, done.stderr[-2000:])
    return done.returncode, done.stdout


FORMATS = re.search("^forms of a report:\n(.*)", plumb("help", "scan")[1].decode(), re.M).group(1).split()


def odd_files():
    """A folder of files that all have a finding, and names that want to be more than names."""
    folder = pathlib.Path(WORK.name, "odd")
    folder.mkdir()
    for name in ODD_NAMES:
        with open(os.fsencode(folder) + b"/Dockerfile." + name, "w") as file:
            file.write("FROM debian:latest\n")
    return str(folder)


def check_unique(name, fingerprints):
    twice = [item for item, count in collections.Counter(fingerprints).items() if count > 1]
    assert not twice, f"{name}: fingerprints stand twice: {twice[:3]}"


def no_empty_text(value, where="$"):
    """GitHub refuses empty texts."""
    if isinstance(value, dict):
        for key, part in value.items():
            no_empty_text(part, f"{where}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            no_empty_text(part, f"{where}[{number}]")
    else:
        assert value != "", f"sarif: empty text at {where}"


class Json:
    def __init__(self, text, path):
        self.all = json.loads(text)
        self.is_odd = path == os.path.join(WORK.name, "odd")
        self.results = self.all["results"]
        self.errors = self.all["errors"]
        check_unique("json", [result["fingerprint"] for result in self.results])
        assert all(result["status"] == "fail" for result in self.results)
        counts = collections.Counter(result["severity"] for result in self.results)
        assert all(counts[severity] == self.all["summary"][severity] for severity in SEVERITIES)


def check_ndjson(text, report):
    lines = [json.loads(line) for line in text.decode().splitlines()]
    findings = [line for line in lines if line["record"] == "finding"]
    assert all(not isinstance(value, (dict, list)) for line in lines for value in line.values()), "not flat"
    assert [line["fingerprint"] for line in findings] == [result["fingerprint"] for result in report.results]
    assert sum(line["record"] == "error" for line in lines) == len(report.errors)
    assert [line["record"] for line in lines].index("summary") == len(lines) - 1
    if shutil.which("jq"):
        done = subprocess.run(["jq", "-s", 'map(select(.record == "finding")) | length'], input=text, check=True,
                              stdout=subprocess.PIPE)
        assert int(done.stdout) == len(findings)


def check_place(place):
    uri, region = place["artifactLocation"]["uri"], place.get("region")
    assert not urllib.parse.urlsplit(uri).scheme and not uri.startswith(("/", "./", "../")), uri
    assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), uri
    if region:
        begin = (region["startLine"], region.get("startColumn", 1))
        assert (1, 1) <= begin <= (region.get("endLine", begin[0]), region.get("endColumn", 1 << 31)), region


def check_sarif(text, report):
    log = json.loads(text)
    if jsonschema:
        schema = json.loads((ROOT / "sarif/sarif-schema-2.1.0.json").read_text())
        jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    run, = log["runs"]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    no_empty_text(log)
    # What GitHub takes; docs/output.md names the page.
    assert len(gzip.compress(text)) <= 10_000_000 and len(results) <= 5000 and len(rules) <= 25000
    for rule in rules:
        assert len(rule["properties"]["tags"]) <= 20 and len(rule["name"] if "name" in rule else "") <= 255
        assert max(len(rule["shortDescription"]["text"]), len(rule["fullDescription"]["text"])) <= 1024
        security = rule["properties"].get("security-severity")
        assert security is None or 0 < float(security) <= 10 and "security" in rule["properties"]["tags"]
    check_unique("sarif rules", [rule["id"] for rule in rules])
    check_unique("sarif", [result["partialFingerprints"]["plumb/v1"] for result in results])
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["locations"]) == 1 and len(result.get("relatedLocations", [])) <= 1000
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 0
        for place in result["locations"] + result.get("relatedLocations", []):
            check_place(place["physicalLocation"])
    if report.is_odd:
        named = {urllib.parse.unquote_to_bytes(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
                 for result in results}
        assert named == {b"Dockerfile." + name for name in ODD_NAMES}, named
    order = [SEVERITIES.index(result["properties"]["severity"]) for result in results if "suppressions" not in result]
    assert order == sorted(order, reverse=True), "not the worst first"
    told = {result["partialFingerprints"]["plumb/v1"] for result in results if "suppressions" not in result}
    assert len(told) == min(len(report.results), 5000)
    assert told <= {result["fingerprint"] for result in report.results}
    assert run["invocations"][0]["executionSuccessful"] == (not report.errors)


def check_junit(text, report):
    suites = xml.etree.ElementTree.fromstring(text)
    assert suites.tag == "testsuites"
    told = collections.Counter()
    for suite in suites:
        counts = collections.Counter()
        for case in suite:
            outcomes = [part.tag for part in case if part.tag in ("failure", "error", "skipped")]
            assert case.tag == "testcase" and case.get("classname") and case.get("name") and len(outcomes) <= 1
            counts.update(["tests", *outcomes])
        for kind, attribute in ("tests", "tests"), ("failure", "failures"), ("error", "errors"), ("skipped", "skipped"):
            assert int(suite.get(attribute)) == counts[kind], (suite.get("name"), attribute)
        told += counts
    for kind, attribute in ("tests", "tests"), ("failure", "failures"), ("error", "errors"):
        assert int(suites.get(attribute)) == told[kind], attribute
    assert told["error"] == len(report.errors)
    assert bool(told["failure"]) == bool(report.results) and told["failure"] <= len(report.results)


def check_gitlab(text, report):
    entries = json.loads(text)
    check_unique("gitlab", [entry["fingerprint"] for entry in entries])
    for entry in entries:
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["description"] and entry["check_name"] and entry["location"]["lines"]["begin"] > 0
        assert entry["location"]["path"] and not entry["location"]["path"].startswith(("./", "/"))
    assert {result["fingerprint"] for result in report.results} <= {entry["fingerprint"] for entry in entries}
    assert len(entries) == len(report.results) + len(report.errors)


def check_github(text, report):
    kinds = collections.Counter()
    lines = text.decode().splitlines()
    for number, line in enumerate(lines):
        command = re.fullmatch(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*,?)*)::(.+)", line)
        assert command or number == len(lines) - 1 and line.startswith("plumb: "), line
        if command:
            kinds[command.group(1)] += 1
    assert all(count <= 10 for count in kinds.values()), kinds
    assert bool(sum(kinds.values())) == bool(report.results or report.errors)


def check_markdown(text, report):
    assert len(text) < 1 << 20 and text.decode().startswith("## plumb: ")


def check_human(text, report):
    """Nothing that a terminal would obey, nor a line that a file's name has broken."""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text.decode("utf-8", "replace"))


def check_html(text, report):
    page = text.decode()
    assert page.lstrip().startswith("<!") and page.rstrip().endswith("</html>")
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//[^\"'>]*\.(?:js|css|png|woff2?)", page), "it loads something"


def check(path):
    """Every form of one path, together and each alone; returns how many findings there were."""
    base = pathlib.Path(WORK.name)
    outputs = [word for name in FORMATS for word in ("-o", f"{name}={base / name}")]
    status, _ = plumb("scan", *outputs, "--", path)
    texts = {name: (base / name).read_bytes() for name in FORMATS}
    report = Json(texts["json"], path)
    for name in FORMATS:
        if name != "json":
            globals()[f"check_{name}"](texts[name], report)
        alone, text = plumb("scan", "-f", name, "--", path)
        assert alone == status, f"{name}: status {alone}, with the others {status}"
        assert text == texts[name], f"{name}: another report alone than with the others"
    alone, text = plumb("scan", "-f", "sarif", "--sarif-suppressed", "--sarif-max-results", "3", "--", path)
    assert alone == status
    if jsonschema and report.results:
        schema = json.loads((ROOT / "sarif/sarif-schema-2.1.0.json").read_text())
        jsonschema.Draft4Validator(schema).validate(json.loads(text))
    return len(report.results)


findings = 0
for path in PATHS or [str(ROOT / name) for name in ("testdata/demo", "testdata/broken", "testdata/golden", "docs", "gone")] + [odd_files()]:
    try:
        count = check(path)
    except AssertionError as mistake:
        sys.exit(f"{path}: {mistake!r}")
    print(f"{path}: {count} findings in {len(FORMATS)} forms")
    findings += count
assert PATHS or findings > 1000, findings
END
