#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "report/ir_json.h"
#include "scan/units.h"

static void write_json(Out *out, const Node *value, const UnknownPart *parts, uint32_t count)
{
    JsonDoc doc = json_doc(out);

    json_begin(&doc, '{');
    json_put_string(&doc, "schema", STR("plumb/eval/v1"));
    json_key(&doc, "value");
    ir_json_value(&doc, value);
    json_key(&doc, "unknown");
    json_begin(&doc, '[');
    for (uint32_t i = 0; i < count; i++) {
        json_begin(&doc, '{');
        json_put_string(&doc, "path", parts[i].path);
        json_put_string(&doc, "cause", parts[i].cause);
        json_put_string(&doc, "file", parts[i].place.file);
        json_put_number(&doc, "line", parts[i].place.start.line);
        json_put_number(&doc, "column", parts[i].place.start.column);
        json_end(&doc, '}');
    }
    json_end(&doc, ']');
    json_end(&doc, '}');
}

static void write_unknown(const Terminal *terminal, const UnknownPart *part)
{
    const Place *place = &part->place;

    out_z(terminal->out, "  ");
    if (part->path.size) {
        terminal_text(terminal, part->path);
        out_z(terminal->out, ": ");
    }
    terminal_text(terminal, part->cause);
    if (place->start.line) {
        out_z(terminal->out, ", at ");
        terminal_file(terminal, STYLE_PLAIN, place->file);
        out_printf(terminal->out, ":%u:%u", place->start.line, place->start.column);
    }
    out_char(terminal->out, '\n');
}

static void write_text(const Options *options, Out *out, const Node *value,
                       const UnknownPart *parts, uint32_t count)
{
    Terminal terminal = {.out = out, .color = terminal_color(options->color, out->fd)};

    ir_text_value(&terminal, value);
    out_char(out, '\n');
    if (count)
        out_z(out, "\nunknown:\n");
    for (uint32_t i = 0; i < count; i++)
        write_unknown(&terminal, &parts[i]);
}

static void write_value(const Options *options, Out *out, const Unit *unit, const ScanRoot *root,
                        const Node *value)
{
    uint32_t count;
    const UnknownPart *parts = ir_unknowns(unit, root, value, &count);

    if (options->format == REPORT_JSON)
        write_json(out, value, parts, count);
    else
        write_text(options, out, value, parts, count);
}

/* What is wrong with the expression fails the command; with the module around it, only where
 * nothing could be evaluated. */
static bool evaluate(const Options *options, Setup *setup, Out *out, Arena *arena)
{
    Unit unit = unit_new(arena, &setup->symbols, &setup->defaults);
    Discovery found;
    Node value;
    bool good = units_value(&setup->scan, options->setup.arguments.items[0], &unit, &found, &value);

    if (good)
        write_value(options, out, &unit, found.roots, &value);
    problem_add_diags(&setup->problems, &unit.diags, &unit.sources);
    discover_close(&found);
    return good;
}

int cmd_eval(const Options *options, Arena *arena)
{
    SetupOptions wanted = options->setup;
    Out out = out_new(STDOUT_FILENO, arena);
    bool good = false;
    Setup setup;

    if (options->setup.arguments.count != 1) {
        cli_error(STR("eval takes one expression, as Terraform writes it"),
                  STR("plumb eval 'local.subnets' --dir live"));
        return SCAN_INCOMPLETE;
    }
    wanted.arguments = (StrList){0};
    str_list_add(&wanted.arguments, options->dir.size ? options->dir : STR("."), arena);
    cli_environment(&wanted, arena);
    if (setup_scan(&wanted, arena, &setup))
        good = evaluate(options, &setup, &out, arena);
    if (!out_flush(&out))
        good = false;
    cli_problems(&setup.problems, options->color, arena);
    setup_free(&setup);
    return good ? SCAN_PASSED : SCAN_INCOMPLETE;
}
