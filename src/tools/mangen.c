/*
 * tools/mangen.c - the manual page out of its text and the tables of the command line
 *
 * mangen TEMPLATE: writes the page to the standard output. A line of the template that is
 * @commands@, @options@ or @formats@ gives way to what the tables hold; @version@ may stand
 * anywhere.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "plumb/plumb.h"

#define LINE_BYTES 4096

/* Text that troff takes as it is: no request at the start of a line, and hyphens that can be
 * copied. */
static void put_text(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '-' || *text == '\\')
            putchar('\\');
        putchar(*text == '\\' ? 'e' : *text);
    }
}

static void put_commands(void)
{
    for (Command command = 0; command < COMMAND_COUNT; command++) {
        const CommandSpec *spec = command_spec(command);
        printf(".TP\n\\fB%.*s\\fR", STR_ARG(spec->name));
        if (*spec->operands) {
            fputs(" \\fI", stdout);
            put_text(spec->operands);
            fputs("\\fR", stdout);
        }
        putchar('\n');
        putchar(toupper((unsigned char)*spec->help));
        put_text(spec->help + 1);
        puts(".");
    }
}

/* "(scan, score)", or nothing where every command takes it. */
static void put_takers(OptionId id)
{
    uint32_t count = 0;

    for (Command command = 0; command < COMMAND_COUNT; command++)
        count += option_applies(id, command);
    if (count == COMMAND_COUNT)
        return;
    for (Command command = 0, shown = 0; command < COMMAND_COUNT; command++)
        if (option_applies(id, command))
            printf("%s%.*s", shown++ ? ", " : " (", STR_ARG(command_spec(command)->name));
    putchar(')');
}

static void put_option(OptionId id)
{
    const OptionSpec *spec = option_spec(id);

    fputs(".TP\n", stdout);
    if (spec->letter)
        printf("\\fB\\-%c\\fR, ", spec->letter);
    fputs("\\fB\\-\\-", stdout);
    put_text(spec->name.data);
    fputs("\\fR", stdout);
    if (spec->argument) {
        fputs(" \\fI", stdout);
        put_text(spec->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    put_text(spec->help);
    put_takers(id);
    putchar('\n');
}

static void put_options(void)
{
    const char *group = NULL;

    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        const OptionSpec *spec = option_spec(id);
        if (spec->group != group) {
            group = spec->group;
            printf(".SS %c%s\n", toupper((unsigned char)*group), group + 1);
        }
        put_option(id);
    }
}

static void put_formats(const char *rest)
{
    for (uint32_t i = 0; i < options_format_count(COMMAND_SCAN); i++)
        printf("%s%.*s", i ? ", " : "", STR_ARG(report_format_name((ReportFormat)i)));
    fputs(rest, stdout);
}

/* Whether `line` begins with `mark`; `*rest` is what follows. */
static bool has_mark(const char *line, const char *mark, const char **rest)
{
    size_t size = strlen(mark);

    *rest = line + size;
    return strncmp(line, mark, size) == 0;
}

static void put_line(const char *line)
{
    const char *version = strstr(line, "@version@");
    const char *rest;

    if (has_mark(line, "@commands@", &rest))
        put_commands();
    else if (has_mark(line, "@options@", &rest))
        put_options();
    else if (has_mark(line, "@formats@", &rest))
        put_formats(rest);
    else if (version)
        printf("%.*s%s%s", (int)(version - line), line, plumb_version(),
               version + strlen("@version@"));
    else
        fputs(line, stdout);
}

int main(int argc, char **argv)
{
    char line[LINE_BYTES];
    FILE *template = argc == 2 ? fopen(argv[1], "r") : NULL;
    bool good;

    if (!template) {
        fputs("usage: mangen TEMPLATE > PAGE\n", stderr);
        return 2;
    }
    while (fgets(line, sizeof line, template))
        put_line(line);
    good = !ferror(template);
    fclose(template);
    return fflush(stdout) == 0 && good ? 0 : 1;
}
