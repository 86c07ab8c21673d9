/*
 * ir/kustomize_parts.h - the objects of a kustomization, for the files of ir/kustomize.c
 */
#ifndef PLUMB_IR_KUSTOMIZE_PARTS_H
#define PLUMB_IR_KUSTOMIZE_PARTS_H

#include "ir/kustomize.h"
#include "ir/str_map.h"

/* What an object was called at some time of the build. Patches and references may mean any. */
typedef struct KustId {
    Str kind;
    Str name;
    Str namespace; /* the one it counts for: "default" where none is given; empty for a kind that
                      has no namespaces */
} KustId;

typedef struct KustWords {
    Str *items;
    uint32_t count;
    uint32_t capacity;
} KustWords;

typedef struct KustObject KustObject;
struct KustObject {
    Node body;
    KustId *previous; /* from the first */
    uint32_t previous_count;
    uint32_t previous_capacity;
    KustWords prefixes;
    KustWords suffixes;
    bool hashed;  /* generated: its name gets a hash of its data */
    bool gone;    /* a patch took it away */
    bool patched; /* it is not as its file says, but for what is set in all objects */
};

typedef struct KustSet {
    KustObject **items; /* pointers stay good */
    uint32_t count;
    uint32_t capacity;
} KustSet;

typedef struct KustVar {
    Str name;
    const Node *item;         /* of `vars` */
    const KustObject *object; /* that it was of where it was declared; or NULL */
} KustVar;

/* Fields that a kustomization sets, by what is put there (ir/kustomize_fields.def). */
typedef enum KustFieldList {
    KUST_FIELDS_SELECTOR,
    KUST_FIELDS_AFFINITY,
    KUST_FIELDS_TEMPLATE,
    KUST_FIELDS_OWN,
    KUST_FIELDS_ANNOTATION,
    KUST_FIELDS_NAMESPACE,
    KUST_FIELDS_REPLICAS,
    KUST_FIELDS_IMAGE,
    KUST_FIELDS_VAR,
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

/* A field of the user's own (ir/kustomize_config.h). */
typedef struct KustOwnField {
    KustFieldList list;
    KustField field;
} KustOwnField;

/* Objects of a kind, and a field of others that names them. */
typedef struct KustReference {
    Str kind;
    Str group;
    Str version;
    KustField field;
} KustReference;

/* One build. */
typedef struct KustBuild {
    Unit *unit;
    const KustomizeFiles *files;
    uint64_t budget;    /* steps that it may still take: nodes that are copied, items compared */
    uint32_t loaded;    /* directories so far */
    bool open;          /* something is not here */
    Diag *missing_said; /* the last that was said of them, ... */
    Str missing_text;   /* ... its own words, ... */
    uint32_t missing_count; /* ... and how many the same kustomization names */
    StrMap missing;         /* paths of files that could not be read, each of which is said once */
    KustVar *vars;
    uint32_t var_count;
    uint32_t var_capacity;
    KustOwnField *own_fields;
    uint32_t own_field_count;
    uint32_t own_field_capacity;
    KustReference *own_references;
    uint32_t own_reference_count;
    uint32_t own_reference_capacity;
} KustBuild;

/* A kustomization that is being built. */
typedef struct KustDir {
    KustBuild *build;
    Str path;         /* of the directory, from the boundary; "." for that itself */
    const Node *root; /* of its file */
    const struct KustDir *outer;
    uint32_t depth;
} KustDir;

/* Takes steps off the budget; false where that is spent. */
bool kust_spend(KustBuild *build, uint64_t steps);

/* The same for a look at each object of a set, which is less than a step. */
bool kust_spend_look(KustBuild *build, const KustSet *set);

/* A mistake at `node`; always false. */
bool kust_error(const KustBuild *build, const Node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What is left out, and why. What the build lacks is not taken for absent afterwards. */
void kust_leave_out(KustBuild *build, const Node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The text of a scalar as it was written: a number that stands for a name is one. Empty for
 * anything else; takes NULL. */
Str kust_text(const KustBuild *build, const Node *node);
Str kust_field(const KustBuild *build, const Node *map, const char *key);

/* Whether `map` has `key: true`. */
bool kust_is_true(const Node *map, const char *key);

/* Whether a word is the wanted one; an empty one wants any. */
static inline bool kust_is_word(Str wanted, Str given)
{
    return !wanted.size || str_eq(wanted, given);
}

/* A list that `map` has at `key`, or NULL. */
const Node *kust_list(const Node *map, const char *key);

bool kust_add_word(const KustBuild *build, KustWords *words, Str word);

/* --- objects --- */

Str kust_kind(const KustObject *object);
Str kust_name(const KustObject *object);
Str kust_namespace(const KustObject *object); /* as it is given; may be empty */
Str kust_group(const KustObject *object);
Str kust_version(const KustObject *object);
bool kust_is_cluster_scoped(const KustObject *object);
KustId kust_id(const KustObject *object);

/* The namespace that `given` counts for with an object of this kind. */
Str kust_effective_namespace(Str api_version, Str kind, Str given);

/* Notes what the object is called, before that changes. */
void kust_remember(const KustBuild *build, KustObject *object);

/* How many ids an object has, and the `number`th: its previous ones, then its own. */
uint32_t kust_id_count(const KustObject *object);
KustId kust_id_at(const KustObject *object, uint32_t number);

/* Sets `metadata.FIELD`. */
void kust_set_metadata(const KustBuild *build, KustObject *object, const char *field, Node value);

/* --- sets --- */

/* A copy of `body` as a new object, in no set yet. NULL when the arena is spent. */
KustObject *kust_object(KustBuild *build, const Node *body);

bool kust_append(const KustBuild *build, KustSet *set, KustObject *object);

/* Appends, unless another object is called so: that is a mistake at `at`. */
void kust_add(KustBuild *build, KustSet *set, KustObject *object, const Node *at);

/* The object that has, or had, the id of `body`, with the same API group and version. NULL where
 * there is none; `*count` is how many there are. */
KustObject *kust_find(const KustSet *set, const Node *body, uint32_t *count);

/* Drops what patches took away. */
void kust_sweep(KustSet *set);

#endif
