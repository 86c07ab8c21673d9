/*
 * scan/hadolint.h - hadolint's configuration, for the Dockerfiles that it is about
 *
 * What .hadolint.yaml says of images and labels is for rules to read (ir/docker.h); what it says of
 * findings is answered here: `ignored` takes them back, `override` gives them another severity, and
 * below `failure-threshold` they do not make the scan fail.
 */
#ifndef PLUMB_SCAN_HADOLINT_H
#define PLUMB_SCAN_HADOLINT_H

#include "rules/ruleset.h"
#include "scan/discover.h"

/* Reads the file at `path`, from the boundary, into `unit->hadolint`. One that cannot be read, or
 * is no YAML map, is a warning and holds nothing. */
void hadolint_read(Unit *unit, const ScanRoot *root, Str path);

/* The same for a source of the unit's, as tests of rules hold one. */
void hadolint_build(Unit *unit, const Source *source);

/* Whether a path names such a file. */
bool hadolint_is_name(Str path);

struct MarkList;

/* Adds a mark (scan/suppress_marks.h) for each rule that is ignored in `range`. */
void hadolint_marks(const Node *config, Span range, struct MarkList *list);

/* Whether `# hadolint ignore=` in the file counts. */
bool hadolint_has_marks(const Node *config);

/* The severity of the rule's findings; `severity` where nothing else is said. */
Severity hadolint_severity(const Node *config, const Rule *rule, Severity severity);

/* Whether findings of that severity may make the scan fail. */
bool hadolint_blocks(const Node *config, Severity severity);

#endif
