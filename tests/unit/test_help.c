/* cli/help: all of it fits a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cli/help.h"

#define COLUMNS 80
#define LINES 24

static Arena *memory;

static Out page_new(void)
{
    return out_new(-1, memory);
}

/* The lines of a page; fails on one that is too wide. */
static int count_lines(const Out *page)
{
    Str rest = {page->data, page->used};
    Str line;
    int lines = 0;

    for (; str_split(&rest, '\n', &line); lines++)
        if (line.size > COLUMNS)
            fail_msg("too wide: %.*s", STR_ARG(line));
    return lines;
}

static void the_list_of_commands_fits_a_screen(void **state)
{
    Out page = page_new();

    (void)state;
    help_commands(&page);
    assert_in_range(count_lines(&page), 8, LINES);
}

static void the_usual_options_of_a_command_fit_a_screen(void **state)
{
    (void)state;
    for (Command command = 0; command < COMMAND_COUNT; command++) {
        Out page = page_new();
        help_short(command, &page);
        assert_in_range(count_lines(&page), 4, LINES);
    }
}

static void all_options_of_a_command_fit_the_width(void **state)
{
    (void)state;
    for (Command command = 0; command < COMMAND_COUNT; command++) {
        Out page = page_new();
        help_full(command, &page);
        assert_true(count_lines(&page) > 3);
        for (OptionId id = 0; id < OPTION_COUNT; id++) {
            Str name = str_format(memory, "--%.*s ", STR_ARG(option_spec(id)->name));
            bool shown = str_find((Str){page.data, page.used}, name) >= 0;
            assert_true(!option_applies(id, command) || shown);
        }
    }
}

static int start(void **state)
{
    (void)state;
    memory = arena_new(1 << 22);
    return memory ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_of_commands_fits_a_screen),
        cmocka_unit_test(the_usual_options_of_a_command_fit_a_screen),
        cmocka_unit_test(all_options_of_a_command_fit_the_width),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
