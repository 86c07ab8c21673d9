#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "report/terminal.h"
#include "scan/setup_against.h"

typedef enum Action {
    ACTION_CREATE,
    ACTION_UPDATE,
    ACTION_SHOW,
} Action;

const Str baseline_actions[] = {STR_INIT("create"), STR_INIT("update"), STR_INIT("show")};

/* A baseline that is being made. */
typedef struct Making {
    const Options *options;
    Arena *arena;
    Baseline *before; /* that of an update, or NULL */
    Baseline made;
    Verdict *unknown; /* findings that no entry has by its fingerprint */
    uint32_t unknown_count;
    uint32_t unknown_capacity;
    Copier copier;
    uint32_t added;
    uint32_t kept;
} Making;

static int fail(Str message, Str help)
{
    cli_error(message, help);
    return SCAN_INCOMPLETE;
}

/* --- entries --- */

/* What people wrote of an entry stays. */
static void keep(Making *making, const BaselineEntry *entry, const Verdict *verdict)
{
    BaselineEntry *made = baseline_add(&making->made, verdict);

    if (!made)
        return;
    made->until = entry->until;
    made->reason = entry->reason;
    making->kept++;
}

static void add_new(Making *making, const Verdict *verdict)
{
    BaselineEntry *made = making->options->prune ? NULL : baseline_add(&making->made, verdict);

    if (!made)
        return;
    made->until = making->options->until;
    made->reason = making->options->reason;
    making->added++;
}

static void set_aside(Making *making, const Verdict *verdict)
{
    Verdict *grown =
        arena_grow(making->arena, making->unknown, making->unknown_count, &making->unknown_capacity,
                   making->unknown_count + 1u, sizeof *grown);

    if (!grown)
        return;
    making->unknown = grown;
    grown[making->unknown_count++] = verdict_copy(&making->copier, verdict);
}

static void observe(void *context, const Verdict *verdicts, uint32_t count)
{
    Making *making = context;

    for (uint32_t i = 0; i < count; i++) {
        BaselineEntry *entry = NULL;
        if (verdicts[i].status != STATUS_FAIL)
            continue;
        if (making->before)
            entry = baseline_take(making->before, &verdicts[i]);
        if (entry)
            keep(making, entry, &verdicts[i]);
        else
            set_aside(making, &verdicts[i]);
    }
}

/* What moved, what is new, and what this scan says nothing of. */
static void end_entries(Making *making, bool complete)
{
    for (uint32_t i = 0; i < making->unknown_count; i++) {
        const Verdict *verdict = &making->unknown[i];
        BaselineEntry *entry = making->before ? baseline_take_moved(making->before, verdict) : NULL;
        if (entry)
            keep(making, entry, verdict);
        else
            add_new(making, verdict);
    }
    for (uint32_t i = 0; making->before && i < making->before->count; i++) {
        const BaselineEntry *entry = &making->before->entries[i];
        if (!entry->met && (!complete || !baseline_covers(making->before, entry)))
            making->kept += baseline_keep(&making->made, entry);
    }
}

/* --- the file --- */

/* In one step, so that whoever reads it meanwhile finds one of the two whole. */
static bool write_file(Making *making, Str ruleset)
{
    const char *name = str_copy_z(making->arena, making->made.file);
    Str draft = str_format(making->arena, "%.*s.tmp", STR_ARG(making->made.file));
    int fd = name && draft.data
                 ? open(draft.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666)
                 : -1;
    Out out = out_new(fd, making->arena);
    bool good;

    if (fd < 0)
        return false;
    baseline_write(&making->made, ruleset, &out);
    good = out_flush(&out);
    errno = out.error;
    good = close(fd) == 0 && good && rename(draft.data, name) == 0;
    if (!good)
        unlink(draft.data);
    return good;
}

static void tell(const Making *making)
{
    Out out = out_new(STDOUT_FILENO, making->arena);
    Terminal terminal = {.out = &out};
    uint32_t before = making->before ? making->before->count : 0;

    if (making->options->quiet)
        return;
    terminal_text(&terminal, making->made.file);
    out_printf(&out, ": %u %s", making->made.count, making->made.count == 1 ? "entry" : "entries");
    if (making->before)
        out_printf(&out, " (%u new, %u dropped)", making->added, before - making->kept);
    out_char(&out, '\n');
    out_flush(&out);
}

/* --- create, update --- */

static int scan(Making *making, Setup *setup)
{
    ScanObserver observer = {making, observe, NULL};
    ScanResult result;
    bool complete;

    scan_run(&setup->scan, &observer, making->arena, &result);
    cli_errors(result.problems, result.problem_count, making->options->color, making->arena);
    complete = result.status != SCAN_INCOMPLETE && result.status != SCAN_FAULT;
    end_entries(making, complete);
    if (arena_spent(making->arena))
        return fail(STR("memory is short"), STR(""));
    if (!write_file(making, setup_ruleset(setup)))
        return fail(str_format(making->arena, "%.*s cannot be written: %s",
                               STR_ARG(making->made.file), strerror(errno)),
                    STR(""));
    tell(making);
    return complete ? SCAN_PASSED : SCAN_INCOMPLETE;
}

