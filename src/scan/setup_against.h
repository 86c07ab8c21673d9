/*
 * scan/setup_against.h - what the findings of a scan are held against: git's trees, a baseline
 */
#ifndef PLUMB_SCAN_SETUP_AGAINST_H
#define PLUMB_SCAN_SETUP_AGAINST_H

#include "scan/setup.h"

/* The part of setup_scan() that comes first: opens the repository, where git is asked for. False
 * after an error. */
bool setup_git(Setup *setup, const SetupOptions *options);

/* The part of setup_scan() that comes last. False after an error, which is in the setup's problems.
 */
bool setup_against(Setup *setup, const SetupOptions *options);
void setup_against_free(Setup *setup);

/* Looks around what `setup` scans, for a baseline (scan/baseline.h). `scope` lives as long as the
 * setup. False after an error. */
bool setup_baseline_scope(Setup *setup, const SetupOptions *options, BaselineScope *scope);

#endif
