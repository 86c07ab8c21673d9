/*
 * scan/module_files.h - the files of a Terraform module tree, for ir/terraform.h
 */
#ifndef PLUMB_SCAN_MODULE_FILES_H
#define PLUMB_SCAN_MODULE_FILES_H

#include "ir/terraform.h"
#include "scan/discover.h"

typedef struct ModuleFiles {
    const ScanRoot *root;
    Str dir;            /* of the root module, from the boundary */
    const Str *members; /* what the scan found there, as paths; NULL: whatever is there */
    uint32_t member_count;
    const ScanRoot *modules; /* --module-dir, or NULL */
} ModuleFiles;

/* Reaches the files inside the boundary, and by absolute paths those of `modules`; `*files` is
 * kept. */
TerraformFiles module_files(ModuleFiles *files);

#endif
