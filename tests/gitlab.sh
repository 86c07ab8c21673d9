#!/bin/sh
# gitlab.sh PLUMB: runs the script of .gitlab/plumb.yml, and looks for the reports that its artifacts name.
set -eu
plumb=$(realpath "$1")
template=$(cd "$(dirname "$0")/.." && pwd)/.gitlab/plumb.yml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The folded block below `- >-`, as one line.
script=$(awk '/^    - >-$/ { inside = 1; next } inside && !/^      / { exit } inside { printf "%s ", $0 }' "$template")
mkdir "$work/a b"
echo 'FROM debian:latest' >"$work/a b/Dockerfile"

# run FAIL_ON: the exit status of the script
run() {
    status=0
    (cd "$work" && PATH=$(dirname "$plumb"):$PATH PLUMB_PATH='a b' PLUMB_FAIL_ON=$1 sh -c "$script") >/dev/null || status=$?
    echo "$status"
}

[ "$(run high)" = 1 ] && [ "$(run critical)" = 0 ]
for report in $(sed -n 's/^ *\(codequality\|junit\): \(.*\)/\2/p; s/^ *paths: \[\(.*\)\]/\1/p' "$template"); do
    [ -s "$work/$report" ] || { echo "$report is not written"; exit 1; }
done
