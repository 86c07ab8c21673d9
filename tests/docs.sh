#!/bin/sh
# Runs the code blocks of the documentation: each ```yaml block of docs/writing-rules.md and fixes.md is a rule file
# whose tests must pass, but one that says otherwise in its first line. $1: plumb.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
awk -v folder="$folder" '
/^```yaml$/ { number++; name = sprintf("%s/block-%02d.yaml", folder, number); inside = 1; first = 1; next }
/^```$/ { inside = 0; next }
inside && first { first = 0; if (/^# not a rule file/) { inside = 0; next } }
inside { print > name }' docs/writing-rules.md docs/fixes.md
"$1" test "$folder"
