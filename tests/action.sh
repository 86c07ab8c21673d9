#!/bin/sh
# action.sh PLUMB: runs the steps of action.yml as GitHub's runner would, with inputs that are ordinary and
# inputs that want to be more than words. What the runner does is played by the program below.
command -v python3 >/dev/null || { echo 'skipped: python3 is not there'; exit 0; }
exec python3 - "$1" "$(cd "$(dirname "$0")/.." && pwd)" <<'END'
import ctypes.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PLUMB = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2])
ACTION = (ROOT / "action.yml").read_text()
BAD = "FROM debian:latest\n"
HOME = tempfile.TemporaryDirectory(prefix="plumb action ")
GOOD = 'FROM debian:12.6\nUSER 10001:10001\nHEALTHCHECK CMD ["true"]\n'


def block(name, text=ACTION):
    """The indented lines below a key of the outermost level."""
    return re.search(rf"^{name}:\n((?:[ #].*\n|\n)*)", text, re.M).group(1)


DEFAULTS = dict(re.findall(r"^  ([a-z-]+):\n    description: .*\n    default: (.*)\n", block("inputs"), re.M))
DEFAULTS = {name: value.strip("'") for name, value in DEFAULTS.items()}
OUTPUTS = dict(re.findall(r"^  ([a-z]+):\n    description: .*\n    value: \$\{\{ (.*) \}\}\n", block("outputs"), re.M))
STEPS = re.split(r"^    - ", block("runs"), flags=re.M)[1:]
assert len(DEFAULTS) == 9 and len(OUTPUTS) == 4 and len(STEPS) == 3, (DEFAULTS, OUTPUTS, len(STEPS))


def read_outputs(path):
    """The runner's file of outputs: name=value, or name<<END and lines up to END."""
    lines = iter(path.read_text().split("\n")[:-1])
    outputs = {}
    for line in lines:
        name, mark, end = line.partition("<<")
        if not mark:
            name, _, outputs[name] = line.partition("=")
            continue
        value = []
        while (line := next(lines)) != end:
            value.append(line)
        outputs[name] = "\n".join(value)
    return outputs


class Run:
    """The action in a workspace that holds `files`."""

    def __init__(self, files, added=None, links=(), **inputs):
        """With `added`, `files` are a commit that stands for the base, and `since` is its name; `links` are symbolic
        and lead out of the workspace."""
        self.home = pathlib.Path(tempfile.mkdtemp(dir=HOME.name))
        self.workspace = self.home / "work space"
        self.write(files)
        for name in links:
            (self.home / "outside").write_text("untouched")
            (self.workspace / name).symlink_to(self.home / "outside")
        if added:
            self.git("init", "-q")
            self.git("add", "-A")
            self.git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "base")
            inputs["since"] = self.git("rev-parse", "HEAD")
            self.write(added)
        self.values = {f"inputs.{name}": value for name, value in DEFAULTS.items()}
        self.values.update({f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()})
        self.log = ""
        self.status = 0
        self.summary = ""
        for step in STEPS:
            if self.status == 0:
                self.step(step)
        self.outputs = {name: self.values.get(value, "") for name, value in OUTPUTS.items()}

    def write(self, files):
        for name, text in files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.workspace, check=True, stdout=subprocess.PIPE,
                              text=True).stdout.strip()

    def evaluate(self, text):
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self.values.get(match.group(1), ""), text)

    def step(self, text):
        name = re.match(r"id: (\w+)", text)
        script = re.search(r"^(?:      |)run: (.*)$", text, re.M).group(1)
        assert "${{" not in script, "an expression inside of a script"
        if script[0] == "'":
            script = script[1:-1]
        output = self.home / "output"
        summary = self.home / "summary"
        output.write_text("")
        summary.write_text("")
        env = {"PATH": f"{PLUMB.parent}:{os.environ['PATH']}", "HOME": str(self.home),
               "GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace),
               "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(output),
               "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(self.home)}
        for key, value in re.findall(r"^        ([A-Z_]+): (.*)$", text, re.M):
            env[key] = self.evaluate(value)
        done = subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script], env=env,
                              cwd=self.workspace, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.log += done.stdout.decode()
        self.status = done.returncode
        self.summary += summary.read_text()
        if name:
            self.values.update({f"steps.{name.group(1)}.outputs.{key}": value
                                for key, value in read_outputs(output).items()})

    def commands(self):
        """The lines that the runner would obey."""
        found, stopped = [], None
        for line in self.log.split("\n"):
            line = line.strip()
            if stopped:
                stopped = None if line == f"::{stopped}::" else stopped
            elif line.startswith("::stop-commands::"):
                stopped = line[len("::stop-commands::"):]
            elif line.startswith("::"):
                found.append(line)
        assert stopped is None, "commands stay stopped"
        return found

    def expect(self, **wanted):
        for name, value in wanted.items():
            is_value = self.outputs[name] if name in self.outputs else getattr(self, name)
            assert is_value == value, f"{name}: {is_value!r}, not {value!r}\n{self.log}"
        return self


# Comparing with a base needs git here, and libgit2 in plumb.
has_git = bool(shutil.which("git")) and any(map(ctypes.util.find_library, ("git2", "libgit2")))

