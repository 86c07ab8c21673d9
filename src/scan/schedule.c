#include "scan/schedule.h"

#include "base/limits.h"
#include "scan/file_cache.h"
#include "scan/scan_report.h"

static Done *done_new(Scan *scan)
{
    Arena *arena =
        scan->spare_count ? scan->spare[--scan->spare_count] : arena_new(LIMIT_UNIT_BYTES);
    Done *done;

    if (!arena)
        return NULL;
    done = ARENA_NEW(arena, Done);
    if (done)
        done->arena = arena;
    else
        arena_free(arena);
    return done;
}

/* Finds the files to come, as many as are worth remembering. False where there are more. */
static bool read_ahead(Scan *scan, ModuleCalls *calls, Arena *scratch)
{
    FoundFile file = {0};

    while (discover_next(&scan->found, scratch, &file)) {
        if (!found_list_add(&scan->ahead, &file)) {
            scan->out_of_memory = true;
            return false;
        }
        module_calls_add(calls, &scan->found, &file, scratch);
        if (scan->ahead.count == AHEAD_MAX)
            return false;
        arena_rewind(scratch, 0);
        file = (FoundFile){0};
    }
    return true;
}

/* Which directories others call, known before the first is judged. The walk goes on to its end for
 * it; through a very large tree another one goes. */
static const ModuleCalls *find_calls(Scan *scan, const FoundFile *first)
{
    const ScanOptions *options = scan->options;
    const Changes *changes = options->selection ? options->selection->changes : NULL;
    ModuleCalls *calls = module_calls_new(changes, scan->arena);
    Arena *scratch = arena_new(LIMIT_UNIT_BYTES);
    bool good;

    scan->cache_arena = arena_new(LIMIT_UNIT_BYTES);
    good = calls && scratch && scan->cache_arena;
    /* Workers look into a cache without a lock. */
    for (uint32_t i = 0; good && !scan->workers && i < scan->found.root_count; i++)
        scan->found.roots[i].cache = file_cache_new(scan->cache_arena);
    if (good) {
        module_calls_add(calls, &scan->found, first, scratch);
        good = read_ahead(scan, calls, scratch) && module_calls_decide(calls, scratch);
    }
    arena_free(scratch);
    return good ? calls
                : module_calls_find(options->arguments, options->argument_count, &options->discover,
                                    changes, scan->arena);
}

/* With a selection they are known from the first file on, for it to tell what is touched. */
static void know_calls(Scan *scan, const FoundFile *file)
{
    Selection *selection = scan->options->selection;
    Side side = scan->options->side;

    if (scan->calls || scan->is_again ||
        (!selection && file->name != NAME_TERRAFORM && file->name != NAME_TERRAGRUNT &&
         file->name != NAME_KUSTOMIZATION))
        return;
    if (selection && (side == SIDE_BEFORE || selection->calls[side]))
        scan->calls = selection_calls(selection, side);
    else
        scan->calls = find_calls(scan, file);
    if (selection)
        selection->calls[side] = scan->calls;
}

/* Whether a Terraform module or kustomization is judged through those that call it. */
static bool is_elsewhere(Scan *scan, const FoundFile *file)
{
    return (file->name == NAME_TERRAFORM || file->name == NAME_KUSTOMIZATION) && !file->given &&
           module_calls_has(scan->calls, &scan->found.roots[file->root], file);
}

/* What a file is to the scan. */
static void classify(Scan *scan, Done *done)
{
    Selection *selection = scan->options->selection;

    know_calls(scan, &done->file);
    done->touched =
        !selection || selection_has(selection, &scan->found.roots[done->file.root], &done->file);
    /* What is staged is judged, and the rest of the tree only read. */
    if (done->touched && scan->options->only_touched && scan->options->side == SIDE_NOW)
        done->touched = selection_narrow(selection, &done->file, done->arena);
    done->elsewhere = is_elsewhere(scan, &done->file);
}

