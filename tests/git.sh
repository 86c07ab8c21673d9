#!/bin/sh
# git.sh PLUMB: --since, --staged and baselines in repositories that are made here. No network, no
# configuration of the user.
set -u
if ! command -v git >/dev/null 2>&1; then
    echo 'skipped: git is not there'
    echo '0 passed, 0 failed'
    exit 0
fi
plumb=$(realpath "$1") || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT INT TERM
passed=0
failed=0

unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GITHUB_ACTIONS GITLAB_CI
GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 HOME=$work TERM=dumb LC_ALL=C
GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@example.com
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM HOME TERM LC_ALL
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL

# --- inputs ---

good='FROM debian:12.6
USER 10001:10001
HEALTHCHECK CMD ["/app"]
'
bad='FROM debian:latest
USER root
'

pod() {
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s}\nspec: {containers: [{name: %s, image: "a:%s"}]}\n' \
        "$1" "$1" "${2:-latest}"
}

# A repository of its own for each test: two Dockerfiles, manifests, a Terraform tree.
begin() {
    cd "$work" || exit 2
    rm -rf "$work/repo"
    mkdir "$work/repo"
    cd "$work/repo" || exit 2
    git init -q -b main .
    mkdir -p k8s app infra/modules/bucket infra/prod infra/dev
    printf '%s' "$bad" >Dockerfile
    printf '%s' "$good" >app/Dockerfile
    for pod in one two three; do pod $pod >k8s/$pod.yaml; done
    printf 'resource "aws_s3_bucket" "b" {\n  bucket = var.name\n}\nvariable "name" {}\n' >infra/modules/bucket/main.tf
    for env in prod dev; do
        printf 'module "logs" {\n  source = "../modules/bucket"\n  name = "%s"\n}\n' $env >infra/$env/main.tf
        printf 'resource "aws_ebs_volume" "v" {\n  availability_zone = "a"\n  size = 1\n}\n' >infra/$env/disk.tf
    done
    git add .
    git commit -qm base
}

# --- what a run says ---

run() {
    "$plumb" "$@" >"$work/out" 2>"$work/err"
    status=$?
}

fingerprints() {
    grep -o '"fingerprint": *"[0-9a-f]*"' "$1" | sort
}

expect() {
    if [ "$status" -ne "$1" ]; then
        echo "$name: status $status instead of $1"
        cat "$work/err" "$work/out" | head -20
        return 1
    fi
}

says() {
    grep -qF -- "$1" "$work/out" "$work/err" && return 0
    echo "$name: does not say \`$1\`"
    cat "$work/err" "$work/out" | head -20
    return 1
}

silent_of() {
    grep -qF -- "$1" "$work/out" "$work/err" || return 0
    echo "$name: says \`$1\`"
    return 1
}

check() {
    name=$1
    if begin && "$1"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
    fi
}

# A list of the JSON report: an entry a line.
member() {
    awk -v begin="  \"$1\": [" 'index($0, begin) == 1 { inside = 1 } inside { print } /^  [^ ].*\]|^  \]/ { inside = 0 }' "$work/out"
}

# Whether --since REF says what two plain scans say.
same_as_two_scans() {
    run scan --fail-on none -f json .
    fingerprints "$work/out" >"$work/now"
    compare_with "$1"
}

# Whether a scan since $1, with $2, tells `now` from a plain scan of then.
compare_with() {
    rm -rf "$work/before"
    git worktree add -q --detach "$work/before" "$1" || return 1
    (cd "$work/before" && "$plumb" scan --fail-on none --allow-empty -f json .) >"$work/then.json" 2>/dev/null
    git worktree remove -f "$work/before"
    fingerprints "$work/then.json" >"$work/then"
    # shellcheck disable=SC2086
    run scan --fail-on none --since "$1" ${2:-} -f json .
    member results >"$work/new.json"
    member fixed >"$work/fixed.json"
    comm -23 "$work/now" "$work/then" >"$work/want.new"
    comm -13 "$work/now" "$work/then" >"$work/want.fixed"
    fingerprints "$work/new.json" >"$work/got.new"
    fingerprints "$work/fixed.json" >"$work/got.fixed"
    diff "$work/want.new" "$work/got.new" && diff "$work/want.fixed" "$work/got.fixed"
}

# --- staged ---

