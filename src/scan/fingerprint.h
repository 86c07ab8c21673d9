/*
 * scan/fingerprint.h - the name of a finding that outlives edits
 *
 * `plumb/v1`: SHA-256 over the rule's id, the path of the file from the boundary, the resource's
 * address (the first, of what a kustomization renames), the attribute's path without list
 * positions, and the element's name, in this order and each ended by NUL. No values and no lines,
 * so that baselines stay calm while a file is edited.
 */
#ifndef PLUMB_SCAN_FINGERPRINT_H
#define PLUMB_SCAN_FINGERPRINT_H

#include "scan/verdict.h"

/* Sets the fingerprint of `verdict`, all else of which is there. `address` is what its resource is
 * called, `prefix` the way from the boundary to the root of the scan, empty or ended by a slash;
 * `label` tells renders of one file apart. */
void fingerprint_set(Verdict *verdict, Str address, Str prefix, Str label);

/* Makes a fingerprint that another verdict has already one of its own. */
void fingerprint_label(Verdict *verdict, Str label);

/* `plumb/moved/v1`: the same without the path, for findings of a file that was moved. Not unique.
 */
void fingerprint_moved(const Verdict *verdict, char moved[65]);

/* Makes the fingerprints of sorted verdicts unique: of equal ones, all but the first are hashed
 * again with their number, those that fail before the others, so that a finding has the same one
 * whether or not what passes is asked for too. If memory is short they stay as they are. */
void fingerprints_finish(Verdict *verdicts, uint32_t count);

#endif
