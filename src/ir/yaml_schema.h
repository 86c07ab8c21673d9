/*
 * ir/yaml_schema.h - types for YAML's scalars
 *
 * What a plain scalar means is up to who reads the file. Kubernetes reads YAML 1.1 as
 * sigs.k8s.io/yaml does, Terraform's yamldecode() has a mixture of its own; everything else here
 * reads the core schema of YAML 1.2 (10.3.2).
 */
#ifndef PLUMB_IR_YAML_SCHEMA_H
#define PLUMB_IR_YAML_SCHEMA_H

#include "base/diag.h"
#include "syntax/node.h"

typedef enum YamlSchema {
    /* y, yes, on, n, no, off are booleans too; 0777 is octal, 0b11 binary, 1_000 a number; `<<`
     * merges: keys given in the map itself win, then the first of several maps. A number that fits
     * no int64 is a double. Timestamps are strings. */
    YAML_SCHEMA_KUBERNETES,
    /* true and false only; 0o7 and 0xf; `<<` is an ordinary key. */
    YAML_SCHEMA_CORE,
    /* The core schema with the booleans and merges of YAML 1.1; a date is the moment that the day
     * begins, "2012-10-17T00:00:00Z". */
    YAML_SCHEMA_TERRAFORM,
} YamlSchema;

/* Gives every scalar below `root`, a tree of yaml_read(), its type in place, and carries out merges
 * in `arena`. A tag wins over the schema where the text allows it. `<<` with something that is not
 * a map is a warning and goes. False when the arena is spent. */
bool yaml_schema_apply(YamlSchema schema, Node *root, Arena *arena, DiagSink *diags);

/* The type of one scalar, in place; other nodes are left alone. */
void yaml_schema_scalar(YamlSchema schema, Node *node);

#endif
