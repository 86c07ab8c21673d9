#!/bin/sh
# `make install` into an empty folder: all is there, runs from there, and the manual names every command and
# option that the help names.
set -eu
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make --no-print-directory install DESTDIR="$root" PREFIX=/usr >/dev/null
plumb=$root/usr/bin/plumb
manual=$root/usr/share/man/man1/plumb.1
"$plumb" version
for shell in bash-completion/completions/plumb zsh/site-functions/_plumb fish/vendor_completions.d/plumb.fish; do
    [ -s "$root/usr/share/$shell" ]
done
[ -s "$root/usr/lib/libplumb.a" ] && [ -s "$root/usr/include/plumb/plumb.h" ]
for command in $("$plumb" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    grep -qF "\\fB$command\\fR" "$manual" || { echo "the manual lacks $command"; exit 1; }
    for option in $("$plumb" help "$command" | sed -n 's/^ .* --\([a-z-]*\) .*/\1/p'); do
        grep -qF "\\-\\-$(echo "$option" | sed 's/-/\\-/g')\\fR" "$manual" ||
            { echo "the manual lacks --$option"; exit 1; }
    done
done
if command -v mandoc >/dev/null; then
    mandoc -T lint -W error "$manual"
fi
