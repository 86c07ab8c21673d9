#!/bin/sh
# Files a second of a whole scan of this repository's own inputs, beside `plumb --version`.
# $1: plumb. The trees are copied so that there is enough to read.
set -eu
plumb=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
i=0
while [ $i -lt 200 ]; do
    cp -r testdata/demo "$scratch/$i"
    i=$((i + 1))
done
files=$(find "$scratch" -type f | wc -l)
start=$(date +%s%N)
"$plumb" scan --jobs 1 --format json "$scratch" >/dev/null || true
end=$(date +%s%N)
echo "scan        $((files * 1000000000 / (end - start))) files/s ($files files, one worker)"
start=$(date +%s%N)
for i in 1 2 3 4 5 6 7 8 9 10; do "$plumb" --version >/dev/null; done
end=$(date +%s%N)
echo "--version   $(((end - start) / 10000)) us"