the_index_is_judged_and_not_the_work_tree() {
    printf '%s' "$bad" >app/Dockerfile
    git add app
    printf '%s' "$good" >app/Dockerfile
    run scan --staged
    expect 1 && says app/Dockerfile || return 1
    git add app
    printf '%s' "$bad" >app/Dockerfile
    run scan --staged
    expect 0 && silent_of app/Dockerfile
}

part_of_a_file_can_be_staged() {
    printf 'FROM debian:12.6\nUSER 10001:10001\nHEALTHCHECK CMD ["/app"]\nLABEL a=b\n' >app/Dockerfile
    git add app
    printf '%s' "$bad" >app/Dockerfile
    run scan --staged
    expect 0 && silent_of "debian:latest"
}

the_configuration_is_the_staged_one() {
    printf 'fail-on: none\n' >plumb.yaml
    printf '%s' "$bad" >app/Dockerfile
    git add .
    printf 'fail-on: low\n' >plumb.yaml
    run scan --staged
    expect 0 || return 1
    git add plumb.yaml
    printf 'fail-on: [\n' >plumb.yaml
    run scan --staged app
    expect 1 || return 1
    run scan --staged --config plumb.yaml
    expect 2 || return 1
    git rm -q -f --cached plumb.yaml
    printf 'fail-on: none\n' >plumb.yaml
    run scan --staged
    expect 0
}

old_findings_elsewhere_do_not_block() {
    pod four 1.2 | sed 's/kind: Pod/kind: ConfigMap/' >k8s/four.yaml
    git add .
    run scan --staged
    expect 0 && silent_of "debian:latest"
}

nothing_staged_passes() {
    printf 'x\n' >README
    run scan --staged
    expect 0 || return 1
    git add README
    run scan --staged
    expect 0
}

a_deleted_file_is_not_judged() {
    git rm -q Dockerfile
    run scan --staged
    expect 0 && silent_of debian:latest
}

a_file_with_another_name_is_as_it_was() {
    git mv Dockerfile app/other.Dockerfile
    run scan --staged
    expect 0 && silent_of debian:latest || return 1
    printf 'LABEL a=b\n' >>app/other.Dockerfile
    git add .
    run scan --staged
    expect 1 && says debian:latest
}

a_file_that_is_staged_alone_can_be_named() {
    mkdir new
    printf '%s' "$bad" >new/Dockerfile
    git add new
    rm -r new
    run scan --staged new/Dockerfile
    expect 1 && says "debian:latest" || return 1
    run scan --staged new
    expect 1 || return 1
    run scan --staged nothing
    expect 2 && says "is not in git's index"
}

a_first_commit_has_no_head() {
    rm -rf .git
    git init -q -b main .
    git add Dockerfile
    run scan --staged
    expect 1 && says "debian:latest" && silent_of k8s
}

a_module_is_judged_where_it_is_called() {
    printf 'resource "aws_s3_bucket" "b" {\n  bucket = var.name\n}\nvariable "name" {}\nresource "aws_ebs_volume" "w" {\n  size = 2\n  availability_zone = "a"\n}\n' \
        >infra/modules/bucket/main.tf
    git add .
    run scan --staged
    says module.logs.aws_ebs_volume.w && silent_of aws_ebs_volume.v && silent_of k8s/
}

the_index_of_a_partial_commit_is_taken() {
    pod four >k8s/four.yaml
    printf '%s' "$bad" >app/Dockerfile
    git add k8s/four.yaml
    printf '#!/bin/sh\n%s scan --staged -q\n' "$plumb" >.git/hooks/pre-commit
    chmod +x .git/hooks/pre-commit
    git commit -qm part app/Dockerfile >"$work/out" 2>&1
    status=$?
    expect 1 && says app/Dockerfile && silent_of k8s/four.yaml
}

a_conflict_gives_no_verdict() {
    git checkout -q -b other
    pod one 1 >k8s/one.yaml
    git commit -qam one
    git checkout -q main
    pod one 2 >k8s/one.yaml
    git commit -qam two
    git merge -q other >/dev/null 2>&1
    run scan --staged
    expect 2 && says "merge conflict"
}

# --- since ---

findings_are_those_of_two_scans() {
    printf '%s' "$good" >Dockerfile
    pod four >k8s/four.yaml
    git rm -q k8s/two.yaml
    pod three 1.2 >k8s/three.yaml
    same_as_two_scans HEAD
}

