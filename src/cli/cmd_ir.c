#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "ir/index.h"
#include "plumb/plumb.h"
#include "report/ir_json.h"
#include "scan/units.h"

static void write_unit(void *context, Unit *unit, const ScanRoot *root)
{
    JsonDoc *doc = context;

    for (uint32_t i = 0; i < unit->resource_count; i++) {
        Resource *resource = &unit->resources[i];
        /* A plan's references are made at the first question. */
        if (resource->refs_pending)
            unit_refs(unit, resource, &resource->body);
        json_line(doc);
        ir_json_resource(doc, unit, root, resource);
    }
}

static bool write_all(const Setup *setup, ProblemList *problems, Out *out)
{
    JsonDoc doc = json_doc_compact(out);
    bool good;

    json_begin(&doc, '{');
    json_put_string(&doc, "schema", STR("plumb/ir/v1"));
    json_put_string(&doc, "version", str_of(plumb_version()));
    json_key(&doc, "resources");
    json_begin(&doc, '[');
    good = units_each(&setup->scan, problems, write_unit, &doc);
    json_end(&doc, ']');
    json_end(&doc, '}');
    return good;
}

int cmd_ir(const Options *options, Arena *arena)
{
    SetupOptions wanted = options->setup;
    Out out = out_new(STDOUT_FILENO, arena);
    int status = SCAN_INCOMPLETE;
    Setup setup;

    cli_environment(&wanted, arena);
    if (setup_scan(&wanted, arena, &setup) && write_all(&setup, &setup.problems, &out) &&
        setup.problems.errors == 0)
        status = SCAN_PASSED;
    if (!out_flush(&out)) {
        cli_error(str_format(arena, "the resources cannot be written: %s", strerror(out.error)),
                  STR(""));
        status = SCAN_INCOMPLETE;
    }
    cli_problems(&setup.problems, options->color, arena);
    setup_free(&setup);
    return status;
}
