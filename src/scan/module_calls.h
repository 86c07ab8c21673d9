/*
 * scan/module_calls.h - which Terraform directories are called as modules by others of the scan
 *
 * Those are judged where they are called, with the inputs that they get there. Known before
 * anything is judged: a walk of its own over the directories with Terraform files, which reads
 * the blocks of those files that call something local.
 */
#ifndef PLUMB_SCAN_MODULE_CALLS_H
#define PLUMB_SCAN_MODULE_CALLS_H

#include "scan/changes.h"
#include "scan/discover.h"

typedef struct ModuleCalls ModuleCalls;

/* The same for somebody who walks: what each file calls is added, and decided once all are there.
 * False or NULL when memory is short. */
ModuleCalls *module_calls_new(const Changes *changes, Arena *arena);
void module_calls_add(ModuleCalls *calls, const ScanRoot *root, const FoundFile *file,
                      Arena *scratch);
bool module_calls_decide(ModuleCalls *calls, Arena *scratch);

/* Walks through what discover_open() would with the same arguments. In `arena`, with not much more
 * than the names of directories that call or are called. With `changes`, which may be NULL, also
 * looks for modules that those touch. NULL when memory is short. */
const ModuleCalls *module_calls_find(const Str *arguments, uint32_t count,
                                     const DiscoverOptions *options, const Changes *changes,
                                     Arena *arena);

/* Whether the module in directory `dir`, from the boundary, is judged through others: one that is
 * judged by itself calls it, or calls one that does. Takes NULL. */
bool module_calls_has(const ModuleCalls *calls, const ScanRoot *root, Str dir);

/* Whether the calls may be others in the other tree of the changes. */
bool module_calls_differ(const ModuleCalls *calls);

/* Whether the changes touch that module, or one that it calls, however far down. */
bool module_calls_touched(const ModuleCalls *calls, const ScanRoot *root, Str dir);

#endif
