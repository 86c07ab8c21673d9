#!/bin/bash
# pre-commit.sh PLUMB: the hooks under the real pre-commit, in a repository that has old findings: a bad change
# is blocked, a good one passes, and what was there before blocks neither. Uses no network: the hooks come out of a
# repository that is made of this tree.
set -u
for program in pre-commit git make; do
    command -v "$program" >/dev/null || { echo "skipped: $program is not there"; exit 0; }
done
plumb=$(realpath "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
unset "${!GIT_@}"
export HOME=$work PRE_COMMIT_HOME=$work/cache PRE_COMMIT_COLOR=never
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1
git config --global user.name test
git config --global user.email test@example.com
git config --global init.defaultBranch main
bad=0

# wants STATUS NAME COMMAND...: 0 for one that must end well, 1 for one that must not.
wants() {
    local status=0
    "${@:3}" >"$work/log" 2>&1 || status=1
    [ "$status" = "$1" ] && return
    echo "$2: ended with $status"
    cat "$work/log"
    bad=1
}

said() {
    grep -qF -- "$1" "$work/log" && return
    echo "\"$1\" is not said:"
    cat "$work/log"
    bad=1
}

# The tree as a repository, and in the clone that pre-commit makes of it what a build would take a minute for.
mkdir "$work/hooks"
tar -C "$root" --exclude=./.git --exclude=./build --exclude='./*.a' --exclude=./plumb -cf - . | tar -C "$work/hooks" -xf -
git -C "$work/hooks" init -q
git -C "$work/hooks" add -A
git -C "$work/hooks" commit -q -m tree
revision=$(git -C "$work/hooks" rev-parse HEAD)

begin() { # HOOK: a repository with that hook and old findings
    rm -rf "$work/repository"
    mkdir -p "$work/repository/old"
    cd "$work/repository" || exit 2
    git init -q
    cat >.pre-commit-config.yaml <<END
repos:
  - repo: $work/hooks
    rev: $revision
    hooks: [{id: $1}]
END
    echo 'FROM debian:latest' >old/Dockerfile
    git add -A
    git commit -q -m old
    pre-commit install >/dev/null
}

put_bad() { echo 'FROM debian:latest' >"$1"; }
put_good() { printf 'FROM debian:12.6\nUSER 10001:10001\n' >"$1"; }

check_hook() { # HOOK
    begin "$1"
    put_good Dockerfile
    git add -A
    wants 0 "$1: a good change" git commit -m good
    put_bad Dockerfile
    git add -A
    wants 1 "$1: a bad change" git commit -m bad
    said docker-base-pinned
    git reset -q --hard
    mkdir 'new folder'
    put_good 'new folder/Dockerfile'
    printf 'terraform {\n  required_version = ">= 1.5"\n}\n' >main.tf
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\n' >settings.yaml
    git add -A
    put_bad 'new folder/Dockerfile' # in the work tree alone
    wants 0 "$1: three good files, one of them changed after" git commit -m three
    git checkout -q .
    wants 0 "$1: old findings of other commits" pre-commit run --from-ref HEAD~1 --to-ref HEAD
    wants 1 "$1: all files" pre-commit run --all-files
    said old/Dockerfile
    printf 'kind: Pod\napiVersion: v1\nmetadata: {\n' >broken.yaml
    git add -A
    wants 1 "$1: a file that cannot be read" git commit -m broken
}

# The first hook builds: its clone gets objects that are newer than the sources.
begin plumb
pre-commit install-hooks >/dev/null 2>&1
clone=$(dirname "$(find "$PRE_COMMIT_HOME" -path '*/repo*/Makefile' | head -n 1)")
mkdir "$clone/build"
cp -R "$root/build/release" "$clone/build/"
cp "$root/libplumb.a" "$clone/"
find "$clone/build" -type f -exec touch {} +
touch "$clone"/build/release/{libcore.a,rulec}
touch "$clone/build/release/ruleset.c"
touch "$clone/build/release/ruleset.o"
touch "$clone/libplumb.a"
check_hook plumb
[ -x "$clone/build/hook/plumb" ] || { echo 'the hook has built nothing'; bad=1; }

PATH=$(dirname "$plumb"):$PATH
check_hook plumb-system
exit "$bad"
