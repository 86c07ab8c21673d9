#!/bin/sh
# init.sh PLUMB: what `plumb init` writes beside the configurations of other scanners (testdata/init), that plumb
# can read it, and that it writes over nothing. UPDATE=1 writes what came out instead.
set -u
plumb=$(realpath "$1") || exit 2
root=$(cd "$(dirname "$0")/../testdata/init" && pwd) || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
unset TF_WORKSPACE
status=0

fail() {
    echo "FAILED: $*"
    status=1
}

# Runs plumb in a tree; $1 is the exit status that is expected.
run() {
    expected=$1
    shift
    "$plumb" "$@" >"$work/out" 2>&1
    found=$?
    [ "$found" -eq "$expected" ] || {
        cat "$work/out"
        fail "plumb $*: status $found"
    }
}

for tree in "$root"/*/; do
    name=$(basename "$tree")
    cp -R "$tree" "$work/$name"
    cd "$work/$name" || exit 2
    mkdir .git
    run 0 init
    # The version of the rules is not what is tested.
    sed -i 's/^# ruleset: .*/# ruleset: "VERSION"/' plumb.yaml
    if [ "${UPDATE:-}" = 1 ]; then
        cp plumb.yaml "$root/$name.yaml"
    else
        diff -u "$root/$name.yaml" plumb.yaml || fail "$name"
    fi
    run 0 config
    run 2 init
    grep -q 'File exists' "$work/out" || fail 'a file that is there is no reason'
    run 0 init --force
    mv plumb.yaml .plumb.yaml
    run 2 init
    # Examples in comments are true: without their marks they are read too.
    sed -E '/^# What could not/,/^$/d; /^# Such as/,/^$/d; /^# Here that is/,/^# env/{/^#   -/d}; s/^# ?(ruleset|rules|enable|disable|severities|params|exclude|overrides|environments|suppressions):/\1:/; s/^#  ( .*)$/  \1/; s/^rules: .*//; s/"VERSION"/"2026.1"/' \
        .plumb.yaml >plain.yaml
    run 0 config --config plain.yaml
done
mkdir "$work/nothing"
run 0 init "$work/nothing"
run 2 init "$work/none"
run 2 init "$work/nothing" "$work/nothing"
exit $status
