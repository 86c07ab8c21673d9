#!/bin/sh
# Fails where a file includes a folder to the right of its own:
# base <- syntax <- edit <- ir <- cel <- rules <- scan <- report <- cli; git and store serve scan and cli.
set -u
grep -n '^#include "' src/*/*.[ch] | awk -F'[:"/]' '
BEGIN {
    split("base syntax edit ir cel rules scan report cli", order, " ")
    for (i in order) rank[order[i]] = i
}
{
    # src/FOLDER/FILE : LINE : #include " FOLDER / FILE
    from = $2
    to = $6
    if (from == "tools" || to == "plumb") next
    if ((to == "git" || to == "store") && from != to) {
        if (from != "scan" && from != "cli") { print $0; bad = 1 }
    } else if (from == "git" || from == "store") {
        if (to != from && to != "base") { print $0; bad = 1 }
    } else if (!(to in rank) || rank[to] > rank[from]) {
        print $0
        bad = 1
    }
}
END { exit bad }'
