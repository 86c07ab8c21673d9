#!/bin/sh
# pages.sh PLUMB: opens HTML reports in a browser, if there is one, and uses them as people do.
# Without Chromium or python3 that is said, and nothing is tested.
set -u
if ! command -v python3 >/dev/null 2>&1; then
    echo 'skipped: pages in a browser (python3 is not there)'
    echo '0 passed, 0 failed'
    exit 0
fi
exec python3 "$(dirname "$0")/pages.py" "$1"
