#!/bin/sh
# Installs what the build needs and this machine lacks, by the system's package manager.
# $1: the pkg-config names that must be there.
set -eu

missing() {
    compiler=${CC:-cc}
    command -v "${compiler%% *}" >/dev/null 2>&1 || return 0
    command -v pkg-config >/dev/null 2>&1 || return 0
    ! pkg-config --exists $1
}

missing "$1" || exit 0

if command -v apt-get >/dev/null 2>&1; then
    refresh='apt-get update -q'
    install='apt-get install -y -q --no-install-recommends gcc libc6-dev pkg-config libyaml-dev libpcre2-dev libjansson-dev libcmocka-dev libgit2-dev libsqlite3-dev zlib1g-dev'
elif command -v dnf >/dev/null 2>&1; then
    refresh=true
    install='dnf install -y gcc pkgconf-pkg-config libyaml-devel pcre2-devel jansson-devel libcmocka-devel libgit2-devel sqlite-devel zlib-devel'
elif command -v apk >/dev/null 2>&1; then
    refresh=true
    install='apk add gcc musl-dev pkgconf yaml-dev pcre2-dev jansson-dev cmocka-dev libgit2-dev sqlite-dev zlib-dev'
elif command -v brew >/dev/null 2>&1; then
    refresh=true
    install='brew install pkg-config libyaml pcre2 jansson cmocka libgit2 sqlite zlib'
else
    echo "plumb needs a C compiler, pkg-config and: $1" >&2
    exit 1
fi

case $install in
brew*) sudo= ;;
*)
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            sudo=sudo
        else
            echo "plumb's build needs packages that are not installed. As root, run:" >&2
            [ "$refresh" = true ] || echo "    $refresh" >&2
            echo "    $install" >&2
            exit 1
        fi
    fi
    ;;
esac

echo "installing what the build needs: $install"
export DEBIAN_FRONTEND=noninteractive
$sudo $refresh >&2
$sudo $install >&2
if missing "$1"; then
    echo "still missing after that: one of $1" >&2
    exit 1
fi