a_change_of_a_module_reaches_its_callers() {
    printf 'resource "aws_ebs_volume" "w" {\n  size = 2\n  availability_zone = "a"\n}\n' >>infra/modules/bucket/main.tf
    same_as_two_scans HEAD
}

a_new_file_of_a_module_counts() {
    printf 'resource "aws_ebs_volume" "w" {\n  size = 2\n  availability_zone = "a"\n}\n' >infra/modules/bucket/more.tf
    same_as_two_scans HEAD
}

a_module_that_is_no_longer_called_stands_alone() {
    printf '# empty\n' >infra/prod/main.tf
    printf '# empty\n' >infra/dev/main.tf
    same_as_two_scans HEAD
}

an_ignore_file_changes_everything() {
    printf 'k8s/\n' >.gitignore
    same_as_two_scans HEAD || return 1
    git add .
    git commit -qm ignore
    rm .gitignore
    same_as_two_scans HEAD
}

one_manifest_more_changes_what_one_is() {
    git rm -rq infra app Dockerfile k8s/two.yaml k8s/three.yaml
    git commit -qm one
    pod two >k8s/two.yaml
    same_as_two_scans HEAD && git add . && git commit -qm two && rm k8s/two.yaml && same_as_two_scans HEAD
}

service() {
    printf 'apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec:\n  selector: {app: %s}\n  ports: [{port: 80}]\n' "$1" "$1"
}

labelled() {
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: %s, labels: {app: %s}}\nspec: {containers: [{name: a, image: "a:1"}]}\n' "$1" "$1"
}

what_a_manifest_takes_from_others_is_a_change_of_those() {
    mkdir web
    service web >web/service.yaml
    labelled web >web/pod.yaml
    service api >k8s/api.yaml
    git add .
    git commit -qm web
    git rm -q web/pod.yaml
    same_as_two_scans HEAD || return 1
    run scan --fail-on none --since HEAD
    says "Service/default/web selects no pods" || return 1
    git reset -q --hard
    labelled api >web/api.yaml
    same_as_two_scans HEAD || return 1
    git add .
    git commit -qm api
    rm web/pod.yaml web/api.yaml
    same_as_two_scans HEAD
}

manifests_beside_those_that_are_staged_are_read_and_not_judged() {
    service web >k8s/service.yaml
    labelled web >k8s/pod.yaml
    git add k8s/pod.yaml
    git commit -qm pod
    git add k8s/service.yaml
    run scan --staged --show-unknown --rule k8s-selector-matches -f json
    expect 0 && silent_of k8s/pod.yaml && silent_of k8s/one.yaml && says '"files_read": 1' &&
        says '"passed": 1' || return 1
    sed -i 's/app: web/app: other/' k8s/service.yaml
    git add k8s/service.yaml
    run scan --staged --show-unknown --rule k8s-selector-matches -f json
    expect 0 && says '"unknown": 1'
}

workflow() {
    printf 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: some/%s@main\n' "$1"
}

a_workflow_that_comes_or_goes_says_nothing_of_the_others() {
    mkdir -p .github/workflows
    for each in a b; do workflow $each >.github/workflows/$each.yml; done
    git add .
    git commit -qm workflows
    workflow c >.github/workflows/c.yml
    same_as_two_scans HEAD || return 1
    git add .
    same_as_two_scans HEAD || return 1
    git commit -qm third
    git rm -q .github/workflows/b.yml
    same_as_two_scans HEAD
}

a_file_that_is_no_manifest_says_nothing_of_those_beside_it() {
    printf 'a: 1\n' >k8s/settings.yaml
    same_as_two_scans HEAD || return 1
    git add .
    git commit -qm settings
    git rm -q k8s/settings.yaml
    same_as_two_scans HEAD
}

what_patches_make_of_manifests_is_a_change_for_others() {
    mkdir -p base web
    service web >web/service.yaml
    labelled api >base/pod.yaml
    printf -- '- {op: replace, path: /metadata/labels/app, value: web}\n' >base/labels.yaml
    printf 'resources: [pod.yaml]\npatches: [{path: labels.yaml, target: {kind: Pod}}]\n' >base/kustomization.yaml
    git add .
    git commit -qm patched
    sed -i 's/value: web/value: api/' base/labels.yaml
    same_as_two_scans HEAD || return 1
    run scan --fail-on none --since HEAD
    says "Service/default/web selects no pods"
}

