#!/bin/sh
# workflows.sh PLUMB: our own workflows name every action by its commit and ask for few permissions, and our own
# container image is clean. actionlint and shellcheck have a look where they are installed.
set -u
plumb=$1
bad=0

complain() {
    echo "$1"
    bad=1
}

for file in .github/workflows/*.yml; do
    loose=$(grep -nE '^ *(- )?uses:' "$file" | grep -vE 'uses: (\./|[A-Za-z0-9/_.-]+@[0-9a-f]{40} # v[0-9.]+$)')
    [ -z "$loose" ] || complain "$file: not a commit: $loose"
    grep -qx 'permissions:' "$file" || complain "$file: sets no permissions for all jobs"
done
grep -nE '^ *run:.*\$\{\{' action.yml .github/workflows/*.yml && complain 'an expression inside of a script'
"$plumb" scan --quiet --fail-on info --report-at info .docker || complain '.docker/Dockerfile has findings'
scripts=$(grep -lE '^#!/bin/(ba)?sh' .ci/* .github/action/* tests/*.sh tests/*/*.sh)
for script in $scripts; do
    [ -x "$script" ] || complain "$script cannot be run"
done
if command -v actionlint >/dev/null; then
    example=$(mktemp)
    awk '/^```yaml$/ { inside = 1; next } /^```$/ { inside = 0 } inside' docs/github-action.md >"$example"
    actionlint -no-color .github/workflows/*.yml "$example" || bad=1
    rm -f "$example"
else
    echo 'skipped: actionlint is not there'
fi
if command -v shellcheck >/dev/null; then
    shellcheck -S warning .ci/* .github/action/* || bad=1
else
    echo 'skipped: shellcheck is not there'
fi
exit "$bad"
