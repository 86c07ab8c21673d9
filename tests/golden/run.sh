#!/bin/sh
# run.sh PLUMB [CASE...]: runs whole commands and compares all that they say.
#
# A case is a folder of testdata/golden. Its file `cmd` holds the arguments of plumb, as a shell
# reads them; the command runs in that folder, with the file `stdin` as its input where there is one.
# A file `from` names the folders of testdata/golden-inputs whose files it has too, for inputs that
# several cases have.
# What it prints and its exit status are compared with the files `stdout`, `stderr` and `status`.
# `$RULES` in `cmd` are the rules beside this script, so that a case does not change with the shipped
# ones. Where a case has a file `setup`, a shell runs it first, in a copy of the folder that is thrown away;
# `$PLUMB` in there is the program.
# UPDATE=1 writes what came out instead.
set -u

plumb=$(realpath "$1") || exit 2
shift
root=$(cd "$(dirname "$0")/../../testdata/golden" && pwd) || exit 2
inputs=$root-inputs
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0
failed=0

# The environment of the user must not change what is printed.
unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR GITHUB_ACTIONS GITLAB_CI TF_WORKSPACE
TERM=dumb
SOURCE_DATE_EPOCH=1767225600
RULES=$(cd "$(dirname "$0")" && pwd)/rules.yaml
PLUMB=$plumb
export TERM LC_ALL=C RULES SOURCE_DATE_EPOCH PLUMB

# One kind of output of a case against what is expected; empty output needs no file.
compare() {
    if [ "${UPDATE:-}" = 1 ]; then
        if [ -s "$work/out/$2" ]; then cp "$work/out/$2" "$1/$2"; else rm -f "$1/$2"; fi
    elif [ -e "$1/$2" ]; then
        diff -u "$1/$2" "$work/out/$2"
    elif [ -s "$work/out/$2" ]; then
        echo "$1: unexpected $2:"
        cat "$work/out/$2"
        return 1
    fi
}

run_case() {
    folder=$1
    rm -rf "$work/out" "$work/case"
    mkdir "$work/out" "$work/case"
    for shared in $(cat "$folder/from" 2>/dev/null); do cp -R "$inputs/$shared/." "$work/case"; done
    cp -R "$folder/." "$work/case"
    rm -f "$work/case/from" "$work/case/stdout" "$work/case/stderr" "$work/case/status"
    input=/dev/null
    [ -e "$work/case/stdin" ] && input=$work/case/stdin
    (
        cd "$work/case" || exit 2
        if [ -e setup ]; then sh ./setup >&2 || exit 2; fi
        eval "set -- $(cat cmd)"
        rm -f cmd setup
        # Of programs, only those that a case brings along.
        PATH=/nonexistent
        exec "$plumb" "$@" <"$input"
    ) >"$work/out/stdout" 2>"$work/out/stderr"
    echo $? >"$work/out/status"
    # The hash of the rules changes with each of them.
    sed -i -E 's/("ruleset": ?"[0-9.]*)#[0-9a-f+]*/\1#HASH/; s/("selection": ")[0-9a-f]*/\1HASH/; s/(<(dd|td)>[0-9.]+#)[0-9a-f+]*/\1HASH/g' \
        "$work/out/stdout"
    # Styles and script of a page stand in the tree, and its policy has their hashes.
    sed -i -e '/^<style>/,/^<\/style>/{/^<\/style>/!d}' -e '/^<script>/,/^<\/script>/{/^<\/script>/!d}' \
        -e "s/'sha256-[^']*'/'sha256-HASH'/g" "$work/out/stdout"
    compare "$folder" status && compare "$folder" stdout && compare "$folder" stderr
}

[ $# -gt 0 ] || set -- $(ls "$root")
for name in "$@"; do
    if run_case "$root/$name"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