a_selector_that_changes_is_held_against_all_pods_of_then() {
    mkdir web pods
    service web >web/service.yaml
    labelled web >pods/web.yaml
    git add .
    git commit -qm web
    sed -i 's/app: web/app: other/' web/service.yaml
    same_as_two_scans HEAD || return 1
    run scan --fail-on none --since HEAD
    says "Service/default/web selects no pods" || return 1
    git commit -qam other
    printf '# more\n' >>web/service.yaml
    same_as_two_scans HEAD
}

a_directory_that_git_does_not_know_means_something_to_others() {
    mkdir web
    service web >web/service.yaml
    git add .
    git commit -qm web
    mkdir pods
    labelled web >pods/web.yaml
    same_as_two_scans HEAD || return 1
    run scan --fail-on none --since HEAD
    says "fixed: web/service.yaml"
}

a_kustomization_that_comes_or_goes_changes_what_lies_there() {
    mkdir web base
    service web >web/service.yaml
    labelled api >base/pod.yaml
    git add .
    git commit -qm plain
    printf 'resources: [pod.yaml]\ncommonLabels: {app: web}\n' >base/kustomization.yaml
    same_as_two_scans HEAD || return 1
    git add .
    git commit -qm built
    rm base/kustomization.yaml
    same_as_two_scans HEAD
}

a_patch_that_takes_away_what_others_hang_on_is_a_change_for_those() {
    mkdir web base
    service web >web/service.yaml
    labelled web >base/pod.yaml
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\n' >base/patch.yaml
    printf 'resources: [pod.yaml]\npatches: [{path: patch.yaml}]\n' >base/kustomization.yaml
    git add .
    git commit -qm patched
    printf '$patch: delete\n' >>base/patch.yaml
    same_as_two_scans HEAD
}

what_overlays_have_in_common_is_not_new_with_one_more() {
    mkdir -p base b c
    labelled web >base/pod.yaml
    printf 'resources: [pod.yaml]\n' >base/kustomization.yaml
    for each in b c; do printf 'resources: [../base]\nnamePrefix: %s-\n' $each >$each/kustomization.yaml; done
    git add .
    git commit -qm overlays
    printf '# more\n' >>c/kustomization.yaml
    same_as_two_scans HEAD || return 1
    mkdir a
    printf 'resources: [../base]\nnamePrefix: a-\n' >a/kustomization.yaml
    same_as_two_scans HEAD || return 1
    git add .
    git commit -qm third
    git rm -rq a
    same_as_two_scans HEAD
}

what_a_link_leads_to_changes_the_kustomization() {
    mkdir web base real
    service web >web/service.yaml
    labelled web >real/pod.yaml
    ln -s ../real/pod.yaml base/pod.yaml
    printf 'resources: [pod.yaml]\nnamePrefix: x-\n' >base/kustomization.yaml
    git add .
    git commit -qm links
    labelled api >real/pod.yaml
    same_as_two_scans HEAD
}

what_may_be_anything_matters_where_it_comes_or_goes() {
    mkdir web pods
    service web >web/service.yaml
    printf 'resource "kubernetes_pod" "p" {\n  metadata {\n    name = "x"\n  }\n}\n' >infra/prod/pod.tf
    git add .
    git commit -qm terraform
    git rm -q infra/prod/pod.tf
    same_as_two_scans HEAD || return 1
    printf '{}\n' >pods/more.jsonnet
    git add .
    git commit -qm program
    git rm -q pods/more.jsonnet
    same_as_two_scans HEAD || return 1
    mkdir pods
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: [}\n' >pods/broken.yaml
    git add .
    git commit -qm broken
    labelled api >pods/broken.yaml
    same_as_two_scans HEAD
}

