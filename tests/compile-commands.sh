#!/bin/sh
# A compilation database of the sources given: $1 is the command, the rest are files.
set -eu
command=$(printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g')
shift
separator='['
for file; do
    printf '%s\n{"directory": "%s", "file": "%s", "command": "%s -c %s"}' "$separator" "$PWD" "$file" "$command" "$file"
    separator=','
done
printf '\n]\n'
