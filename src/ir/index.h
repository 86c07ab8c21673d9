/*
 * ir/index.h - questions about all resources of a unit
 *
 * The indexes behind the answers are made at the first question of each kind, in the unit's arena,
 * so that a rule which joins resources costs a look-up and not a loop over all of them.
 *
 * An answer may be incomplete: a link that cannot be known (a reference through an unknown, an open
 * scope) may lead to a resource that is not listed. "None found" is then undecided.
 */
#ifndef PLUMB_IR_INDEX_H
#define PLUMB_IR_INDEX_H

#include "ir/unit.h"

typedef struct Found {
    const Resource *const *items; /* in the unit's order; in its arena */
    uint32_t count;
    bool incomplete;
    Str cause; /* of being incomplete: "known after apply", "aws_s3_bucket_versioning.x[*]" */
} Found;

/* All resources of a type, data sources under "data.TYPE". */
Found unit_resources(Unit *unit, Str type);

/* Those of `type` whose `attribute`, a path such as "metadata.name", is that text. Incomplete where
 * some attribute is not known. A namespace that a manifest does not write is `default`. */
Found unit_valued(Unit *unit, Str type, Str attribute, Str text);

/* Those of `type` whose `attribute` (a path as in Ref.from) names `to`: by reference, else by the
 * same known value of an identifying attribute of `to` (id, arn, name, bucket, ...). */
Found unit_referrers(Unit *unit, const Resource *to, Str type, Str attribute);

/* What the expression behind `value`, a node of `from`'s body or of a part of it, names. With
 * values that are known and no expression (state, literals), resources of the unit with that
 * identity. */
Found unit_refs(Unit *unit, const Resource *from, const Node *value);

/* For an answer to which what lies outside of the unit may belong: marks it as incomplete, or with
 * `unit->scope.supposing` says that its question is to be asked (ir/scope.h). */
bool index_supposes(Unit *unit, Found *found);

/* Kubernetes: the resources with a pod view, in `namespace`, whose pod labels meet `selector`: a
 * LabelSelector (matchLabels, matchExpressions) or a plain map of labels. A null selector selects
 * nothing, an empty one everything (meta/v1 LabelSelector). */
Found unit_selected(Unit *unit, Str namespace, const Node *selector);

#endif
