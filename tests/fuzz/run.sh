#!/bin/sh
# Runs each fuzz target under libFuzzer with the sanitizers.
# $1: executions of each target, $2: compiler flags, $3: libraries.
set -eu
runs=$1
mkdir -p build/fuzz
# The whole library.
sources=$(ls src/*/*.c | grep -v '^src/cli/\|^src/tools/')
objects=
# Any change rebuilds all: headers and .def files are in everything.
newest=$(find src build/release/ruleset.c -type f -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
for file in $sources build/release/ruleset.c build/release/html_assets.c; do
    object=build/fuzz/$(echo "$file" | tr / _).o
    objects="$objects $object"
    [ "$object" -nt "$newest" ] || clang $2 -DPLUMB_VERSION='"0"' -O1 -w -fsanitize=fuzzer-no-link,address,undefined \
        -fno-sanitize-recover=all -c -o "$object" "$file"
done
for target in tests/fuzz/fuzz_*.c; do
    name=$(basename "$target" .c)
    [ -z "${FUZZ_ONLY:-}" ] || [ "$name" = "$FUZZ_ONLY" ] || continue
    clang $2 -O1 -w -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
        -o build/fuzz/"$name" "$target" $objects $3
    corpus=build/fuzz/corpus/${name#fuzz_}
    mkdir -p "$corpus"
    echo "== $name: $runs executions"
    build/fuzz/"$name" -runs="$runs" -max_len=4096 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
        -verbosity=0 "$corpus" tests/fuzz/corpus/"${name#fuzz_}" 2>&1 | grep -E 'stat::number|ERROR|SUMMARY|Test unit'
done
