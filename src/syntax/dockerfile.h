/*
 * syntax/dockerfile.h - Dockerfile text to a list of instructions
 *
 * Reads what BuildKit reads: parser directives, continuation lines, heredocs, shell and exec form
 * (https://docs.docker.com/reference/dockerfile/). It expands no variable and knows no stage;
 * ir/docker.c does that.
 */
#ifndef PLUMB_SYNTAX_DOCKERFILE_H
#define PLUMB_SYNTAX_DOCKERFILE_H

#include "base/diag.h"
#include "syntax/mapped.h"

typedef enum DockerOp {
    DOCKER_UNKNOWN, /* a keyword that is not in docker_ops.def */
#define DOCKER(name, form) DOCKER_##name,
#include "syntax/docker_ops.def"
#undef DOCKER
    DOCKER_OP_COUNT
} DockerOp;

/* How the arguments of an instruction are written. */
typedef enum DockerForm {
    DOCKER_FORM_LIST,         /* words between blanks */
    DOCKER_FORM_LIST_OR_JSON, /* the same, or a JSON array of strings */
    DOCKER_FORM_PAIRS,        /* NAME=value ..., or NAME and the rest of the line */
    DOCKER_FORM_TEXT,         /* one word: the rest of the line */
    DOCKER_FORM_COMMAND,      /* a command line for the shell, or a JSON array of strings */
    DOCKER_FORM_HEALTH,       /* NONE, or CMD and a command */
    DOCKER_FORM_NESTED,       /* another instruction */
} DockerForm;

typedef struct DockerWord {
    Str text;  /* as written, quotes and escapes too, but of exec form: there it is decoded */
    Span span; /* quotes included */
} DockerWord;

typedef struct DockerFlag {
    Str name;  /* without `--` */
    Str value; /* as written; empty where there is none */
    bool has_value;
    Span span;
    Span value_span;
} DockerFlag;

typedef struct DockerPair {
    DockerWord name;
    DockerWord value;
    bool has_value; /* false for `ARG NAME` */
} DockerPair;

typedef struct DockerHeredoc {
    Str name;        /* without its quotes */
    bool expands;    /* the name is not quoted: the builder expands variables in the body */
    bool strip_tabs; /* `<<-`: tabs at the start of lines go */
    DockerWord mark; /* `<<EOF` as it stands in the instruction */
    MappedText body; /* the lines between, their ends included; tabs still there */
} DockerHeredoc;

typedef struct DockerInstr DockerInstr;
struct DockerInstr {
    DockerOp op;
    Str keyword;    /* as written */
    bool exec_form; /* written as a JSON array of strings; of HEALTHCHECK: its command is */
    Span keyword_span;
    Span span;       /* keyword to last byte, continuation lines and heredocs included */
    Span line;       /* the keyword to the end of its first line: one line to point at */
    MappedText text; /* what stands after the keyword and the flags, blanks at both ends cut */
    DockerFlag *flags;
    uint32_t flag_count;
    DockerWord
        *words; /* of lists, exec form and single texts; of HEALTHCHECK without NONE or CMD */
    uint32_t word_count;
    DockerPair *pairs;
    uint32_t pair_count;
    DockerHeredoc *heredocs;
    uint32_t heredoc_count;
    DockerWord health;   /* HEALTHCHECK's NONE or CMD */
    DockerInstr *nested; /* of ONBUILD */
    DockerInstr *next;
};

/* A comment line, also one between continuation lines. Directives are none. */
typedef struct DockerComment {
    Str text; /* from `#` to the last byte that is no blank */
    Span span;
} DockerComment;

typedef struct Dockerfile {
    DockerInstr *first;
    uint32_t count;
    char escape;       /* '\\', or '`' by directive */
    DockerWord syntax; /* `# syntax=`, or empty */
    DockerWord check;  /* `# check=`, or empty */
    DockerComment *comments;
    uint32_t comment_count;
} Dockerfile;

/* "FROM", ...; empty for DOCKER_UNKNOWN. */
Str docker_op_name(DockerOp op);

/* Reads `source`, any bytes at all. The result is in `arena` and points into `source`, which must
 * live as long. A mistake costs its own line and not the file: it is reported to `diags` and left
 * out, and reading goes on below it. NULL when `arena` is spent. */
Dockerfile *dockerfile_read(const Source *source, Arena *arena, DiagSink *diags);

#endif