what_terraform_makes_by_values_from_elsewhere_may_be_anything() {
    mkdir web infra/modules/pods
    service web >web/service.yaml
    printf 'variable "n" {}\nresource "kubernetes_pod" "p" {\n  count = var.n\n}\n' >infra/modules/pods/main.tf
    printf 'module "p" {\n  source = "../modules/pods"\n  n = var.n\n}\n' >infra/prod/pods.tf
    printf 'variable "n" {\n  default = 0\n}\n' >infra/prod/variables.tf
    git add .
    git commit -qm terraform
    printf 'n = 1\n' >infra/prod/terraform.tfvars
    git add .
    same_as_two_scans HEAD || return 1
    git commit -qm values
    git rm -q infra/prod/terraform.tfvars
    sed -i 's/= 0/= 1/' infra/prod/variables.tf
    git commit -qam default
    sed -i 's/= var.n/= 0/' infra/prod/pods.tf
    same_as_two_scans HEAD || return 1
    git commit -qam none
    plan='{"format_version":"1.0","terraform_version":"1.5.0","planned_values":{"root_module":{"resources":[%s]}}}'
    # shellcheck disable=SC2059
    printf "$plan" '' >tfplan
    git add .
    git commit -qm plan
    # shellcheck disable=SC2059
    printf "$plan" '{"address":"kubernetes_pod.a","mode":"managed","type":"kubernetes_pod","name":"a","values":{}}' >tfplan
    same_as_two_scans HEAD
}

a_tree_that_was_open_before_is_so_with_one_more_that_opens_it() {
    mkdir web
    service web >web/service.yaml
    printf 'resource "kubernetes_pod" "p" {\n  metadata {\n    name = "x"\n  }\n}\n' >infra/prod/pod.tf
    git add .
    git commit -qm terraform
    cp infra/prod/pod.tf infra/dev/pod.tf
    git add .
    same_as_two_scans HEAD
}

what_lies_beside_is_judged_by_what_it_says_now() {
    printf 'apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {pod-security.kubernetes.io/enforce: restricted}}\n' >k8s/space.yaml
    git add .
    git commit -qm namespace
    sed -i 's/restricted/privileged/' k8s/space.yaml
    same_as_two_scans HEAD || return 1
    printf '# plumb:ignore k8s-image-tag-fixed -- because\n%s\n' "$(pod two)" >k8s/two.yaml
    same_as_two_scans HEAD
}

the_common_ancestor_is_compared_with() {
    git checkout -q -b work
    pod four >k8s/four.yaml
    git add .
    git commit -qm work
    git checkout -q main
    printf '%s' "$good" >Dockerfile
    git commit -qam fixed
    git checkout -q work
    run scan --since main --fail-on none
    expect 0 && silent_of "debian:latest" && says k8s/four.yaml && says "0 fixed"
}

a_moved_file_has_nothing_new() {
    git mv k8s/two.yaml k8s/zwei.yaml
    run scan --since HEAD
    expect 0 && says ": 0 new, 0 fixed"
}

a_finding_elsewhere_is_new_where_its_file_is_still_there() {
    pod two 1.2 >k8s/two.yaml
    pod two >k8s/zwei.yaml
    run scan --since HEAD --rule k8s-image-tag-fixed
    expect 1 && says ": 1 new, 1 fixed"
}

only_new_findings_block() {
    pod two 1 >k8s/two.yaml
    run scan --since HEAD
    expect 0 && says "1 fixed" || return 1
    pod four >k8s/four.yaml
    run scan --since HEAD
    expect 1 || return 1
    run scan --since HEAD --report-at critical --fail-on high
    expect 1
}

# Whether --staged --since HEAD says what a scan of the index and one of HEAD say.
staged_as_two_scans() {
    rm -rf "$work/index"
    git init -q "$work/index"
    git checkout-index -a --prefix="$work/index/"
    (cd "$work/index" && "$plumb" scan --fail-on none -f json .) >"$work/out"
    fingerprints "$work/out" >"$work/now"
    compare_with HEAD --staged
}

the_index_is_held_against_head_with_all_that_lies_in_both() {
    mkdir web pods
    service web >web/service.yaml
    labelled web >pods/web.yaml
    git add .
    git commit -qm web
    git rm -q --cached pods/web.yaml
    staged_as_two_scans || return 1
    git reset -q --hard
    sed -i 's/app: web/app: other/' web/service.yaml
    git add .
    git show HEAD:web/service.yaml >web/service.yaml
    labelled other >web/other.yaml
    staged_as_two_scans
}

staged_can_be_held_against_head() {
    printf 'LABEL a=b\n' >>Dockerfile
    git add .
    pod four >k8s/four.yaml
    run scan --staged
    expect 1 || return 1
    run scan --staged --since HEAD
    expect 0 && silent_of k8s/four.yaml
}

