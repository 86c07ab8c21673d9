#!/bin/sh
# progress.sh PLUMB: a scan that takes longer than a second says so at a terminal, clears that before it
# reports, and says nothing with --quiet, in a short scan, or where no terminal could show it.
command -v python3 >/dev/null || { echo 'skipped: python3 is not there'; exit 0; }
exec python3 - "$1" <<'END'
import os
import pty
import select
import subprocess
import sys
import threading
import time

LINE = b"\rplumb: reading\x1b[K"
CLEARED = b"\r\x1b[K"
wrong = []


def scan(slow, *options, term="xterm", shared=False):
    """What the terminal gets of a scan, with or without the report on it. The input of a slow one ends once the
    line has been seen, or after a while in which it should have been."""
    master, slave = pty.openpty()
    begun = time.monotonic()
    process = subprocess.Popen([sys.argv[1], "scan", "--fail-on=none", *options, "-"], stdin=subprocess.PIPE,
                               stdout=slave if shared else subprocess.DEVNULL, stderr=slave,
                               env={**os.environ, "TERM": term})
    os.close(slave)
    shown = b""
    while slow and not shown and time.monotonic() < begun + (20 if slow == "seen" else 1.5):
        if select.select([master], [], [], 0.1)[0]:
            shown += os.read(master, 4096)
    process.stdin.write(b"FROM scratch\n")
    process.stdin.close()
    try:
        while piece := os.read(master, 4096):
            shown += piece
    except OSError:  # the other end is closed
        pass
    if process.wait() != 0:
        wrong.append(f"{options}: status {process.returncode}")
    # On a machine that is busy enough every scan takes long.
    return shown if slow or time.monotonic() < begun + 1 else b""


def expect(name, good, *arguments, **settings):
    shown = scan(*arguments, **settings)
    if not good(shown):
        wrong.append(f"{name}: {shown}")


cases = [
    ("slow", lambda shown: shown.startswith(LINE) and shown.endswith(CLEARED), ("seen",), {}),
    ("report on the same terminal", lambda shown: shown.startswith(LINE) and
     LINE not in shown.split(CLEARED, 1)[1], ("seen",), {"shared": True}),
    ("quiet", lambda shown: shown == b"", ("unseen", "--quiet"), {}),
    ("dumb terminal", lambda shown: shown == b"", ("unseen",), {"term": "dumb"}),
    ("fast", lambda shown: shown == b"", (None,), {}),
]
threads = [threading.Thread(target=expect, args=(name, good, *arguments), kwargs=settings)
           for name, good, arguments, settings in cases]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("\n".join(wrong))
sys.exit(bool(wrong))
END
