#!/bin/sh
# sarif.sh PLUMB: holds the SARIF of the test data against the schema, and looks at what a schema does not say.
# Without python3 and its jsonschema there is nothing to hold it against; that is said, and passes.
set -u
plumb=$1
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

if ! python3 -c 'import jsonschema' 2>/dev/null; then
    echo 'skipped: python3 with jsonschema is not there'
    exit 0
fi
number=0
for path in demo broken golden; do
    number=$((number + 1))
    "$plumb" scan --fail-on none --sarif-suppressed -o "sarif=$work/$number.sarif" -q \
        "$root/testdata/$path" >/dev/null 2>&1
done
"$plumb" scan --sarif-max-results 3 -o "sarif=$work/few.sarif" -q "$root/testdata/demo" >/dev/null 2>&1
python3 - "$root/sarif/sarif-schema-2.1.0.json" "$work"/*.sarif <<'END'
import json
import sys

import jsonschema

with open(sys.argv[1]) as file:
    schema = jsonschema.Draft4Validator(json.load(file), format_checker=jsonschema.FormatChecker())
results = 0
for name in sys.argv[2:]:
    with open(name) as file:
        log = json.load(file)
    schema.validate(log)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    prints = [result["partialFingerprints"]["plumb/v1"] for result in run["results"]]
    levels = {"critical": 4, "high": 3, "medium": 2, "low": 1, "info": 0}
    order = [levels[result["properties"]["severity"]] for result in run["results"]
             if "suppressions" not in result]
    assert len(set(prints)) == len(prints), name
    assert order == sorted(order, reverse=True), name
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in rules), name
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"], name
        assert result["message"]["text"], name
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 0, name
    results += len(prints)
assert results > 50, results
print(results, "results are as the schema says")
END
