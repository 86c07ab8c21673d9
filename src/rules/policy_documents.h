/*
 * rules/policy_documents.h - the objects among which admission policies are, and what goes with
 * them
 *
 * Bindings, exceptions and parameters lie in any order and in any of the files, so all objects are
 * gathered before a policy is looked at (rules/policy.h).
 */
#ifndef PLUMB_RULES_POLICY_DOCUMENTS_H
#define PLUMB_RULES_POLICY_DOCUMENTS_H

#include "rules/compile.h"

typedef enum PolicyKind {
    POLICY_KIND_OTHER,      /* a parameter, or nothing that is asked for */
    POLICY_KIND_KUBERNETES, /* a policy of Kubernetes' own */
    POLICY_KIND_KYVERNO,    /* a policy of Kyverno's */
    POLICY_KIND_BINDING,    /* of one of Kubernetes' own */
    POLICY_KIND_EXCEPTION,  /* from one of Kyverno's */
} PolicyKind;

typedef struct PolicyDocument {
    Str path;
    const Node *root; /* an object of Kubernetes, scalars typed */
    PolicyKind kind;
    bool met; /* a scan has met it: nobody has named it */
} PolicyDocument;

/* Zeroed at first. */
typedef struct PolicyDocuments {
    PolicyDocument *items;
    uint32_t count;
    uint32_t capacity;
} PolicyDocuments;

/* Adds the objects of a YAML or JSON text; other documents are passed over, and of what a scan has
 * met (`met`) those that are a part of a policy only, as a patch is, or a test's expectation. What
 * is wrong is reported to the context. False if the text is none, there are too many objects, or
 * memory is short. */
bool policy_documents_add(PolicyDocuments *documents, Str path, Str text, bool met,
                          RuleContext *context);

static inline bool policy_document_is_policy(const PolicyDocument *document)
{
    return document->kind == POLICY_KIND_KUBERNETES || document->kind == POLICY_KIND_KYVERNO;
}

/* The text at a key of a map; empty where there is none. */
Str policy_text(const Node *map, const char *key);

/* The value of a key, or NULL where it is absent or null. */
const Node *policy_given(const Node *map, const char *key);

/* `metadata` of an object, its `name` and its `namespace`. */
const Node *policy_metadata(const Node *root);
Str policy_name(const Node *root);
Str policy_namespace(const Node *root);

/* The only namespace that a policy speaks of, where its kind confines it to one; else empty. */
Str policy_scope(const Node *root);

#endif
