#!/bin/sh
# plumb opens no network connection: it links no function that could, and where strace is installed a
# whole scan is watched. $1: plumb.
set -u
plumb=$1
if nm -D --undefined-only "$plumb" 2>/dev/null | grep -wE 'socket|socketpair|connect|getaddrinfo|gethostbyname|sendto|sendmsg'; then
    echo "$plumb links a function of the network" >&2
    exit 1
fi
if command -v strace >/dev/null 2>&1 && strace -o /dev/null true 2>/dev/null; then
    log=$(mktemp)
    strace -f -e trace=%network -o "$log" "$plumb" scan --format json testdata/demo >/dev/null 2>&1
    calls=$(grep -vc '+++\|---' "$log")
    rm -f "$log"
    [ "$calls" -eq 0 ] || { echo "a scan made $calls network calls" >&2; exit 1; }
fi