# A bad change fails, with annotations, a summary and outputs; paths with spaces are paths.
run = Run({"infra dir/Dockerfile": BAD}).expect(status=1)
assert int(run.outputs["findings"]) > 2 and 0 <= int(run.outputs["score"]) < 60, run.outputs
assert re.fullmatch("[A-F][+-]?", run.outputs["grade"]), run.outputs
assert run.outputs["sarif"] == str(run.workspace / "plumb.sarif") and os.path.exists(run.outputs["sarif"])
assert any(line.startswith("::error file=infra dir/Dockerfile,line=1") for line in run.commands()), run.log
assert run.summary.startswith("## plumb: failed"), run.summary

# A good one passes; so does one whose findings lie below the threshold.
Run({"Dockerfile": GOOD}).expect(status=0)
Run({"Dockerfile": BAD}, fail_on="critical").expect(status=0)
Run({"Dockerfile": BAD}, fail_on="none").expect(status=0)
run = Run({"Dockerfile": BAD}, report_at="critical").expect(status=1, findings="0")

# Several paths, the working directory, the place of SARIF, and the form of the log.
run = Run({"a/b/Dockerfile": GOOD, "a/c d/Dockerfile": BAD, "a/e/Dockerfile": BAD}, working_directory="a",
          path="b\nc d\n", sarif_file="../out dir.sarif", format="json").expect(status=1)
assert run.outputs["sarif"] == str(run.workspace / "out dir.sarif"), run.outputs
assert "c d/Dockerfile" in run.log and "e/Dockerfile" not in run.log, run.log

# At most ten annotations of a kind, the worst; all else is in the summary.
run = Run({f"{number}/Dockerfile": BAD for number in range(15)})
for kind in "error", "warning", "notice":
    assert sum(line.startswith(f"::{kind} ") for line in run.commands()) <= 10, run.log
assert sum(line.startswith("::error ") for line in run.commands()) == 10, run.log
assert "14/Dockerfile" in run.summary and len(run.summary) < 1 << 20

# What a pull request's base had already neither fails nor is annotated; what it adds is.
if has_git:
    Run({"old/Dockerfile": BAD}, added={"new/Dockerfile": GOOD}).expect(status=0)
    run = Run({"old/Dockerfile": BAD}, added={"new/Dockerfile": BAD}).expect(status=1)
    assert "file=new/Dockerfile" in run.log and "file=old/Dockerfile" not in run.log, run.log

# What a baseline excuses does not fail; what is not in it does.
run = Run({"Dockerfile": BAD})
subprocess.run([PLUMB, "baseline", "create", "known.json"], cwd=run.workspace, check=True, stdout=subprocess.DEVNULL)
known = (run.workspace / "known.json").read_text()
Run({"Dockerfile": BAD, "known.json": known}, baseline="known.json").expect(status=0, findings="0")
Run({"Dockerfile": BAD, "b/Dockerfile": BAD, "known.json": known}, baseline="known.json").expect(status=1)

# Settings of a file that is named, and not of the nearest.
run = Run({"Dockerfile": BAD, "plumb.yaml": "no-such-key: 1\n", "good.yaml": "fail-on: none\n"}, config="good.yaml")
run.expect(status=0)

# No input at all is no verdict, and neither is one that cannot be read.
Run({"README": "nothing\n"}).expect(status=2)
run = Run({"Dockerfile": GOOD, "a.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {\n"}, fail_on="none").expect(status=2)
assert any(line.startswith("::error ") for line in run.commands()), run.log

# What an attacker can write is neither run nor obeyed.
trap = "pwned"
hostile = ['$(touch pwned)', '`touch pwned`', '"; touch pwned; "', "'; touch pwned; '", "a\ntouch pwned", "--config=pwned",
           "-o", "::error::x", "a\x1b[31m", "; touch pwned #", "* pwned"]
for text in hostile:
    for name in DEFAULTS:
        run = Run({"Dockerfile": BAD}, **{name: text})
        assert run.status != 0, (name, text, run.log)
        assert not any(path.name == trap for path in run.home.rglob("*")), (name, text)
        assert not any(line.startswith("::error::x") for line in run.commands()), (name, text, run.log)
run = Run({"::error::named": BAD, "::set-output name=grade::A": BAD, "::stop-commands::x/Dockerfile": BAD},
          path="::error::named\n::set-output name=grade::A\n.").expect(status=1)
assert all(line.startswith("::error file=") or line.startswith(("::notice file=", "::warning file="))
           for line in run.commands()), run.commands()
assert run.outputs["grade"] != "A", run.outputs
Run({"Dockerfile": BAD}, sarif_file="-").expect(status=1)
run = Run({"Dockerfile": BAD}, links=["plumb.sarif"]).expect(status=1)
assert (run.home / "outside").read_text() == "untouched"
assert json.loads(pathlib.Path(run.outputs["sarif"]).read_text())["version"] == "2.1.0"
Run({"Dockerfile": BAD, "plumb.sarif": "{}"}, format="no such form").expect(status=2, sarif="")
print("the action does what it says")
END
