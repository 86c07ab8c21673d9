#!/bin/sh
# What git costs: a scan against HEAD beside a plain one, on 2,000 files of which 10 changed, and a commit of
# three files in repositories of 40 and of 2,000 files. Medians of wall time. $1: plumb.
set -eu
plumb=$(realpath "$1")
demo=$(cd "$(dirname "$0")/../../testdata/demo" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.com
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
command -v git >/dev/null 2>&1 || exit 0

# A repository of $2 folders with the demo's files.
repository() {
    mkdir "$work/$1"
    cd "$work/$1"
    git init -q -b main .
    i=0
    while [ $i -lt "$2" ]; do
        cp -r "$demo" "service-$i"
        i=$((i + 1))
    done
    git add .
    git commit -qm base
}

change() {
    git ls-files | awk -v step="$1" -v most="$2" 'NR % step == 1 && count++ < most' | while read -r file; do
        printf '\n# changed\n' >>"$file"
    done
}

# Takes turns, so that whatever else runs on the machine meets both: $1 a file of commands, one a line.
median_of() {
    round=0
    while [ $round -lt 21 ]; do
        number=0
        while read -r command; do
            number=$((number + 1))
            start=$(date +%s%N)
            # shellcheck disable=SC2086
            "$plumb" $command >/dev/null 2>&1 || true
            end=$(date +%s%N)
            echo $(((end - start) / 1000)) >>"$1.$number"
        done <"$1"
        round=$((round + 1))
    done
    number=0
    while read -r command; do
        number=$((number + 1))
        sort -n "$1.$number" | awk -v command="$command" '{ t[NR] = $1 }
            END { printf "%9.1f ms (fastest %.1f)  plumb %s\n", t[int((NR + 1) / 2)] / 1000, t[1] / 1000, command }'
    done <"$1"
}

per=$(find "$demo" -type f | wc -l)
repository large $((2000 / per))
change 199 10
echo "$(git ls-files | wc -l) files, $(git diff --name-only | wc -l) changed"
printf 'scan -q --fail-on none .\nscan -q --fail-on none --since HEAD .\n' >"$work/since"
median_of "$work/since"

git checkout -q .
change 600 3
git add .
echo "$(git ls-files | wc -l) files, $(git diff --cached --name-only | wc -l) staged"
printf -- 'scan -q --staged\nscan -q --fail-on none .\n--version\n' >"$work/staged"
median_of "$work/staged"

repository small $((40 / per))
change 14 3
git add .
echo "$(git ls-files | wc -l) files, $(git diff --cached --name-only | wc -l) staged"
cp "$work/staged" "$work/few"
median_of "$work/few"