the_score_before_is_that_of_the_base() {
    run score -f json
    before=$(grep -o '"overall": {"value": [0-9]*' "$work/out" | grep -o '[0-9]*$')
    printf '%s' "$good" >Dockerfile
    git rm -q k8s/one.yaml
    run scan --since HEAD -f json
    says "\"overall\": {\"before\": $before,"
}

downloaded_modules_are_those_on_disk() {
    printf '.terraform/\n' >.gitignore
    printf 'module "far" {\n  source = "group/far/aws"\n  version = "1.0.0"\n}\n' >infra/prod/far.tf
    git add .
    git commit -qm far
    mkdir -p infra/prod/.terraform/modules/far
    printf '{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"far","Source":"registry.terraform.io/group/far/aws","Version":"1.0.0","Dir":".terraform/modules/far"}]}' \
        >infra/prod/.terraform/modules/modules.json
    printf 'resource "aws_ebs_volume" "far" {\n  size = 2\n  availability_zone = "a"\n}\n' >infra/prod/.terraform/modules/far/main.tf
    run scan --fail-on none infra
    says module.far.aws_ebs_volume.far || return 1
    printf '# more\n' >>infra/prod/main.tf
    run scan --since HEAD infra
    expect 0 && says ": 0 new, 0 fixed" || return 1
    git add .
    run scan --staged --show-unknown
    silent_of terraform-module
}

a_part_of_the_tree_can_be_compared() {
    pod four >k8s/four.yaml
    printf '%s' "$bad" >app/Dockerfile
    run scan --since HEAD --fail-on none k8s
    expect 0 && says four.yaml && silent_of debian:latest || return 1
    mkdir other
    pod five >other/five.yaml
    run scan --since HEAD --fail-on none other
    expect 0 && says five.yaml || return 1
    cd k8s && run scan --since HEAD --fail-on none && cd .. && expect 0 && says four.yaml
}

files_that_were_packed_are_read() {
    pod two 1 >k8s/two.yaml
    git commit -qam two
    git gc -q --aggressive --prune=now
    same_as_two_scans HEAD~1
}

a_linked_work_tree_is_a_repository() {
    git worktree add -q "$work/linked" -b linked
    cd "$work/linked" || return 1
    pod four >k8s/four.yaml
    run scan --since main --fail-on none
    result=0
    expect 0 && says "k8s/four.yaml" || result=1
    git add . && run scan --staged && expect 1 && says "k8s/four.yaml" || result=1
    cd "$work/repo" && git worktree remove -f "$work/linked"
    return $result
}

touched_files_with_the_same_bytes_are_unchanged() {
    touch k8s/*.yaml infra/*/*.tf
    run scan --since HEAD
    expect 0 && says ": 0 new, 0 fixed"
}

no_connection_is_opened() {
    strace -o /dev/null true 2>/dev/null || return 0
    git remote add origin https://example.com/group/project.git
    strace -f -e trace=%network -o "$work/trace" "$plumb" scan --since HEAD -f sarif >/dev/null 2>&1
    ! grep -E '(socket|connect|sendto)\(' "$work/trace"
}

# --- what is in the way ---

mistakes_are_explained() {
    run scan --since nothing
    expect 2 && says 'git knows no commit `nothing`' || return 1
    run scan --since HEAD -
    expect 2 && says "reads git, not standard input" || return 1
    run scan --staged --min-score 50
    expect 2 || return 1
    run scan --since HEAD:Dockerfile
    expect 2 || return 1
    mkdir "$work/none"
    cd "$work/none" && run scan --staged
    expect 2 && says "needs a git repository" || return 1
    cd "$work/repo" || return 1
    rmdir "$work/none"
    git clone -q --bare "$work/repo" "$work/bare.git"
    cd "$work/bare.git" && run scan --since HEAD .
    expect 2 && says "bare repository" || return 1
    cd "$work/repo" && rm -rf "$work/bare.git"
}

a_clone_without_history_says_so() {
    pod four >k8s/four.yaml
    git add .
    git commit -qm four
    rm -rf "$work/shallow"
    git clone -q --depth 1 "file://$work/repo" "$work/shallow"
    cd "$work/shallow" && run scan --since HEAD~1
    expect 2 && says "has no history" || return 1
    cd "$work/repo" && rm -rf "$work/shallow"
}

