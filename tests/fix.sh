#!/bin/sh
# fix.sh PLUMB: what --fix must leave as it is, and that its diff is what it does.
set -u
plumb=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
failed=0
cd "$work" || exit 2

expect() {
    [ "$2" = "$3" ] && return
    echo "$1: expected '$2', found '$3'"
    failed=1
}

# Only rules with an edit, and nothing said.
fix() {
    "$plumb" scan --fix -q --fail-on none "$@" >/dev/null 2>"$work/said"
}

mkdir tree
cat >tree/Dockerfile <<'END'
FROM debian:12
MAINTAINER Jane
RUN apt-get update && apt-get install curl git
RUN apt update && apt install vim
END
cat >tree/pod.yaml <<'END'
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: web:1.2 # the one that is tested
END
cat >tree/main.tf <<'END'
resource "aws_kms_key" "a" {}

resource "aws_instance" "a" {
  ami           = "ami-0"
  instance_type = "t3.small"
}
END
cp -R tree patched
cp -R tree old
"$plumb" scan --fix-dry-run --fail-on none tree >tree.diff 2>/dev/null
expect 'a dry run changes nothing' '' "$(diff -r tree old)"
(cd patched && GIT_CEILING_DIRECTORIES=$(dirname "$PWD") git apply -p1 ../tree.diff)
fix tree
expect 'the diff is what --fix does' '' "$(diff -r tree patched)"
expect 'files are changed' 3 "$(diff -rq tree old | wc -l | tr -d ' ')"
expect 'nothing else is left behind' 3 "$(ls -A tree | wc -l | tr -d ' ')"
expect 'one run does all' '' "$("$plumb" scan --fix-dry-run --fail-on none tree 2>/dev/null)"
expect 'a fix goes on where another one ended' \
    'RUN apt-get update && apt-get install --no-install-recommends -y vim' "$(tail -n 1 tree/Dockerfile)"
cp -R tree once
fix tree
expect 'another run changes nothing' '' "$(diff -r tree once)"

mkdir rules
cat >rules/own.yaml <<'END'
- id: own-never
  title: A fix that does not help
  severity: low
  category: security
  for: USER
  check: resource.user == "nobody"
  at: user
  message: no
  why: No.
  fix: None.
  references: [https://example.com/]
  edit: {after: x}
  tests:
    - fail: |
        FROM debian:12
        USER app # here
    - pass: |
        FROM debian:12
        USER nobody
END
printf 'FROM debian:12\nUSER app\n' >never.Dockerfile
fix --rules rules --rule own-never never.Dockerfile
expect 'what does not help is done once' 'USER appx' "$(tail -n 1 never.Dockerfile)"

cp old/Dockerfile mode.Dockerfile
chmod 754 mode.Dockerfile
fix mode.Dockerfile
expect 'permissions are kept' '-rwxr-xr--' "$(ls -l mode.Dockerfile | cut -c1-10)"
expect 'that file was changed' 1 "$(grep -c '^LABEL' mode.Dockerfile)"

printf '\357\273\277FROM debian:12\r\nMAINTAINER Jane\r\nRUN id' >marked.Dockerfile
printf '\357\273\277FROM debian:12\r\nLABEL org.opencontainers.image.authors="Jane"\r\nRUN id' >wanted
fix marked.Dockerfile
expect 'byte order mark and line ends are kept' '' "$(cmp wanted marked.Dockerfile)"

mkdir inside outside
cp old/Dockerfile outside/Dockerfile
cp old/Dockerfile inside/real
ln -s ../outside/Dockerfile inside/Dockerfile
ln -s real inside/b.Dockerfile
fix --root inside inside
fix --root inside inside/Dockerfile
expect 'what a link leads out to is left alone' '' "$(cmp old/Dockerfile outside/Dockerfile)"
fix --root inside inside/b.Dockerfile
expect 'a link stays a link' real "$(readlink inside/b.Dockerfile)"

mkdir render
cat >render/all.yaml <<'END'
# Source: web/templates/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - {name: web, image: "web:1.2"}
END
cp -R render render.old
fix render
expect 'a rendered chart is left alone' '' "$(diff -r render render.old)"

mkdir -p called/own called/.terraform/modules/far
cat >called/main.tf <<'END'
module "near" { source = "./own" }
module "far" {
  source  = "example/far/aws"
  version = "1.0.0"
}
END
echo 'resource "aws_kms_key" "a" {}' | tee called/own/a.tf >called/.terraform/modules/far/a.tf
cat >called/.terraform/modules/modules.json <<'END'
{"Modules": [{"Key": "far", "Source": "registry.terraform.io/example/far/aws", "Version": "1.0.0", "Dir": ".terraform/modules/far"}]}
END
fix called
expect 'a module of ours is changed' 1 "$(grep -c rotation called/own/a.tf)"
expect 'a downloaded module is left alone' 0 "$(grep -c rotation called/.terraform/modules/far/a.tf)"

mkdir broken
cat >broken/main.tf <<'END'
resource "aws_kms_key" "a" {}
resource "aws_kms_key" "b" { = }
END
cp -R broken broken.old
fix broken
expect 'a file with mistakes is left alone' '' "$(diff -r broken broken.old)"

cp old/Dockerfile fixed.Dockerfile
chmod 444 fixed.Dockerfile
if [ -w fixed.Dockerfile ]; then
    echo 'skipped: a file that may not be written (this user may write all)'
else
    fix fixed.Dockerfile
    expect 'a file that may not be written ends with status 2' 2 $?
    expect 'a file that may not be written stays' '' "$(cmp old/Dockerfile fixed.Dockerfile)"
fi
exit "$failed"
