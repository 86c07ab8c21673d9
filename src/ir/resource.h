/*
 * ir/resource.h - what rules judge
 *
 * Every front end makes resources of its input, whatever the format. A rule sees the body as
 * `resource`, the identity as `meta`, and the pod of anything that runs pods as `pod`.
 */
#ifndef PLUMB_IR_RESOURCE_H
#define PLUMB_IR_RESOURCE_H

#include "syntax/node.h"

typedef enum Format {
#define FORMAT(name, id) FORMAT_##name,
#include "ir/formats.def"
#undef FORMAT
    FORMAT_COUNT
} Format;

/* "kubernetes", "terraform", ...; as rules' `as:` and the reports write it. */
const char *format_id(Format format);

typedef struct Resource Resource;

/* A reference from one resource of the unit to something: what an attribute's expression names. */
typedef struct Ref {
    Str from;           /* path of the attribute that holds it, without list positions:
                           "vpc_config.subnet_ids" */
    const Node *value;  /* the node of the body that the expression gives, or NULL */
    Str target;         /* address as written and resolved through modules: "aws_kms_key.a",
                           "module.m.aws_s3_bucket.b", "data.aws_ami.x" */
    Str attribute;      /* what of it: "arn", "id"; may be empty */
    const Resource *to; /* where it is in the unit; NULL where it is not, or not certain which
                           instance */
} Ref;

struct Resource {
    Format format;
    Symbol type;       /* SYMBOL_NONE where no rule names it (ir/kubernetes_kinds.h: namesakes) */
    Str type_name;     /* `aws_s3_bucket`, `Deployment`, `FROM` */
    Str name;          /* label, metadata.name, stage name */
    Str address;       /* Terraform's address with instance keys; Kind/namespace/name; for a
                          Dockerfile what a person would call it: "stage build", "RUN" */
    Str first_address; /* before a kustomization gave it another name; empty: the same */
    Str namespace;     /* Kubernetes; "default" where the manifest names none */
    Str api_version;   /* Kubernetes: "apps/v1" */
    Str module_path;   /* Terraform: "module.vpc.module.nat[0]", empty for the root module */
    Str provider;     /* Terraform: address of its provider's configuration, "aws.west"; empty where
                         none is written (ir/provider.h) */
    Str template;     /* Helm: the template that `# Source:` names */
    bool data_source; /* Terraform: `data`, known by its type with the prefix "data." */
    bool left_alone;  /* the user does not want it judged: it is there for others only */
    bool namespace_given;
    bool built;         /* by a kustomization */
    bool patched;       /* so that not all of it is as its file says */
    bool makes_pods;    /* or rather somebody else of it (ir/pod_makers.h) */
    uint8_t open;       /* RESOURCE_OPEN_*: what is not known of it as a whole */
    uint32_t instances; /* how many it stands for that do not differ but in their names; 0 is 1 */
    uint32_t document;  /* position in a stream, from 0 */
    Node body;
    const Node *pod; /* the pod view (ir/workload.h), or NULL */
    Span header; /* where a finding about something that is absent points: a block's first line, the
                    line of `kind:`, an instruction */
    Span
        related; /* a further place that explains this one, such as the module call; or SPAN_NONE */
    const Ref *refs;
    uint32_t ref_count;
    bool refs_pending;  /* a plan's: unit_index makes `refs` of `config` at the first question */
    const Node *config; /* a plan's configuration block, or NULL */
    const Resource *parent; /* the stage of an instruction, the Dockerfile of a stage; else NULL */
};

enum {
    RESOURCE_OPEN_COUNT = 1, /* whether and how often it exists is unknown: `a.b[*]`; every verdict
                                about it is unknown, given once */
};

#endif
