/*
 * report/config_file.h - the plumb.yaml that `plumb init` writes
 */
#ifndef PLUMB_REPORT_CONFIG_FILE_H
#define PLUMB_REPORT_CONFIG_FILE_H

#include "base/out.h"
#include "scan/config_draft.h"

/* Writes the draft with comments: what was found or taken over holds, everything else stands there
 * as a comment to be made use of. Whatever the texts of the draft are, it can be read again. */
void config_file_write(const ConfigDraft *draft, Out *out);

#endif
