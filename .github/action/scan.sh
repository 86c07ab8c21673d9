#!/bin/bash
# Scans for the action: the log, annotations, the step's summary, SARIF, outputs. Ends with 0 whatever it finds;
# the verdict is the output `status`, for the step after this one.
#
# Everything that is read here may come out of a pull request: inputs are words of a command and never
# parts of a script, and what goes to the log cannot be a command to the runner.
set -euo pipefail
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/plumb.XXXXXX")
trap 'rm -rf "$work"' EXIT
summary_limit=1000000 # bytes; the runner takes 1 MiB of a step
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')

# A name as a path, also where it looks like an option or like standard output.
as_path() {
    case $1 in
    /*) printf '%s' "$1" ;;
    *) printf './%s' "$1" ;;
    esac
}

# put_output NAME VALUE, for a value of any lines.
put_output() {
    printf '%s<<%s\n%s\n%s\n' "$1" "$token" "$2" "$token" >>"$GITHUB_OUTPUT"
}

cd "$GITHUB_WORKSPACE"
cd -- "$(as_path "${INPUT_WORKING_DIRECTORY:-.}")"
# Not what a checkout brought along, be it an older report or a link to another file.
sarif=$(realpath -ms -- "$(as_path "${INPUT_SARIF_FILE:-plumb.sarif}")")
rm -f -- "$sarif"

options=("--format=${INPUT_FORMAT:-human}" "--output=sarif=$sarif" "--output=github=$work/annotations"
    "--output=markdown=$work/summary" "--output=ndjson=$work/lines")
[ -z "${INPUT_REPORT_AT:-}" ] || options+=("--report-at=$INPUT_REPORT_AT")
[ -z "${INPUT_FAIL_ON:-}" ] || options+=("--fail-on=$INPUT_FAIL_ON")
[ -z "${INPUT_SINCE:-}" ] || options+=("--since=$INPUT_SINCE")
[ -z "${INPUT_BASELINE:-}" ] || options+=("--baseline=$INPUT_BASELINE")
[ -z "${INPUT_CONFIG:-}" ] || options+=("--config=$INPUT_CONFIG")
paths=()
while IFS= read -r path; do
    [ -z "$path" ] || paths+=("$path")
done <<<"${INPUT_PATH:-.}"

# Within the token nothing in the report is a command.
status=0
echo "::stop-commands::$token"
"${PLUMB:-plumb}" scan "${options[@]}" -- "${paths[@]}" || status=$?
echo
echo "::$token::"

# Missing where the command line itself was wrong.
[ ! -e "$work/annotations" ] || cat "$work/annotations"
if [ -e "$work/summary" ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    head -c "$summary_limit" "$work/summary" >>"$GITHUB_STEP_SUMMARY"
fi

# A number or a grade of the last line; its texts cannot pass for one, since their quotes are escaped.
total() {
    [ ! -e "$work/lines" ] || tail -n 1 "$work/lines" | sed -n "s/.*[,{]\"$1\":\"\{0,1\}\([0-9A-F][0-9+-]*\).*/\1/p"
}
findings=0
for severity in critical high medium low info; do
    count=$(total "$severity")
    findings=$((findings + ${count:-0}))
done
put_output findings "$findings"
put_output score "$(total score)"
put_output grade "$(total grade)"
[ ! -e "$sarif" ] || put_output sarif "$sarif"
put_output status "$status"
