#!/bin/sh
# history.sh PLUMB: what a history must survive: many writers, a kill, a full disk, damage.
# Where SQLite is not installed there is nothing to keep a history with; that is said.
set -u
# With mounts of its own, where that is allowed: a small disk then goes with the script.
if [ -z "${OWN_MOUNTS:-}" ] && unshare -rm true 2>/dev/null; then
    OWN_MOUNTS=yes exec unshare -rm "$0" "$@"
fi
plumb=$(realpath "$1")
demo=$(cd "$(dirname "$0")/../testdata/demo/docker" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
passed=0
failed=0
cd "$work" || exit 2

record() {
    "$plumb" history record --history "$@" "$demo" 2>&1
}

# How many scans a history holds; empty if it cannot be read.
count() {
    "$plumb" history show --last 9999 -f json --history "$1" | grep -c '"time":'
}

verdict() {
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $2"
    fi
}

# expect NAME WHAT IS: two words that must be the same.
expect() {
    [ "$2" = "$3" ] || echo "$1: expected '$2', found '$3'"
    [ "$2" = "$3" ]
    verdict $? "$1"
}

if record a.db | grep -q 'not installed'; then
    echo 'skipped: histories (SQLite is not there)'
    echo '0 passed, 0 failed'
    exit 0
fi
expect 'a history is made where there is none' 1 "$(count a.db)"
expect 'nothing but the history is left behind' a.db "$(ls)"

if command -v nm >/dev/null 2>&1; then
    expect 'SQLite is not linked' 0 "$(nm -D "$plumb" 2>/dev/null | grep -c sqlite3_)"
fi

i=0
while [ $i -lt 20 ]; do
    i=$((i + 1))
    (record many.db --commit "$i" >"many.$i" || echo "status $?" >"many.bad.$i") &
done
wait
expect 'twenty runs at once are all recorded' 20 "$(count many.db)"
expect 'none of twenty runs fails' '' "$(cat many.bad.* 2>/dev/null)"
expect 'each of twenty runs is recorded once' 20 \
    "$("$plumb" history show --last 99 -f json --history many.db | grep -o '"commit": "[0-9]*"' | sort -u | wc -l | tr -d ' ')"

# Killed at any moment, a run is recorded or not; what it leaves is a history for the next.
i=0
while [ $i -lt 60 ]; do
    i=$((i + 1))
    "$plumb" history record --history killed.db "$demo" >killed.out 2>&1 &
    sleep "0.0$((i % 2))$((i % 10))"
    kill -9 $!
    wait $!
done 2>/dev/null
before=$(count killed.db)
record killed.db >killed.out
expect 'runs that were killed leave a history' $((before + 1)) "$(count killed.db)"
expect 'none of it was damaged' '' "$(ls | grep damaged)"

# Damage: a file that is none, one that was cut off, one with a page overwritten.
damage() {
    "$@"
    out=$(record "$file")
    expect "$name: the run is recorded" "0 1" "$? $(count "$file")"
    expect "$name: it is said" 1 "$(echo "$out" | grep -c 'was damaged and is now')"
    expect "$name: the old file is kept" yes "$(cmp -s damaged "$file.damaged" && echo yes)"
}
name='no database' file=text.db
echo 'nothing that SQLite would write, and longer than a header of one hundred bytes: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' >$file
cp $file damaged
damage true
name='cut off' file=cut.db
i=0
while [ $i -lt 60 ]; do
    i=$((i + 1))
    record $file >/dev/null
done
cp $file whole.db
head -c 9000 whole.db >$file
cp $file damaged
damage true
name='overwritten' file=over.db
cp whole.db $file
dd if=/dev/urandom of=$file bs=4096 seek=1 count=1 conv=notrunc 2>/dev/null
cp $file damaged
damage true
cp whole.db twice.db
for text in once again; do
    echo "$text" >twice.db
    record twice.db >/dev/null
done
expect 'what was put aside stays' 'once again' "$(cat twice.db.damaged twice.db.damaged-2 | tr '\n' ' ' | sed 's/ $//')"

# Twenty runs meet one damaged file: it is put aside once, and all are recorded.
echo 'damaged' >met.db
i=0
while [ $i -lt 20 ]; do
    i=$((i + 1))
    record met.db >/dev/null &
done
wait
expect 'damage that many meet costs no record' '20 met.db.damaged' "$(count met.db) $(ls | grep 'met.*damaged' | tr '\n' ' ' | sed 's/ $//')"

# A history whose table is no longer that of one, as a flipped bit leaves it.
name='another table' file=table.db
LC_ALL=C sed 's/overall INTEGER/overakk INTEGER/' whole.db >$file
cp $file damaged
damage true

# A show changes nothing.
echo 'damaged' >shown.db
"$plumb" history show --history shown.db >/dev/null 2>&1
expect 'showing a damaged history fails, and leaves it' '2 damaged' "$? $(cat shown.db)"

# Another program's database is no damage.
if command -v python3 >/dev/null 2>&1 &&
    python3 -c 'import sqlite3; sqlite3.connect("other.db").execute("create table t (a)")' 2>/dev/null; then
    sum=$(cksum <other.db)
    record other.db >other.out
    expect 'another database is refused' 2 $?
    expect 'another database is left alone' "$sum" "$(cksum <other.db)"
fi

# A disk that is full: the limit on the size of files stands for it everywhere, a small file system
# where one can be mounted.
full() {
    out=$("$@")
    expect "$name: the run says so" '2 1' "$? $(echo "$out" | grep -c 'the scan is not recorded')"
    expect "$name: the history is as before" "$before" "$(count "$file")"
    expect "$name: nothing is put aside" '' "$(ls "$(dirname "$file")" | grep damaged | grep "$(basename "$file")")"
}
limited() (
    trap '' XFSZ
    ulimit -f 4 # 512 bytes each, or 1024
    record "$1"
)
name='size limit' file=limit.db
cp whole.db $file
before=$(count $file)
full limited $file
mkdir disk
if [ "${OWN_MOUNTS:-}" = yes ] && mount -t tmpfs -o size=64k none disk 2>/dev/null; then
    name='full disk' file=disk/full.db
    cp whole.db $file
    before=$(count $file)
    dd if=/dev/zero of=disk/rest bs=1024 2>/dev/null
    full record $file
    rm disk/rest
    record $file >/dev/null
    expect 'room again: the next run is recorded' $((before + 1)) "$(count $file)"
    umount disk
fi

# A scan goes on without its history, and says that it is missing.
"$plumb" scan --fail-on none -f json --history "$work" "$demo" >scan.json 2>scan.err
expect 'a scan without its history reports, with status 2' '2 1' "$? $(grep -c '"summary"' scan.json)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