/* Whether manifests may hang on a file of the older tree that is not judged. */
static bool may_be_asked(const Scan *scan, const Done *done)
{
    NameKind name = done->file.name;

    return scan->options->side == SIDE_BEFORE && !done->touched && !done->elsewhere &&
           name != NAME_DOCKERFILE && name != NAME_COMPOSE && name != NAME_WORKFLOW &&
           !held_is_open(&scan->held) && selection_has_manifests(scan->options->selection);
}

/* The next file: of the walk, and after that those that were not judged, as long as a verdict may
 * wait for what they are. */
static bool next_file(Scan *scan, Done *done)
{
    if (found_list_take(&scan->ahead, done->arena, &done->file) ||
        discover_next(&scan->found, done->arena, &done->file)) {
        classify(scan, done);
        if (may_be_asked(scan, done))
            scan->out_of_memory |= !found_list_add(&scan->unheard, &done->file);
        return true;
    }
    done->heard =
        held_is_waiting(scan) && found_list_take(&scan->unheard, done->arena, &done->file);
    return done->heard;
}

/* Takes the next file into the window. False when there is none. */
bool schedule_take(Scan *scan)
{
    Done *done = scan->exhausted ? NULL : done_new(scan);

    if (!done) {
        scan->out_of_memory |= !scan->exhausted;
        scan->exhausted = true;
        return false;
    }
    if (!next_file(scan, done)) {
        scan->exhausted = true;
        scan->out_of_memory |= arena_spent(done->arena);
        arena_free(done->arena);
        return false;
    }
    scan->window[scan->taken % WINDOW] = done;
    scan->taken++;
    return true;
}

/* A file that was taken and that no worker has. No lock: its place in the window is its own until
 * it was reported. */
static Done *give_taken(Scan *scan)
{
    uint64_t given = atomic_load(&scan->given);

    while (given < atomic_load(&scan->taken))
        if (atomic_compare_exchange_weak(&scan->given, &given, given + 1))
            return scan->window[given % WINDOW];
    return NULL;
}

static bool is_full(const Scan *scan)
{
    return scan->taken - scan->next >= (uint64_t)AHEAD * scan->worker_count;
}

/* Takes files for workers that come while another one reports. An older tree is read no further
 * than is asked for. */
static void take_ahead(Scan *scan)
{
    if (scan->worker_count == 1 || scan->options->side == SIDE_BEFORE)
        return;
    while (scan->taken - scan->given < (uint64_t)READY * scan->worker_count && !is_full(scan) &&
           schedule_take(scan))
        ;
}

/* The next file for a worker; NULL when there is none. */
Done *schedule_give(Scan *scan)
{
    Done *done = give_taken(scan);

    if (done)
        return done;
    pthread_mutex_lock(&scan->lock);
    for (;;) {
        scan_report_ready(scan);
        done = give_taken(scan);
        if (done)
            break;
        if (is_full(scan))
            pthread_cond_wait(&scan->reported, &scan->lock);
        else if (!schedule_take(scan))
            break;
    }
    take_ahead(scan);
    pthread_mutex_unlock(&scan->lock);
    return done;
}

/* While another worker reports, what this one has done is left to that one, or to who comes next:
 * nobody ends, or waits, before he has looked. */
void schedule_finish(Scan *scan, Done *done)
{
    atomic_store(&done->finished, true);
    if (pthread_mutex_trylock(&scan->lock) != 0)
        return;
    scan_report_ready(scan);
    take_ahead(scan);
    pthread_mutex_unlock(&scan->lock);
}

void schedule_free(Scan *scan)
{
    for (; scan->next < scan->taken; scan->next++)
        arena_free(scan->window[scan->next % WINDOW]->arena);
    for (Done *done = scan->open, *below; done; done = below) {
        below = done->below;
        arena_free(done->arena);
    }
    for (uint32_t i = 0; i < scan->spare_count; i++)
        arena_free(scan->spare[i]);
    found_list_free(&scan->ahead);
    found_list_free(&scan->unheard);
    arena_free(scan->cache_arena);
    held_free(&scan->held);
    repeats_free(&scan->kustomized);
}
