/*
 * scan/unit_read.h - one found file to a unit with its resources
 */
#ifndef PLUMB_SCAN_UNIT_READ_H
#define PLUMB_SCAN_UNIT_READ_H

#include "ir/terraform.h"
#include "scan/discover.h"

/* What the user gives to every Terraform root module. Shared, read-only. */
typedef struct TerraformInputs {
    const TerraformVar *environment;
    uint32_t environment_count;
    const TerraformVar *files; /* --var-file: absolute path and text */
    uint32_t file_count;
    const TerraformVar *vars; /* --var */
    uint32_t var_count;
    Str workspace;           /* TF_WORKSPACE, or empty */
    bool find_workspace;     /* look for the one that was selected in the module's directory */
    const ScanRoot *modules; /* --module-dir, whose boundary it is itself; or NULL */
} TerraformInputs;

typedef enum UnitOutcome {
    UNIT_NONE,      /* no input that plumb knows */
    UNIT_READ,      /* an input; with errors in its diagnostics where it is broken */
    UNIT_LIBRARY,   /* a chart that others render */
    UNIT_COMPONENT, /* of kustomizations, of which none uses it */
    UNIT_TEMPLATE,  /* looks like an input, but nobody has rendered it yet */
} UnitOutcome;

/* Reads `file`, which is kept and has no members but for a module's, and builds its resources in
 * `*unit`, which is new and empty. A file that cannot be read is UNIT_READ with a diagnostic.
 * `inputs` may be NULL. */
UnitOutcome unit_read(Unit *unit, const ScanRoot *root, const FoundFile *file,
                      const TerraformInputs *inputs);

/* The value of an expression in the Terraform module `file`, which is built in `*unit` then
 * (ir/terraform.h). */
bool unit_read_value(Unit *unit, const ScanRoot *root, const FoundFile *file,
                     const TerraformInputs *inputs, Str expression, Node *value);

/* How many files it is made of. */
uint32_t unit_file_count(const Unit *unit, const FoundFile *file);

/* How many units it makes: `render` of the file says which one unit_read() is to read. */
uint32_t unit_render_count(const FoundFile *file);

/* The parts of it, for scan/unit_reader.h. */

/* Reads a file into the unit's arena; false, reported, where that fails. */
bool unit_read_file(Unit *unit, const ScanRoot *root, Str path, Str *text);

/* Lets rules ask what lies beside the unit's files. `file` is kept. */
void unit_set_files(Unit *unit, const ScanRoot *root, const FoundFile *file);

/* Whether a manifest, of whose reading the diagnostics after `after` (NULL: all) tell, is no YAML
 * because of `{{ ... }}` in it: somebody has still to render it. */
bool unit_is_template(const Unit *unit, const Diag *after, Str text);

#endif
