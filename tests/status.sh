#!/bin/sh
# status.sh PLUMB: how a scan ends, as a table: input, options, exit status. Every row holds in every form
# of a report and with every option that only says what is shown.
set -u
plumb=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work" || exit 2

mkdir good bad broken both empty foreign low mistaken
cat >good/Dockerfile <<'END'
FROM debian:12.6
USER 10001:10001
HEALTHCHECK CMD ["true"]
END
cp good/Dockerfile low/
sed -i '/HEALTHCHECK/d' low/Dockerfile # lacking, it is a finding of low severity
echo 'FROM debian:latest' >bad/Dockerfile
printf 'apiVersion: v1\nkind: Pod\nmetadata: {\n' >broken/pod.yaml
cp bad/Dockerfile broken/pod.yaml both
echo text >foreign/README
cp bad/Dockerfile mistaken
echo 'no-such-key: 1' >mistaken/plumb.yaml

table='
good      |                                     | 0
low       |                                     | 0
low       | --fail-on low                       | 1
bad       |                                     | 1
bad       | --fail-on critical                  | 0
bad       | --fail-on none                      | 0
bad       | --soft-fail                         | 0
bad       | --rule docker-healthcheck           | 0
bad       | --min-score 100 --fail-on none      | 1
good      | --min-score 1                       | 0
broken    |                                     | 2
both      |                                     | 2
both      | --fail-on none                      | 2
both      | --soft-fail                         | 2
both      | --min-score 100                     | 2
bad good  |                                     | 1
bad gone  |                                     | 2
gone      | --soft-fail                         | 2
empty     |                                     | 2
foreign   |                                     | 2
foreign   | --soft-fail                         | 2
foreign   | --allow-empty                       | 0
both      | --allow-empty                       | 2
mistaken  |                                     | 2
mistaken  | --soft-fail                         | 2
bad       | --rule no-such-rule                 | 2
bad       | --no-such-option                    | 2
bad       | --fail-on terrible                  | 2
bad       | --config gone.yaml                  | 2
bad       | -o no/such/folder                   | 2
'

formats=$("$plumb" help scan | sed -n '/^forms of a report:/{n;p;}')
passed=0
failed=0

# expect STATUS WORD...: one run; the words are options, then paths.
expect() {
    want=$1
    shift
    "$plumb" scan "$@" >out 2>err
    got=$?
    if [ "$got" = "$want" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "plumb scan $*: status $got, not $want"
        head -n 5 err
    fi
}

row() {
    for format in $formats; do
        expect "$3" --format "$format" $2 -- $1
        expect "$3" --output "$format=report" $2 -- $1
    done
    for shown in '--report-at critical' --show-unknown --all-verdicts --quiet '--color always' '--jobs 1' \
        '-f sarif --sarif-suppressed' '-f sarif --sarif-max-results 1' '-f junit --junit-only-failures'; do
        expect "$3" $shown $2 -- $1
    done
}

while IFS='|' read -r input options status; do
    [ -z "$input" ] || row "$input" "$options" $status
done <<END
$table
END
# Standard input is an input like any other, also where nothing comes of it.
expect 1 - <bad/Dockerfile
expect 0 - <good/Dockerfile
expect 2 - </dev/null
expect 2 - <broken/pod.yaml
# A report that cannot be written is no verdict, though nothing was found.
[ ! -e /dev/full ] || expect 2 -o json=/dev/full good
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
