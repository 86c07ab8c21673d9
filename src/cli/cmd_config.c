#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/commands.h"
#include "report/config_schema.h"
#include "scan/config_list.h"

#define NAME_WIDTH 36u
#define VALUE_WIDTH 26u

static void add_column(const Terminal *terminal, Style style, Str text, uint32_t width)
{
    uint32_t used = terminal_width(text);

    terminal_styled(terminal, style, text);
    do
        out_char(terminal->out, ' ');
    while (++used < width);
}

static void add_place(const Terminal *terminal, const SettingLine *line)
{
    switch (line->source) {
    case SETTING_DEFAULT:
        terminal_styled(terminal, STYLE_FAINT, STR("default"));
        return;
    case SETTING_COMMAND_LINE:
        out_z(terminal->out, "command line");
        return;
    case SETTING_FILE:
        terminal_text(terminal, line->place.file);
        out_printf(terminal->out, ":%u:%u", line->place.start.line, line->place.start.column);
        return;
    }
}

static void print_lines(const SettingList *list, const Terminal *terminal)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const SettingLine *line = &list->items[i];
        bool plain = line->source == SETTING_DEFAULT;
        add_column(terminal, plain ? STYLE_PLAIN : STYLE_BOLD, line->name, NAME_WIDTH);
        add_column(terminal, STYLE_PLAIN, line->value.size ? line->value : STR("-"), VALUE_WIDTH);
        add_place(terminal, line);
        out_char(terminal->out, '\n');
    }
}

static void print_json(const SettingList *list, Out *out)
{
    static const char *const sources[] = {"default", "file", "command line"};
    JsonDoc doc = json_doc(out);

    json_begin(&doc, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        const SettingLine *line = &list->items[i];
        json_begin(&doc, '{');
        json_put_string(&doc, "name", line->name);
        json_key(&doc, "value");
        if (line->value.size)
            json_string(&doc, line->value);
        else
            json_null(&doc);
        json_put_string(&doc, "source", str_of(sources[line->source]));
        if (line->place.start.line) {
            json_put_string(&doc, "file", line->place.file);
            json_put_number(&doc, "line", line->place.start.line);
            json_put_number(&doc, "column", line->place.start.column);
        }
        json_end(&doc, '}');
    }
    json_end(&doc, ']');
}

/* A file that the user asks about, from where the paths of the configuration begin; empty for a
 * directory, and for what lies elsewhere. */
static Str asked_file(const Options *options, const Setup *setup, Arena *arena)
{
    const StrList *arguments = &options->setup.arguments;
    const char *path = arguments->count ? str_copy_z(arena, arguments->items[0]) : NULL;
    char resolved[PATH_MAX];
    struct stat info;

    if (!path || !realpath(path, resolved) || stat(resolved, &info) < 0 || S_ISDIR(info.st_mode) ||
        !setup->config_root.size || !str_starts(str_of(resolved), setup->config_root))
        return STR("");
    return str_copy(arena, str_from(str_of(resolved), setup->config_root.size));
}

static void print(const Options *options, const Setup *setup, Out *out, Arena *arena)
{
    Terminal terminal = {.out = out, .color = terminal_color(options->color, out->fd)};
    Str file = asked_file(options, setup, arena);
    SettingList list = file.size ? config_list_file(setup, file, arena)
                                 : config_list(setup, &options->setup, arena);

    if (options->format == REPORT_JSON) {
        print_json(&list, out);
        return;
    }
    print_lines(&list, &terminal);
    if (!list.count)
        out_z(out, "nothing is said of rules in this file\n");
    if (!setup->config.path.size)
        out_z(out, "\nthere is no plumb.yaml: `plumb init` writes one\n");
}

/* The path that is asked about must be there: what is misspelt has other settings. */
static bool check_path(const StrList *arguments, Arena *arena)
{
    const char *path = arguments->count ? str_copy_z(arena, arguments->items[0]) : ".";

    if (arguments->count > 1) {
        cli_error(STR("`plumb config` looks at one path"), STR(""));
        return false;
    }
    if (path && access(path, F_OK) == 0)
        return true;
    cli_error(str_format(arena, "`%s` cannot be read: %s", path ? path : "", strerror(errno)),
              STR(""));
    return false;
}

int cmd_config(const Options *options, Arena *arena)
{
    Out out = out_new(STDOUT_FILENO, arena);
    int status = SCAN_PASSED;
    Setup setup;

    if (options->schema) {
        config_schema_write(&out);
        return out_flush(&out) ? SCAN_PASSED : SCAN_INCOMPLETE;
    }
    if (!check_path(&options->setup.arguments, arena))
        return SCAN_INCOMPLETE;
    if (setup_scan(&options->setup, arena, &setup)) {
        print(options, &setup, &out, arena);
    } else {
        cli_problems(&setup.problems, options->color, arena);
        status = SCAN_INCOMPLETE;
    }
    setup_free(&setup);
    return out_flush(&out) ? status : SCAN_INCOMPLETE;
}
