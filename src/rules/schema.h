/*
 * rules/schema.h - rule files to drafts of rules
 *
 * A rule file is a list of rules, or a map of `define` and `rules` (docs/writing-rules.md,
 * docs/rule.schema.json). A draft is a rule whose fields have the right shape; the expressions in
 * it are still text, which rules/compile.h reads.
 */
#ifndef PLUMB_RULES_SCHEMA_H
#define PLUMB_RULES_SCHEMA_H

#include "base/diag.h"
#include "ir/resource.h"
#include "rules/rule.h"

typedef enum RuleField {
#define RULE_FIELD(name, key, shape) RULE_FIELD_##name,
#include "rules/fields.def"
#undef RULE_FIELD
    RULE_FIELD_COUNT
} RuleField;

/* What a test wants of its rule. */
typedef enum RuleOutcome {
    RULE_TEST_FAIL,    /* a finding */
    RULE_TEST_PASS,    /* judged, no finding, nothing undecided */
    RULE_TEST_UNKNOWN, /* undecided, and no finding */
    RULE_TEST_SKIP,    /* not judged at all */
    RULE_TEST_ERROR,   /* an expression of the rule fails */
} RuleOutcome;

/* The key of an outcome: "fail", ... */
const char *rule_outcome_name(RuleOutcome outcome);

typedef struct RuleTestFile {
    Str path;         /* empty where the test is one text */
    const Node *text; /* a scalar */
} RuleTestFile;

typedef struct RuleTest {
    RuleOutcome outcome;
    Span span; /* of its first key */
    RuleTestFile *files;
    uint32_t file_count;
    Str as;             /* a format's id, or empty */
    const Node *config; /* a map as in plumb.yaml, or NULL */
    bool severity_given;
    Severity severity; /* of every finding */
    Str resource;      /* address that a finding must be about, or empty */
    bool count_given;
    uint32_t count;      /* of findings */
    Str at;              /* JSON pointer to the place of the finding, or empty */
    const Node *fixed;   /* what the rule's edit makes of the only file, or NULL */
    const Node *aliases; /* of those with conditions, the ones that each finding goes by, or NULL */
} RuleTest;

/* One edit of a rule, its expressions and texts still as they stand in the file. */
typedef struct RuleEdit {
    RuleEditOp op;
    const Node *each;  /* NULL: once */
    const Node *at;    /* NULL: the rule's own */
    const Node *when;  /* NULL: always */
    const Node *value; /* a text, or of RULE_EDIT_SET any value */
} RuleEdit;

/* What a rule has that was made of an admission policy (rules/policy.h). Expressions are texts. */
typedef struct RuleAdmission {
    const Node *variables;   /* a list of {name, expression}, or NULL */
    const Node *conditions;  /* the same of what must hold for the policy to speak; or NULL */
    const Node **exceptions; /* such lists: where all of one holds the policy does not speak */
    uint32_t exception_count;
    const Node *check; /* the expression of the validation */
    const Node *say;   /* the expression of its message, or NULL */
    Str message;       /* where that gives none */
    bool params_known; /* `data` has what `params` is */
    bool kyverno;      /* Kyverno's libraries may be named */
    Node data;
} RuleAdmission;

typedef struct RuleFile RuleFile;

typedef struct RuleDraft {
    const RuleFile *file;
    const Node *node;                     /* the whole rule */
    const Node *fields[RULE_FIELD_COUNT]; /* NULL where it has none */
    Severity severity;
    Category category;
    RuleDefault life;
    bool secret;
    RuleTest *tests;
    uint32_t test_count;
    RuleEdit *edits;
    uint32_t edit_count;
    const RuleAdmission *admission; /* NULL of a rule of a rule file */
} RuleDraft;

struct RuleFile {
    Str path;
    const Node *defines; /* a map of names to expressions, or NULL */
    RuleDraft *rules;    /* those without a mistake */
    uint32_t rule_count;
    RuleFile *next;
};

/* The text of a field that is a scalar, and of one of a field that is a scalar or a list of them;
 * empty where the rule has none. */
Str draft_text(const RuleDraft *draft, RuleField field);
uint32_t draft_list_count(const RuleDraft *draft, RuleField field);
Str draft_list_text(const RuleDraft *draft, RuleField field, uint32_t index);
const Node *draft_list_node(const RuleDraft *draft, RuleField field, uint32_t index);

/* The text of a scalar of a rule file; empty for anything else and for NULL. */
Str scalar_text(const Node *node);

/* Takes `root`, the tree of a rule file with untyped scalars, apart. A rule with a mistake is
 * reported to `diags` and left out. NULL if `arena` is spent. */
RuleFile *rule_file_build(Str path, const Node *root, Arena *arena, DiagSink *diags);

/* The keys that a rule, a case, a related place, a parameter, a test may have; for the schema's own
 * tests. */
Str rule_field_key(RuleField field);

#endif
