/*
 * syntax/go_template.h - a template of Go's text/template to its texts and actions
 *
 * Reads what Helm's templates are written in (https://pkg.go.dev/text/template), as far as it is to
 * be known without running them: where an action begins and ends, what kind it is, and which blanks
 * around it are trimmed.
 */
#ifndef PLUMB_SYNTAX_GO_TEMPLATE_H
#define PLUMB_SYNTAX_GO_TEMPLATE_H

#include "base/str.h"

typedef enum GoTokenKind {
    GO_TEXT,
    GO_OUTPUT,  /* its value is printed: `{{ .Values.x }}`, `{{ include "x" . }}`, `{{ template "x"
                   }}` */
    GO_COMMENT, /* also what only sets a variable, breaks or continues a loop: nothing is printed */
    GO_IF,
    GO_WITH,
    GO_RANGE,
    GO_ELSE, /* `{{ else if }}` too */
    GO_DEFINE,
    GO_BLOCK, /* a definition that is printed where it stands */
    GO_END,
} GoTokenKind;

typedef struct GoToken {
    GoTokenKind kind;
    uint32_t start; /* bytes of the template, braces included; a text without what is trimmed */
    uint32_t end;
    Str inner; /* of an action: what stands in the braces, without blanks around it */
} GoToken;

/* The tokens of `text`, any bytes at all, in `arena`; texts that are trimmed to nothing are left
 * out. An action that does not end is text. NULL when the arena is spent. */
GoToken *go_template_read(Str text, Arena *arena, uint32_t *count);

/* Takes the next word off the front of an action: a string with its quotes, a bracket, a pipe, or
 * what stands up to a blank or one of these. False at the end. */
bool go_template_word(Str *rest, Str *word);

/* Whether a word is a string, and what stands in it; escapes are left as they are. */
bool go_template_string(Str word, Str *text);

#endif
