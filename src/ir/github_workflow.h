/*
 * ir/github_workflow.h - GitHub Actions workflows to resources
 *
 * A resource `workflow` for the file, a `job` for each of its jobs and a `step` for each step of
 * those, whose bodies are what the file says
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax).
 * Texts keep their `${{ }}`.
 */
#ifndef PLUMB_IR_GITHUB_WORKFLOW_H
#define PLUMB_IR_GITHUB_WORKFLOW_H

#include "ir/unit.h"

/* Adds the resources of `source`, one of the unit's; a file without jobs has none. False if it
 * could not be read, which is reported, or the arena is spent. */
bool github_workflow_build(Unit *unit, Source *source);

#endif
