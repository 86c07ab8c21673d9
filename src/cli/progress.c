#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FIRST_MS 1000 /* a scan that is done by then shows nothing */
#define NEXT_MS 100

static void put(const char *text, size_t size)
{
    /* Whoever closed the terminal does not miss it. */
    ssize_t ignored = write(STDERR_FILENO, text, size);

    (void)ignored;
}

static struct timespec after(int milliseconds)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += (long)milliseconds % 1000 * 1000000;
    time.tv_sec += milliseconds / 1000 + time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static void draw(Progress *progress)
{
    char line[64];
    uint64_t files = atomic_load(&progress->files);
    int size = files ? snprintf(line, sizeof line, "\rplumb: %" PRIu64 " file%s judged\x1b[K",
                                files, files == 1 ? "" : "s")
                     : snprintf(line, sizeof line, "\rplumb: reading\x1b[K");

    put(line, (size_t)size);
}

/* Draws until it is time to end. */
static void *watch(void *context)
{
    Progress *progress = context;
    struct timespec next = after(FIRST_MS);
    bool shown = false;

    pthread_mutex_lock(&progress->lock);
    while (!progress->ending) {
        if (pthread_cond_timedwait(&progress->end, &progress->lock, &next) == 0)
            continue;
        draw(progress);
        shown = true;
        next = after(NEXT_MS);
    }
    pthread_mutex_unlock(&progress->lock);
    if (shown)
        put("\r\x1b[K", 4);
    return NULL;
}

static bool is_seen(void)
{
    const char *kind = getenv("TERM");

    return isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb") != 0;
}

void progress_begin(Progress *progress, bool wanted)
{
    pthread_condattr_t monotonic;

    memset(progress, 0, sizeof *progress);
    if (!wanted || !is_seen())
        return;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&progress->end, &monotonic);
    pthread_mutex_init(&progress->lock, NULL);
    pthread_condattr_destroy(&monotonic);
    progress->running = pthread_create(&progress->thread, NULL, watch, progress) == 0;
}

void progress_files(void *context, uint64_t files)
{
    Progress *progress = context;

    atomic_store(&progress->files, files);
}

void progress_end(void *context)
{
    Progress *progress = context;

    if (!progress->running)
        return;
    pthread_mutex_lock(&progress->lock);
    progress->ending = true;
    pthread_cond_signal(&progress->end);
    pthread_mutex_unlock(&progress->lock);
    pthread_join(progress->thread, NULL);
    pthread_cond_destroy(&progress->end);
    pthread_mutex_destroy(&progress->lock);
    progress->running = false;
}
