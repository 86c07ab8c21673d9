/*
 * ir/docker.h - resources of a Dockerfile
 *
 * One for the file, one for each stage, one for each instruction, with variables replaced and RUN
 * taken apart into commands. docs/rules-docker-view.md says every field.
 */
#ifndef PLUMB_IR_DOCKER_H
#define PLUMB_IR_DOCKER_H

#include "ir/unit.h"

/* Memory for the numbers of field names, found once for all units that have it as `docker_keys` and
 * share a table of symbols. free() ends it; NULL when memory is short. */
struct DockerKeys *docker_keys_new(void);

/* Reads `source`, one of the unit's, and adds its resources. What it holds is all there is, so the
 * unit is closed. False when the arena is spent. */
bool docker_build(Unit *unit, Source *source);

#endif
