#!/bin/sh
# Runs the tests of one build under valgrind and closes with "N passed, N failed".
# $1: the build's folder, $2: its plumb.
set -u
out=$1
plumb=$2
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

watch() {
    if valgrind -q --error-exitcode=99 --leak-check=full --suppressions=tests/valgrind.supp "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "== $*"
        grep -v '^\[' "$log" | tail -n 30
    fi
}

for program in "$out"/unit/*; do
    [ -x "$program" ] && watch "$program"
done
watch "$plumb" test rules
watch "$plumb" scan --fail-on none testdata/demo
watch "$plumb" scan --fail-on none --all-verdicts --format json testdata/demo
watch "$plumb" rules
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
