#!/bin/sh
# config.sh PLUMB: whether the JSON Schema of plumb.yaml is that of this plumb, and says of files what plumb
# says. Without python3 and its jsonschema and yaml only the first is looked at; that is said, and passes.
set -u
plumb=$1
root=$(cd "$(dirname "$0")/.." && pwd)
status=0

"$plumb" config --schema | cmp - "$root/docs/plumb.schema.json" || {
    echo 'docs/plumb.schema.json is old: plumb config --schema > docs/plumb.schema.json'
    status=1
}
for file in "$root"/testdata/config/*/*.yaml; do
    expected=$(case $file in */good/*) echo 0 ;; *) echo 2 ;; esac)
    "$plumb" config --config "$file" >/dev/null 2>&1
    found=$?
    [ "$found" -eq "$expected" ] || {
        echo "$file: status $found"
        "$plumb" config --config "$file" 2>&1 >/dev/null
        status=1
    }
done
if ! python3 -c 'import jsonschema, yaml' 2>/dev/null; then
    echo 'skipped: python3 with jsonschema and yaml is not there'
    exit $status
fi
python3 - "$root/docs/plumb.schema.json" "$root"/testdata/config/*/*.yaml <<'END' || status=1
import json
import sys

import jsonschema
import yaml

with open(sys.argv[1]) as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
wrong = 0
for name in sys.argv[2:]:
    with open(name) as file:
        good = validator.is_valid(yaml.safe_load(file))
    if good != ("/good/" in name):
        print(name, "is good" if good else "is bad", "for the schema")
        wrong += 1
sys.exit(wrong > 0)
END
exit $status
