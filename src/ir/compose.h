/*
 * ir/compose.h - services of a Compose file
 *
 * A resource `service` for each, whose body is what the file says of it, and those of the
 * Dockerfiles that `build` names (https://docs.docker.com/reference/compose-file/build/). What `$`
 * stands for is unknown.
 */
#ifndef PLUMB_IR_COMPOSE_H
#define PLUMB_IR_COMPOSE_H

#include "ir/unit.h"

/* Finds what a service is built from. */
typedef struct ComposeFiles {
    void *context;
    /* The text of the Dockerfile at `path`, from the boundary of the scan; false where it is none
     * of this unit's, or cannot be read. */
    bool (*read)(void *context, Str path, Arena *arena, Str *text);
} ComposeFiles;

/* Reads `source`, one of the unit's, and adds its resources; a file without services has none. A
 * mistake in it is a warning. `files` may be NULL. False when the arena is spent. */
bool compose_build(Unit *unit, Source *source, const ComposeFiles *files);

#endif
