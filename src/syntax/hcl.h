/*
 * syntax/hcl.h - HCL native syntax to a tree
 *
 * Reads the language of https://github.com/hashicorp/hcl, hclsyntax/spec.md: attributes and blocks,
 * and in them expressions and templates. The tree is what the file says; ir/hcl_eval.h gives
 * expressions a value and ir/terraform.h gives blocks a meaning.
 */
#ifndef PLUMB_SYNTAX_HCL_H
#define PLUMB_SYNTAX_HCL_H

#include "base/diag.h"
#include "syntax/node.h"

typedef enum HclKind {
    HCL_LITERAL,     /* null, true, false, a number */
    HCL_STRING,      /* text without interpolations */
    HCL_TEMPLATE,    /* `items` in a row make one text */
    HCL_WRAP,        /* "${a}" and nothing else: the value of a, whatever its type */
    HCL_NAME,        /* `name`: the root of a reference */
    HCL_ATTR,        /* a.name */
    HCL_INDEX,       /* a[b], and the legacy a.0 */
    HCL_SPLAT,       /* a[*] and what follows it (b), or with `flag` the attribute-only a.* */
    HCL_SPLAT_ITEM,  /* inside of HCL_SPLAT.b: the element at hand */
    HCL_CALL,        /* name(items); with `flag` the last one is expanded: name(x...) */
    HCL_UNARY,       /* op a */
    HCL_BINARY,      /* a op b */
    HCL_CONDITIONAL, /* a ? b : c, also from %{ if }, where b and c are templates */
    HCL_PARENS,      /* (a) */
    HCL_TUPLE,       /* [items] */
    HCL_OBJECT,      /* {items}: key and value in turn */
    HCL_FOR,         /* `loop` */
    HCL_TEMPLATE_FOR /* %{ for }: `loop`, its values joined to one text */
} HclKind;

typedef enum HclOp {
    HCL_OP_OR,
    HCL_OP_AND,
    HCL_OP_EQ,
    HCL_OP_NE,
    HCL_OP_LT,
    HCL_OP_LE,
    HCL_OP_GT,
    HCL_OP_GE,
    HCL_OP_ADD,
    HCL_OP_SUB,
    HCL_OP_MUL,
    HCL_OP_DIV,
    HCL_OP_MOD,
    HCL_OP_NOT,
    HCL_OP_NEGATE,
} HclOp;

typedef struct HclExpr HclExpr;

/* [for key, value in in : result if cond], {for ... : key_result => result...} */
typedef struct HclFor {
    Str key; /* empty where one variable is named */
    Str value;
    const HclExpr *in;
    const HclExpr *key_result; /* NULL in a tuple */
    const HclExpr *result;
    const HclExpr *cond; /* or NULL */
    bool group;          /* `...` after the result */
} HclFor;

struct HclExpr {
    uint8_t kind;    /* HclKind */
    uint8_t op;      /* HclOp */
    bool flag;       /* see HclKind */
    uint16_t height; /* of the tree below, at most LIMIT_DEPTH */
    uint32_t count;  /* of `items` */
    Span span;
    Span name_span; /* of `name`; of an index with its brackets; of an operator */
    union {
        Node literal; /* HCL_LITERAL */
        Str text;     /* HCL_STRING */
        Str name;     /* HCL_NAME, HCL_ATTR, HCL_CALL */
        const HclFor *loop;
    } as;
    const HclExpr *a;
    union {
        const HclExpr *b;
        const HclExpr **items; /* HCL_TEMPLATE, HCL_CALL, HCL_TUPLE, HCL_OBJECT */
    };
    const HclExpr *c;
};

typedef struct HclBody HclBody;

typedef struct HclAttribute {
    Str name;
    Span name_span;
    const HclExpr *value;
} HclAttribute;

typedef struct HclLabel {
    Str text;
    Span span; /* with its quotes */
} HclLabel;

typedef struct HclBlock {
    Str type;
    const HclLabel *labels;
    uint32_t label_count;
    Span header; /* from the type to the opening brace */
    Span span;   /* from the type to the closing brace */
    HclBody *body;
} HclBlock;

struct HclBody {
    HclAttribute *attributes; /* in the order of the file; a name stands once */
    uint32_t attribute_count;
    HclBlock *blocks;
    uint32_t block_count;
    Span span;
    const Span *comments; /* of the whole file, in its order; on the file's body only */
    uint32_t comment_count;
};

/* Reads `source`, any bytes at all. The result is in `arena` and points into `source`, which must
 * live as long. A mistake costs its own argument or block header and not the file: it is reported
 * to `diags` and left out, and reading goes on below it. NULL only when `arena` is spent. */
HclBody *hcl_read(const Source *source, Arena *arena, DiagSink *diags);

/* Reads one expression that makes up all of `source`, as `plumb eval` takes it. NULL when it is
 * none, which is reported, or when `arena` is spent. */
const HclExpr *hcl_read_expression(const Source *source, Arena *arena, DiagSink *diags);

/* Reads all of `source` as a template, as templatefile() does. NULL as above. */
const HclExpr *hcl_read_template(const Source *source, Arena *arena, DiagSink *diags);

/* The attribute of that name, or NULL. */
const HclAttribute *hcl_attribute(const HclBody *body, Str name);

/* The text of an expression that is a plain string, else an empty Str. Takes NULL. */
Str hcl_string(const HclExpr *expr);

#endif
