/*
 * ir/kustomize_fields.h - fields of objects that a kustomization sets, by their paths
 */
#ifndef PLUMB_IR_KUSTOMIZE_FIELDS_H
#define PLUMB_IR_KUSTOMIZE_FIELDS_H

#include "ir/kustomize_parts.h"

typedef enum KustFieldList {
    KUST_FIELDS_SELECTOR,
    KUST_FIELDS_AFFINITY,
    KUST_FIELDS_TEMPLATE,
    KUST_FIELDS_OWN,
    KUST_FIELDS_ANNOTATION,
    KUST_FIELDS_NAMESPACE,
    KUST_FIELDS_REPLICAS,
    KUST_FIELDS_VOLUME_IMAGE,
} KustFieldList;

/* Which objects, and where in them; empty texts match any. */
typedef struct KustField {
    Str group;
    Str version;
    Str kind;
    Str path; /* words between slashes, a slash in one after a backslash; a list stands for each of
                 its items, and a word with [] at its end is one */
    bool create;
} KustField;

/* What is done with a field that was found. */
typedef struct KustSetter {
    void (*set)(void *context, Node *field);
    void *context;
    NodeKind create; /* what is made at the end of a path; NODE_NULL: nothing is made */
    const Node *at;  /* whose place has what is made */
} KustSetter;

bool kust_field_matches(const KustField *field, const KustObject *object);

/* Finds the fields of one object that `field` means. */
void kust_set_field(KustBuild *build, KustObject *object, const KustField *field,
                    const KustSetter *setter);

/* The same with all paths of a list. */
void kust_set_fields(KustBuild *build, KustObject *object, KustFieldList list,
                     const KustSetter *setter);

#endif