unrelated_histories_are_compared_as_they_are() {
    git checkout -q --orphan alone
    git commit -qm alone
    pod four >k8s/four.yaml
    run scan --since main --fail-on none
    expect 0 && says "no common ancestor" && says "k8s/four.yaml"
}

a_submodule_is_left_alone() {
    git init -q -b main "$work/sub"
    (cd "$work/sub" && pod sub >pod.yaml && git add . && git commit -qm sub)
    git -c protocol.file.allow=always submodule --quiet add "$work/sub" sub
    git commit -qm sub
    pod four >k8s/four.yaml
    run scan --since HEAD --fail-on none
    expect 0 && says submodule && silent_of sub/pod.yaml && says "k8s/four.yaml" || return 1
    pod more >sub/more.yaml
    run scan --since HEAD --fail-on none
    expect 0 && silent_of sub/more.yaml && rm -rf "$work/sub"
}

a_pointer_of_lfs_is_its_file_or_an_error() {
    sum=$(pod lfs | sha256sum | cut -d' ' -f1)
    printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 99\n' "$sum" >k8s/lfs.yaml
    git add .
    pod lfs >k8s/lfs.yaml
    run scan --staged
    expect 2 && says "Git LFS keeps it" || return 1
    two=$(printf %s "$sum" | cut -c1-2)/$(printf %s "$sum" | cut -c3-4)
    mkdir -p ".git/lfs/objects/$two"
    pod lfs >".git/lfs/objects/$two/$sum"
    run scan --staged
    expect 1 && says Pod/default/lfs
}

links_are_followed_inside_the_tree() {
    git rm -rq infra/prod infra/dev
    mkdir -p infra/live
    ln -s ../modules/bucket infra/live/it
    ln -s /etc infra/live/out
    ln -s loop infra/live/loop
    printf 'module "logs" {\n  source = "./it"\n  name = "x"\n}\nresource "aws_ebs_volume" "v" {\n  availability_zone = "a"\n  size = 1\n}\n' >infra/live/main.tf
    git add .
    run scan --staged --all-verdicts infra/live
    says "module.logs.aws_s3_bucket.b" || return 1
    git commit -qm live
    printf '# more\n' >>infra/modules/bucket/main.tf
    same_as_two_scans HEAD
}

a_sparse_checkout_deleted_nothing() {
    git sparse-checkout set k8s 2>/dev/null || return 0
    [ -e infra ] && return 0
    run scan --since HEAD
    expect 0 && says ": 0 new, 0 fixed"
}

names_that_lead_out_of_a_tree_are_left_out() {
    blob=$(pod evil | git hash-object -w --stdin)
    inner=$(printf '100644 blob %s\tevil.yaml\n' "$blob" | git mktree)
    tree=$(printf '040000 tree %s\t..\n100644 blob %s\tok.yaml\n' "$inner" "$blob" | git mktree) || return 0
    commit=$(git commit-tree -m evil "$tree")
    git checkout -q --orphan x
    git update-ref refs/heads/evil "$commit"
    run scan --since evil --fail-on none
    expect 0 && silent_of "../evil.yaml"
}

trees_inside_trees_have_an_end() {
    id=$(pod evil | git hash-object -w --stdin)
    line="100644 blob"
    for level in 1 2 3 4 5 6 7 8 9; do
        id=$(for name in a b c d e f g h i j; do printf '%s %s\t%s\n' "$line" "$id" $name; done | git mktree)
        line="040000 tree"
    done
    git update-ref refs/heads/evil "$(git commit-tree -m evil "$id")"
    run scan --since evil
    expect 2 && says "more than"
}

the_provenance_has_no_password() {
    git remote add origin https://user:pa55w0rd@example.com/group/project.git
    run scan -f sarif
    says '"repositoryUri":"https://example.com/group/project.git"' && silent_of pa55w0rd &&
        says "\"revisionId\":\"$(git rev-parse HEAD)\"" && says '"branch":"main"'
}

# --- baselines ---

a_baseline_excuses_what_was_there() {
    run baseline create
    expect 0 || return 1
    run baseline create
    expect 2 && says "is there already" || return 1
    run scan --baseline .plumb-baseline.json
    expect 0 && says " excused" && silent_of Dockerfile: || return 1
    pod four >k8s/four.yaml
    run scan --baseline .plumb-baseline.json
    expect 1 && says k8s/four.yaml && silent_of k8s/two.yaml
}

