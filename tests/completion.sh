#!/bin/bash
# completion.sh PLUMB: what the shells propose after `plumb ...`. bash is asked itself, fish too where it is
# installed; of zsh the script is only read.
set -u
plumb=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
PATH=$(dirname "$plumb"):$PATH
bad=0

# expect TEXT WORD...: a proposal that must be among those on standard input.
expect() {
    local proposals word
    proposals=$(cat)
    for word in "${@:2}"; do
        grep -qxF -- "$word" <<<"$proposals" && continue
        echo "$1: \`$word\` is not proposed, but:" $proposals
        bad=1
    done
}

for shell in bash zsh fish; do
    plumb completion "$shell" >"$work/$shell" || bad=1
    command -v "$shell" >/dev/null || continue
    "$shell" -n "$work/$shell" || bad=1
done

bash_proposes() {
    (
        compopt() { :; }
        . "$work/bash"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _plumb
        printf '%s\n' "${COMPREPLY[@]}"
    )
}

touch "$work/a file.tf"
bash_proposes plumb s | expect command scan score
bash_proposes plumb scan --fo | expect option --format
bash_proposes plumb scan --fail-on '' | expect value none critical
bash_proposes plumb scan --format = sa | expect 'value after =' sarif
bash_proposes plumb explain k8s-image-tag | expect rule k8s-image-tag-fixed
bash_proposes plumb scan "$work/a" | expect file "$work/a file.tf"
bash_proposes plumb baseline c | expect 'first operand' create
bash_proposes plumb baseline create "$work/a" | expect 'second operand' "$work/a file.tf"
bash_proposes plumb help com | expect 'command to help with' completion

if command -v fish >/dev/null; then
    fish_proposes() { fish -c "source $work/fish; complete -C '$1'" | cut -f1; }
    fish_proposes 'plumb s' | expect command scan score
    fish_proposes 'plumb scan --fail-on ' | expect value none critical
    fish_proposes 'plumb baseline c' | expect 'first operand' create
    fish_proposes 'plumb explain k8s-image-tag' | expect rule k8s-image-tag-fixed
fi
exit "$bad"