static bool read_before(Making *making, Setup *setup, const SetupOptions *wanted, Baseline *before)
{
    BaselineScope scope;

    making->before = before;
    return baseline_read(making->made.file, making->arena, &setup->problems, before) &&
           setup_baseline_scope(setup, wanted, &scope) && baseline_prepare(before, &scope);
}

static int make(const Options *options, const SetupOptions *wanted, Str file, bool update,
                Arena *arena)
{
    Making making = {.options = options,
                     .arena = arena,
                     .made = {.arena = arena, .file = file},
                     .copier = {.arena = arena}};
    int status = SCAN_INCOMPLETE;
    Baseline before;
    Setup setup;

    if (setup_scan(wanted, arena, &setup) &&
        (!update || read_before(&making, &setup, wanted, &before)))
        status = scan(&making, &setup);
    else
        cli_errors(setup.problems.items, setup.problems.count, options->color, arena);
    setup_free(&setup);
    return status;
}

/* --- show --- */

static void show_entry(const Terminal *terminal, const BaselineEntry *entry, int64_t now)
{
    Out *out = terminal->out;

    terminal_file(terminal, STYLE_BOLD, entry->path);
    out_add(out, STR("  "));
    terminal_text(terminal, entry->rule);
    out_add(out, STR("  "));
    terminal_text(terminal, entry->resource);
    if (entry->attribute.size) {
        out_char(out, ' ');
        terminal_styled(terminal, STYLE_FAINT, entry->attribute);
    }
    if (entry->until.size)
        out_printf(out, "  %s %.*s", entry->end <= now ? "over since" : "until",
                   STR_ARG(entry->until));
    if (entry->reason.size) {
        out_add(out, STR("  "));
        terminal_text(terminal, entry->reason);
    }
    out_char(out, '\n');
}

static int show(const Options *options, Str file, Arena *arena)
{
    ProblemList problems = problem_list(arena);
    Out out = out_new(STDOUT_FILENO, arena);
    Terminal terminal = {.out = &out, .color = terminal_color(options->color, out.fd)};
    int64_t now = (int64_t)time(NULL);
    uint32_t over = 0;
    Baseline baseline;

    if (!baseline_read(file, arena, &problems, &baseline)) {
        cli_problems(&problems, options->color, arena);
        return SCAN_INCOMPLETE;
    }
    for (uint32_t i = 0; i < baseline.count; i++) {
        over += baseline.entries[i].end <= now;
        show_entry(&terminal, &baseline.entries[i], now);
    }
    out_printf(&out, "%u %s", baseline.count, baseline.count == 1 ? "entry" : "entries");
    out_printf(&out, over ? ", %u of them over\n" : "\n", over);
    return out_flush(&out) ? SCAN_PASSED : SCAN_INCOMPLETE;
}

/* --- the command --- */

static bool find_action(Str word, Action *action)
{
    for (uint32_t i = 0; i < BASELINE_ACTIONS; i++) {
        if (!str_eq(word, baseline_actions[i]))
            continue;
        *action = (Action)i;
        return true;
    }
    return false;
}

static int refuse_action(Str word, Arena *arena)
{
    Str near = word.size ? str_nearest(word, baseline_actions, BASELINE_ACTIONS) : STR("");

    return fail(word.size ? str_format(arena, "a baseline cannot `%.*s`", STR_ARG(word))
                          : STR("create, update or show?"),
                near.size ? str_format(arena, "did you mean `%.*s`?", STR_ARG(near))
                          : STR("`plumb baseline create` writes " BASELINE_FILE));
}

/* Whether the file may be what the command takes it for; else says why not. */
static bool check_file(Str file, Action action, Arena *arena)
{
    const char *name = str_copy_z(arena, file);
    struct stat info;
    bool there = name && stat(name, &info) == 0;

    if (there && S_ISDIR(info.st_mode))
        fail(str_format(arena, "%.*s is a directory, and the file comes first", STR_ARG(file)),
             str_format(arena, "plumb baseline %.*s " BASELINE_FILE " %.*s",
                        STR_ARG(baseline_actions[action]), STR_ARG(file)));
    else if (there && action == ACTION_CREATE)
        fail(str_format(arena, "%.*s is there already", STR_ARG(file)),
             STR("`plumb baseline update` brings it up to date"));
    else
        return true;
    return false;
}

int cmd_baseline(const Options *options, Arena *arena)
{
    SetupOptions wanted = options->setup;
    StrList *words = &wanted.arguments;
    Str file = words->count > 1 ? words->items[1] : STR(BASELINE_FILE);
    uint32_t taken = words->count < 2 ? words->count : 2;
    Action action;

    if (!words->count || !find_action(words->items[0], &action))
        return refuse_action(words->count ? words->items[0] : STR(""), arena);
    if (!check_file(file, action, arena))
        return SCAN_INCOMPLETE;
    if (action == ACTION_SHOW)
        return show(options, file, arena);
    words->items += taken;
    words->count -= taken;
    cli_environment(&wanted, arena);
    wanted.allow_empty = true;
    wanted.report_at_given = true;
    return make(options, &wanted, file, action == ACTION_UPDATE, arena);
}
