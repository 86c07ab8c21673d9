/*
 * rules/blob.h - how a rule set lies in memory
 *
 * One array of bytes, aligned to 8, in which everything refers to everything else by its offset
 * from the start. It is what rulec writes into the binary and what a user's rules become at start;
 * either is used in place. For rules/ and the evaluator; others use rules/rule.h.
 *
 * The layout is that of the machine which made it, since a set never travels between machines.
 */
#ifndef PLUMB_RULES_BLOB_H
#define PLUMB_RULES_BLOB_H

#include "base/symbols.h"
#include "rules/rule.h"

/* Changes with the layout of anything below, or of compiled code. */
#define BLOB_MAGIC "plumbrs"
#define BLOB_FORMAT 10u

/* Nothing lies at the start but the header, so offset 0 stands for "none". */
typedef struct BlobText {
    uint32_t offset;
    uint32_t size;
} BlobText;

/* Elements of a type that its user knows, one after the other. */
typedef struct BlobList {
    uint32_t offset;
    uint32_t count;
} BlobList;

/* A compiled expression; size 0 where the rule has none. */
typedef struct BlobCode {
    uint32_t offset;
    uint32_t size;
    uint16_t stack_max;
    uint16_t local_count;
} BlobCode;

/* A message is a list of these: text, then the value of an expression. */
typedef struct BlobPart {
    BlobText text;
    BlobCode value;
} BlobPart;

typedef struct BlobCase {
    BlobCode condition;
    BlobCode at;
    BlobList message; /* BlobPart; empty where the rule's own holds */
    uint32_t severity;
} BlobCase;

typedef struct BlobRelated {
    BlobCode at;
    BlobList message;
} BlobRelated;

typedef struct BlobFramework {
    BlobText name;
    BlobText control;
} BlobFramework;

/* Aliases, one after the other, that mean only a part of what the rule finds. */
typedef struct BlobAliasPart {
    uint32_t first, count;
    BlobList types;     /* BlobText: of resources; none: all */
    BlobCode condition; /* that holds of a finding */
} BlobAliasPart;

/* Whether a rule is about a resource or element at all. */
typedef struct BlobCondition {
    BlobCode code;
    uint32_t variables; /* bit n: it reads variable n of RULE_VAR_* */
    uint32_t each;      /* it asks of the element, not of the resource */
    uint32_t shared;    /* number of a question that other rules ask too; 0 for none */
} BlobCondition;

/* One of the edits that put a finding right. */
typedef struct BlobEdit {
    uint32_t op;   /* RuleEditOp */
    BlobCode each; /* a list: the edit is made for each element */
    BlobCode when;
    BlobCode at;    /* the word; of RULE_EDIT_SET and _REMOVE: where `path` begins */
    BlobList path;  /* BlobText: fields from there on */
    BlobList text;  /* BlobPart */
    uint32_t value; /* data, of RULE_EDIT_SET */
} BlobEdit;

typedef struct BlobPath {
    BlobList symbols; /* Symbol */
    uint32_t pod;     /* it begins in the pod, not in the resource */
} BlobPath;

/* What is looked at before a rule runs stands first, in as few cache lines as there can be. */
struct Rule {
    uint32_t self;   /* offset of this record, so that a rule alone finds its texts */
    uint32_t number; /* position in its set */
    uint8_t severity, category, life, families; /* families: RULE_FAMILY_* of `for` */
    uint32_t asks;                              /* it looks at other resources of the unit */
    uint32_t admission; /* data: what of an admission policy is no expression (rules/policy_rule.h);
                           0: it is none */
    uint32_t format;    /* Format of all resources that it is about, counted from 1; 0: of any */
    BlobList when_needs; /* BlobPath: where nothing is at any of them `when` is false, */
    BlobList each_needs; /* and `each` empty; no paths where that cannot be said */
    BlobCondition when;
    BlobCondition guard;  /* what this and other `when` begin with: false makes them false */
    uint32_t each_shared; /* as BlobCondition.shared */
    BlobCode each, check;
    uint32_t variables;      /* bit n: an expression reads variable n of RULE_VAR_* */
    uint32_t each_variables; /* the same of `each` */
    uint32_t params;         /* data: a map of the defaults; 0 for none */
    BlobList alias_parts;    /* BlobAliasPart */
    BlobList cases;          /* BlobCase */
    BlobCode at;
    BlobList message; /* BlobPart */
    BlobText id, title, why, fix, note, since, replaced_by, needed_by;
    BlobText failing, passing; /* examples */
    BlobText file;             /* that holds it, and the line in it */
    uint32_t line;
    uint32_t secret;                       /* no report shows the lines that it finds */
    BlobList targets, aliases, references; /* BlobText */
    BlobList frameworks;                   /* BlobFramework */
    BlobList related;                      /* BlobRelated */
    BlobList edits; /* BlobEdit; empty where only a person can put a finding right */
    BlobCode say;   /* a text that is the message, if it is one; of admission policies */
};

enum {
    RULE_FAMILY_ANY = 1,
    RULE_FAMILY_POD = 2,
};

/* The rules that name a type. */
typedef struct BlobType {
    Symbol type;
    BlobList rules; /* uint32_t */
} BlobType;

/* A pattern of `for`, such as `aws_*`. */
typedef struct BlobGlob {
    BlobText pattern;
    uint32_t rule;
} BlobGlob;

/* A value: null, bool, number, text, list or map, by NodeKind. */
typedef struct BlobData {
    uint32_t kind;
    uint32_t count; /* bytes of text; elements that lie at as.offset: BlobData or BlobField */
    union {
        uint64_t offset;
        int64_t integer;
        double number;
    } as;
} BlobData;

typedef struct BlobField {
    BlobText key;
    Symbol symbol;
    uint32_t spare;
    BlobData value;
} BlobField;

/* What a provider does with an attribute that is left unset. */
typedef struct BlobDefault {
    Symbol type;
    BlobText path;
    uint32_t spare;
    BlobData value;
} BlobDefault;

/* The fields of Kubernetes' kinds (ir/object_types.h): where each of its arrays lies. */
typedef struct BlobObjects {
    BlobList kinds; /* ObjectKind; none where the set has no table */
    uint32_t types, names, fields;
} BlobObjects;

/* A name that a rule goes by: its id or an alias. */
typedef struct BlobCalled {
    uint32_t hash; /* rule_name_hash() */
    uint32_t rule;
} BlobCalled;

typedef struct BlobHeader {
    char magic[8];
    uint32_t format;
    uint32_t size;
    BlobText version;  /* "2026.1" */
    BlobText hash;     /* of the rules' text, hexadecimal */
    BlobList rules;    /* Rule */
    BlobList lives;    /* uint8_t: the RuleDefault of each rule, side by side */
    BlobList called;   /* BlobCalled, by hash, then rule */
    BlobList types;    /* BlobType, by ascending type */
    BlobList globs;    /* BlobGlob */
    BlobList pod;      /* uint32_t: rules for everything that runs pods */
    BlobList any;      /* uint32_t: rules for everything */
    BlobList defaults; /* BlobDefault, by type name, then path */
    BlobObjects objects;
    BlobList slots; /* uint32_t: the symbol table's, with the two below */
    BlobList names; /* SymbolName */
    uint32_t texts;
    uint32_t shared; /* questions that several rules ask; their numbers begin at 1 */
} BlobHeader;

#endif
