/*
 * rules/policy_index.h - admission policies and what goes with them, by what refers to them
 *
 * A policy asks for those of its name, for its bindings, exceptions and parameters. With this it
 * need not go through all objects for each.
 */
#ifndef PLUMB_RULES_POLICY_INDEX_H
#define PLUMB_RULES_POLICY_INDEX_H

#include "ir/str_map.h"
#include "rules/policy_documents.h"

/* What is looked for, and the fields of a PolicyQuery that count. */
typedef enum PolicyRole {
    POLICY_ROLE_POLICY,    /* policies that are called so: name */
    POLICY_ROLE_BINDING,   /* bindings of such a policy: name */
    POLICY_ROLE_EXCEPTION, /* exceptions from such a policy: kind, name */
    POLICY_ROLE_PARAMETER, /* objects: version, kind; namespace and name, or empty for any */
} PolicyRole;

typedef struct PolicyQuery {
    PolicyRole role;
    Str version; /* `apiVersion` */
    Str kind;
    Str namespace;
    Str name;
} PolicyQuery;

/* A document in a list of those that one query finds. */
typedef struct PolicyLink {
    const PolicyDocument *document;
    uint32_t next; /* number + 1 of the link behind it, or 0 */
} PolicyLink;

typedef struct PolicyIndex {
    Arena *arena;
    StrMap objects; /* by what objects are called: number + 1 of the first document */
    StrMap lists;   /* by query: number + 1 of the first link */
    PolicyLink *links;
    uint32_t count;
    uint32_t capacity;
} PolicyIndex;

/* Makes the index of documents that stay as they are; false if memory is short. */
bool policy_index_make(const PolicyDocuments *documents, Arena *arena, PolicyIndex *index);

/* The first document with the same object. Policies are the same by their names and scopes, others
 * by the groups of their API, kinds and names. Queries find no later ones. */
const PolicyDocument *policy_index_first(const PolicyIndex *index, const PolicyDocuments *documents,
                                         const PolicyDocument *document);

/* Where the list of what a query finds begins, in the order of the documents. */
uint32_t policy_index_find(const PolicyIndex *index, const PolicyQuery *query);

/* The document at `*at`, which moves to the next; NULL at the end of the list. */
const PolicyDocument *policy_index_take(const PolicyIndex *index, uint32_t *at);

#endif
