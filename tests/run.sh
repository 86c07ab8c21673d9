#!/bin/sh
# Runs every test of one build and closes with "N passed, N failed".
# $1: the build's folder, $2: its plumb.
set -u
out=$1
plumb=$2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0

# Adds the figures of a last line "N passed, N failed".
count() {
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    if [ -z "$line" ]; then
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + ${line%% passed*}))
    line=${line#*passed, }
    failed=$((failed + ${line%% failed*}))
}

# Runs a program that closes so; shows what it said where something failed.
suite() {
    name=$1
    shift
    before=$failed
    "$@" >"$log" 2>&1
    count
    if [ "$failed" -ne "$before" ]; then
        echo "== $name"
        cat "$log"
    fi
}

# A cmocka program: its own count of tests is on standard error.
unit() {
    status=0
    "$1" >"$log" 2>&1 || status=$?
    ok=$(grep -c '^\[       OK \]' "$log")
    bad=$(grep -c '^\[  FAILED  \] [A-Za-z_0-9]*$' "$log")
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    passed=$((passed + ok))
    failed=$((failed + bad))
    if [ "$status" -ne 0 ]; then
        echo "== $1 (status $status)"
        grep -v '^\[\( RUN  \|       OK \)' "$log"
    fi
}

# A script that counts as one test.
check() {
    name=$1
    shift
    if "$@" >"$log" 2>&1; then
        passed=$((passed + 1))
        grep '^skipped' "$log"
    else
        failed=$((failed + 1))
        echo "== $name"
        cat "$log"
    fi
}

for program in "$out"/unit/*; do
    [ -x "$program" ] && unit "$program"
done

# Every input in a target's corpus once; libFuzzer adds to them with `make fuzz`.
for program in "$out"/fuzz/*; do
    [ -x "$program" ] || continue
    name=${program##*/fuzz_}
    if "$program" tests/fuzz/corpus/"$name"/* >"$log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "== $program"
        tail -n 40 "$log"
    fi
done

suite 'inline tests of the rules' "$plumb" test rules
suite 'code blocks of the documentation' tests/docs.sh "$plumb"
suite 'golden tests' tests/golden/run.sh "$plumb"
suite 'git and baselines' tests/git.sh "$plumb"
suite 'exit status' tests/status.sh "$plumb"
suite histories tests/history.sh "$plumb"
grep '^skipped' "$log"
suite 'HTML reports in a browser' tests/pages.sh "$plumb"
grep '^skipped' "$log"
check layers tests/layers.sh
check completion tests/completion.sh "$plumb"
check progress tests/progress.sh "$plumb"
check workflows tests/workflows.sh "$plumb"
check gitlab tests/gitlab.sh "$plumb"
if [ "$out" = build/release ]; then
    check install tests/install.sh
    check action tests/action.sh "$plumb"
    check pre-commit tests/pre-commit.sh "$plumb"
fi
check formats tests/formats.sh "$plumb"
check fixes tests/fix.sh "$plumb"
check config tests/config.sh "$plumb"
check init tests/init.sh "$plumb"
# The sanitizers' run-time brings the network's functions along.
[ "$out" = build/asan ] || check offline tests/offline.sh "$plumb"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
