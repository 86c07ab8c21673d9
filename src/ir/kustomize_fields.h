/*
 * ir/kustomize_fields.h - fields of objects that a kustomization sets, by their paths
 */
#ifndef PLUMB_IR_KUSTOMIZE_FIELDS_H
#define PLUMB_IR_KUSTOMIZE_FIELDS_H

#include "ir/kustomize_parts.h"

/* What is done with a field that was found. */
typedef struct KustSetter {
    void (*set)(void *context, Node *field);
    void *context;
    NodeKind create; /* what is made at the end of a path; NODE_NULL: nothing is made */
    const Node *at;  /* whose place has what is made */
} KustSetter;

/* Reads an item of a list of fields, such as `fields` of an item of `labels`. */
KustField kust_read_field(const KustBuild *build, const Node *item);

bool kust_field_matches(const KustField *field, const KustObject *object);

/* Finds the fields of one object that `field` means. */
void kust_set_field(KustBuild *build, KustObject *object, const KustField *field,
                    const KustSetter *setter);

/* The same with all paths of a list, and those that the user added to it. */
void kust_set_fields(KustBuild *build, KustObject *object, KustFieldList list,
                     const KustSetter *setter);

#endif
