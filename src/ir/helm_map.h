/*
 * ir/helm_map.h - lines that Helm has rendered, back to the template
 *
 * A render does not say which line of a template made which of its lines. They are aligned: the
 * texts of a template stand in its render in the same order, but for loops, with what actions
 * printed between them. Of all ways to read a render so, the one is taken that explains most text.
 * Lines that an action printed lead to that action or, where it includes a definition whose lines
 * are met again, into that.
 */
#ifndef PLUMB_IR_HELM_MAP_H
#define PLUMB_IR_HELM_MAP_H

#include "base/source.h"
#include "ir/helm_lines.h"

/* Work that the alignments of one unit may take, in pairs of lines. */
#define HELM_MAP_WORK 100000000u

/* The routes of `render`, one document, that the part `own` of `parts` printed. In `arena`; none
 * where the document cannot be explained, when `*work` is spent, or the arena. `*work` is what may
 * still be done. */
const SourceRoute *helm_map(Str render, const HelmParts *parts, uint32_t own, uint64_t *work,
                            Arena *arena, uint32_t *count);

#endif
