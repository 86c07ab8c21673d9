/*
 * rules/object_table.h - the fields of Kubernetes' kinds, from rules/schemas/ into a rule set
 */
#ifndef PLUMB_RULES_OBJECT_TABLE_H
#define PLUMB_RULES_OBJECT_TABLE_H

#include "base/diag.h"
#include "rules/writer.h"

/* Writes the table that the file `root` describes: `kinds` (KIND: {API VERSION: TYPE}) and `types`
 * (TYPE: {FIELD: WORDS}). Words are a form (ir/value_forms.def) or a type, then `list` or `map`,
 * `required`, `since N`. Mistakes are reported to `diags`; the table is not to be used then. */
BlobObjects object_table_write(const Node *root, BlobWriter *writer, DiagSink *diags);

#endif