one_entry_excuses_one_finding() {
    printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: a, image: "a:latest"}]}\n' >k8s/two.yaml
    run baseline create b.json k8s/two.yaml --rule k8s-image-tag-fixed
    says "1 entry" || return 1
    sed -i 's/}\]}/}, {name: b, image: "a:latest"}]}/' k8s/two.yaml
    run scan --baseline b.json k8s/two.yaml --rule k8s-image-tag-fixed
    expect 1 && says "1 excused" && says "container b"
}

entries_end_and_go_stale() {
    run baseline create b.json --until 2020-02-30
    expect 2 || return 1
    run baseline create b.json --until 2020-02-28 --reason "for now"
    expect 0 || return 1
    run scan --baseline b.json
    expect 1 && says "was excused until 2020-02-28" || return 1
    run baseline show b.json
    expect 0 && says "over since 2020-02-28  for now" || return 1
    sed -i 's/2020-02-28/9999-12-31/' b.json
    run scan --baseline b.json
    expect 0 || return 1
    rm k8s/two.yaml
    run scan --baseline b.json
    expect 0 && says "is not found any more" && says stale || return 1
    run scan --baseline b.json app
    silent_of "is not found any more" || return 1
    run scan --baseline b.json --rule docker-base-pinned
    silent_of "is not found any more" || return 1
    run baseline update b.json
    expect 0 && says "(0 new," || return 1
    grep -q '9999-12-31.*for now' b.json || return 1
    run scan --baseline b.json
    expect 0 && silent_of stale
}

an_update_can_only_drop() {
    run baseline create b.json
    pod four >k8s/four.yaml
    rm k8s/two.yaml
    run baseline update b.json --prune
    says "(0 new" || return 1
    run scan --baseline b.json
    expect 1 && says k8s/four.yaml || return 1
    run baseline update b.json
    expect 0 && run scan --baseline b.json && expect 0
}

an_update_of_a_part_keeps_the_rest() {
    run baseline create b.json
    cp b.json "$work/whole.json"
    run baseline update b.json app
    cmp b.json "$work/whole.json"
}

entries_follow_a_moved_file() {
    run baseline create b.json
    git mv k8s/two.yaml k8s/zwei.yaml
    run scan --baseline b.json
    expect 0 && silent_of stale || return 1
    run baseline update b.json
    says "(0 new, 0 dropped)" && grep -q k8s/zwei.yaml b.json
}

entries_stay_where_their_file_is() {
    run baseline create b.json --rule k8s-image-tag-fixed
    pod two 1.2 >k8s/two.yaml
    pod two >k8s/zwei.yaml
    run scan --baseline b.json --rule k8s-image-tag-fixed
    expect 1 && says k8s/zwei.yaml
}

what_is_excused_is_suppressed_from_outside() {
    run baseline create b.json --reason because
    run scan --baseline b.json -f sarif --sarif-suppressed
    expect 0 && says '"kind":"external","justification":"because"'
}

a_baseline_and_since_go_together() {
    run baseline create b.json
    pod four >k8s/four.yaml
    run scan --since HEAD --baseline b.json
    expect 1 && says " 0 fixed, 0 unchanged" && silent_of k8s/two.yaml
}

a_broken_baseline_gives_no_verdict() {
    printf '{' >b.json
    run scan --baseline b.json
    expect 2 || return 1
    printf '{"schema": "plumb/baseline/v1", "entries": [{"fingerprint": "abc"}]}' >b.json
    run scan --baseline b.json
    expect 2 && says "entry 1" || return 1
    printf '[1]' >b.json
    run scan --baseline b.json
    expect 2 || return 1
    run scan --baseline nothing.json
    expect 2 && says "plumb baseline create" || return 1
    run baseline creat
    expect 2 && says 'did you mean `create`?'
}

for test in $(sed -n 's/^\([a-z][a-z_]*_[a-z_]*\)() {$/\1/p' "$0"); do
    case $test in
    same_as_two_scans | staged_as_two_scans | compare_with | silent_of) ;;
    *) check "$test" ;;
    esac
done
cd / || exit 2
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
