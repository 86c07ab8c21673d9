/*
 * syntax/docker_json.h - the exec form: a JSON array of strings inside an instruction
 *
 * syntax/json.h reads whole sources into nodes; here a part of an instruction, perhaps of several
 * lines, becomes words, and what is no such array is no mistake but the shell form.
 */
#ifndef PLUMB_SYNTAX_DOCKER_JSON_H
#define PLUMB_SYNTAX_DOCKER_JSON_H

#include "syntax/dockerfile.h"

/* Reads an array of strings at the start of `text`; as BuildKit does, what stands after it is
 * ignored. False when there is none, or when the arena is spent. */
bool docker_json_read(const MappedText *text, Arena *arena, DockerWord **words, uint32_t *count);

#endif
