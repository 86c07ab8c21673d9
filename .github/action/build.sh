#!/bin/bash
# Finds plumb for the action, and builds it out of the action's own tree where it is not on the machine yet.
# Output: plumb, the program.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=$(sed -n 's/^VERSION := //p' "$root/Makefile")

# A machine may bring the same version along, so that no run waits for a build.
plumb=$(command -v plumb || true)
if [ -z "$plumb" ] || ! "$plumb" version | grep -qF "plumb $version "; then
    plumb=$root/plumb
    echo '::group::build plumb'
    make -C "$root" --no-print-directory deps
    make -C "$root" --no-print-directory -j"$(nproc)" plumb
    echo '::endgroup::'
fi
"$plumb" version
echo "plumb=$plumb" >>"$GITHUB_OUTPUT"
