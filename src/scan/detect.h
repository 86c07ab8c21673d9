/*
 * scan/detect.h - what kind of input a file is, told cheaply
 *
 * The name decides which files are opened at all; the bytes decide what they are, by a search for
 * words and without parsing, so that a YAML file that is no manifest costs a read and nothing more.
 * Nothing is an input by its ending alone.
 */
#ifndef PLUMB_SCAN_DETECT_H
#define PLUMB_SCAN_DETECT_H

#include "base/str.h"

/* What a name promises. */
typedef enum NameKind {
    NAME_OTHER, /* never opened */
    NAME_YAML,
    NAME_JSON,
    NAME_DOCKERFILE,
    NAME_TERRAFORM,  /* .tf, .tofu, .json of both: those of a directory are one module */
    NAME_TERRAGRUNT, /* terragrunt.hcl */
    NAME_TFVARS, /* values that Terraform takes by itself: terraform.tfvars, *.auto.tfvars, .json */
    NAME_PLAN,   /* what people call a plan that is saved: tfplan, *.tfplan */
    NAME_WORKFLOW, /* .github/workflows/ */
    NAME_COMPOSE,
    NAME_KUSTOMIZATION,
    NAME_CHART, /* Chart.yaml: what its directory renders to */
    NAME_ANY,   /* named by the user, or like a Dockerfile and source: the content alone decides */
} NameKind;

typedef enum InputKind {
    INPUT_NONE,           /* nothing that plumb knows */
    INPUT_KUBERNETES,     /* YAML or JSON, one object or a stream */
    INPUT_PLAN,           /* `terraform show -json` of a plan or a state */
    INPUT_SAVED_PLAN,     /* the archive that `terraform plan -out` writes */
    INPUT_ENCRYPTED_PLAN, /* the same of OpenTofu, encrypted */
    INPUT_DOCKERFILE,
    INPUT_COMPOSE,
    INPUT_WORKFLOW,  /* of GitHub Actions */
    INPUT_TERRAFORM, /* a module, by its files' names alone */
    INPUT_BINARY,    /* named like an input, but no text */
} InputKind;

/* By the path, of which the last parts count. */
NameKind detect_name(Str path);

/* By the first words of the text, which is not parsed. A text that was cut off is still what it
 * began as. */
InputKind detect_content(NameKind name, Str text);

/* Whether it may hold manifests, which are judged together with those of their directory. */
bool detect_may_be_manifest(NameKind name);

/* Whether files of these kinds, in one directory, are judged together: manifests, and a
 * repository's workflows. */
bool detect_goes_together(NameKind a, NameKind b);

/* Whether manifests may come out of it that nobody has made yet: a template of another kind than
 * Helm's, or a program. */
bool detect_makes_manifests(Str path);

/* Whether Terraform of that text, source or plan, may make objects of Kubernetes. */
bool detect_makes_objects(Str text);

/* Whether YAML has a template's control lines, `{{ if ... }}` or a value that begins with `{{`
 * unquoted: what Helm has not rendered is no manifest yet. */
bool detect_template(Str text);

/* Whether the text holds what Go's, Jinja's, Ruby's and older Docker templates replace. */
bool detect_template_mark(Str text);

#endif
