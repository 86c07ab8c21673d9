/*
 * scan/module_calls.h - which directories are parts of others of the scan
 *
 * A Terraform directory is called as a module, a kustomization is the base or a component of
 * another one. Those are judged where they are called, with what they get there. Known before
 * anything is judged: a walk over the directories with such files, which reads what in them calls
 * something local.
 */
#ifndef PLUMB_SCAN_MODULE_CALLS_H
#define PLUMB_SCAN_MODULE_CALLS_H

#include "scan/changes.h"
#include "scan/discover.h"

typedef struct ModuleCalls ModuleCalls;

/* The same for somebody who walks: what each file calls is added as soon as the walk gives it, and
 * decided once all are there. False or NULL when memory is short. */
ModuleCalls *module_calls_new(const Changes *changes, Arena *arena);
void module_calls_add(ModuleCalls *calls, const Discovery *found, const FoundFile *file,
                      Arena *scratch);
bool module_calls_decide(ModuleCalls *calls, Arena *scratch);

/* Walks through what discover_open() would with the same arguments. In `arena`, with not much more
 * than the names of directories that call or are called. With `changes`, which may be NULL, also
 * looks for modules that those touch. NULL when memory is short. */
const ModuleCalls *module_calls_find(const Str *arguments, uint32_t count,
                                     const DiscoverOptions *options, const Changes *changes,
                                     Arena *arena);

/* Whether the module or kustomization `file` is judged through others: one that is judged by itself
 * calls it, or calls one that does. Takes NULL. */
bool module_calls_has(const ModuleCalls *calls, const ScanRoot *root, const FoundFile *file);

/* Whether the calls may be others in the other tree of the changes. */
bool module_calls_differ(const ModuleCalls *calls);

/* Whether the changes touch it, or one that it calls, however far down. Kustomizations of one base
 * are touched together, since what is wrong in that is found in the first of them. */
bool module_calls_touched(const ModuleCalls *calls, const ScanRoot *root, const FoundFile *file);

/* Whether the changes touch a kustomization or chart, or Terraform where that makes objects, or
 * there is a manifest that git does not know: what those mean to others may differ. */
bool module_calls_touch_manifests(const ModuleCalls *calls);

#endif
