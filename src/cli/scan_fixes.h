/*
 * cli/scan_fixes.h - what --fix and --fix-dry-run do with the fixes of a scan
 */
#ifndef PLUMB_CLI_SCAN_FIXES_H
#define PLUMB_CLI_SCAN_FIXES_H

#include "cli/options.h"
#include "scan/fix_files.h"

/* Scans what `wanted` says and changes the files, as far as one fix after another goes. False,
 * after saying why, where a file that is to be changed could not be; whoever scans next finds out
 * about everything else. */
bool scan_fixes_write(const Options *options, const SetupOptions *wanted, Arena *arena);

/* Prints what the same would change to standard output; `found` is what a scan of the files as they
 * are has found. False, after saying why, as above. */
bool scan_fixes_show(const Options *options, const SetupOptions *wanted, const FixFiles *found,
                     Arena *arena);

#endif
