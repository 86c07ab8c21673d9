/*
 * syntax/docker_lines.h - a Dockerfile's lines, put together where they continue
 *
 * The first of two steps of dockerfile_read(): directives and comments are taken out here, and each
 * instruction becomes one text, whatever number of lines it took.
 */
#ifndef PLUMB_SYNTAX_DOCKER_LINES_H
#define PLUMB_SYNTAX_DOCKER_LINES_H

#include "syntax/dockerfile.h"

typedef struct DockerLines {
    const Source *source;
    Arena *arena;
    DiagSink *diags;
    Dockerfile *file; /* takes directives and comments */
    uint32_t at;      /* where the next line begins */
    uint32_t comment_capacity;
} DockerLines;

/* Begins at the top of `source` and reads the parser directives into `file`. */
DockerLines docker_lines_new(const Source *source, Dockerfile *file, Arena *arena, DiagSink *diags);

/* The next instruction's text; empty and comment lines are passed over. False at the end, and when
 * the arena is spent. */
bool docker_lines_next(DockerLines *lines, MappedText *text);

/* The next line as it is, without its end: one of a heredoc. False at the end. */
bool docker_lines_raw(DockerLines *lines, Str *line);

#endif
