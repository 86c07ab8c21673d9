/*
 * ir/terraform_groups.h - instances that do not differ, so that they are judged once
 *
 * A for_each over thousands, as a table of users or addresses makes one, mostly gives resources
 * that are the same but for their names. Those with the same each.value are one group: its each.key
 * is not known, for it stands for all of them.
 */
#ifndef PLUMB_IR_TERRAFORM_GROUPS_H
#define PLUMB_IR_TERRAFORM_GROUPS_H

#include "ir/hcl_eval.h"

/* Up to so many instances of one block are made one by one. */
#define TF_SINGLY_MAX 1000u

typedef struct TfGroup {
    Node first; /* the key of its first instance */
    Node key;   /* each.key; unknown where there are more instances than one */
    Node value; /* each.value */
    uint32_t count;
} TfGroup;

typedef struct TfGroups {
    TfGroup *items; /* in the order of their first keys */
    uint32_t count;
    uint32_t capacity;
} TfGroups;

/* The groups of `each`, a map or a set of texts, which are TF_SINGLY_MAX at most: what differs
 * beyond that is one group whose value is unknown. */
TfGroups tf_groups(HclEval *eval, const Node *each);

#endif
