/*
 * report/config_schema.h - the JSON Schema of plumb.yaml, for editors
 */
#ifndef PLUMB_REPORT_CONFIG_SCHEMA_H
#define PLUMB_REPORT_CONFIG_SCHEMA_H

#include "base/out.h"

/* Writes it (draft 2020-12), made of the table that the reader works from. */
void config_schema_write(Out *out);

#endif
