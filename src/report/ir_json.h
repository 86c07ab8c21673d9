/*
 * report/ir_json.h - values and resources as rules see them, as JSON
 *
 * A value that is not known is {"$unknown": its cause} with what else is known of it ("$type",
 * "$prefix", "$decoded"); one that is sensitive {"$sensitive": true}; what a provider puts in the
 * place of an unset attribute {"$default": value}. docs/output.md shows them.
 */
#ifndef PLUMB_REPORT_IR_JSON_H
#define PLUMB_REPORT_IR_JSON_H

#include "base/json_doc.h"
#include "report/terminal.h"
#include "scan/discover.h"
#include "scan/place.h"

void ir_json_value(JsonDoc *doc, const Node *value);

/* One object. `root` says how its files are called. */
void ir_json_resource(JsonDoc *doc, const Unit *unit, const ScanRoot *root,
                      const Resource *resource);

/* An unknown inside a value. */
typedef struct UnknownPart {
    Str path; /* "tags.Name", "list[0]"; empty for the value itself */
    Str cause;
    Place place; /* where the expression names it; line 0 where it is nowhere in a file */
} UnknownPart;

/* Those of `value`, in its order, as many as are worth showing; NULL where there are none. */
UnknownPart *ir_unknowns(const Unit *unit, const ScanRoot *root, const Node *value,
                         uint32_t *count);

/* The value as HCL would write it, unknowns as `(unknown: cause)`. */
void ir_text_value(const Terminal *terminal, const Node *value);

#endif
