/* scan/helm_run: what a signal to plumb leaves of a chart that is being rendered, which is nothing.
 */
#include "arena_state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/workers.h"
#include "scan/helm_run.h"

/* Charts that are rendered at once. */
enum { JOBS = 2 };

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { SIGNALS = sizeof signals / sizeof *signals };

/* Where a test works: `helm`, what helm leaves in its HOME, and the directory for copies. */
typedef struct Place {
    char root[64];
    char helm[96];
    char home[96];
    char copies[96];
} Place;

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

static void place_end(const Place *place)
{
    assert_int_equal(nftw(place->root, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* A place where helm is this script of a shell. */
static Place place_new(const char *script)
{
    Place place = {.root = "/tmp/plumb-test-XXXXXX"};
    int fd;

    assert_non_null(mkdtemp(place.root));
    snprintf(place.helm, sizeof place.helm, "%s/helm", place.root);
    snprintf(place.home, sizeof place.home, "%s/home", place.root);
    snprintf(place.copies, sizeof place.copies, "%s/copies", place.root);
    assert_int_equal(mkdir(place.home, 0700), 0);
    assert_int_equal(mkdir(place.copies, 0700), 0);
    fd = open(place.helm, O_WRONLY | O_CREAT | O_EXCL, 0700);
    assert_true(fd >= 0);
    dprintf(fd, "#!/bin/sh\n%s\n", script);
    close(fd);
    return place;
}

/* How many files a directory has; `id` is the number that the last one is called by. */
static int count_files(const char *path, pid_t *id)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    int count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        count++;
        if (id)
            *id = (pid_t)atoi(entry->d_name);
    }
    closedir(dir);
    return count;
}

static void await_files(const char *path, int count)
{
    for (int i = 0; i < 2000 && count_files(path, NULL) < count; i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    assert_int_equal(count_files(path, NULL), count);
}

/* --- what the process does that is sent signals --- */

static void render(void *context, uint32_t worker, uint32_t task)
{
    const Place *place = context;
    const HelmWorld world = {STR("/usr/bin:/bin"), str_of(place->home), str_of(place->copies)};
    const HelmFile file = {STR("Chart.yaml"), STR("name: a\n")};
    const HelmJob job = {
        .program = str_of(place->helm), .world = &world, .files = &file, .file_count = 1};
    Arena *arena = arena_new((size_t)1 << 24);
    ProcessResult result;
    int error;

    (void)worker;
    (void)task;
    if (!arena || !helm_run(&job, arena, &result, &error) || result.end != PROCESS_EXITED) {
        /* Others may have something to put away. */
        if (!interrupt_came())
            _exit(2);
    }
    arena_free(arena);
}

/* Ends with status 0 where all was rendered and a signal did not end it: with `waits`, the one that
 * comes afterwards. */
static pid_t start(Place *place, uint32_t jobs, int ignored, bool waits)
{
    pid_t id = fork();

    assert_true(id >= 0);
    if (id > 0)
        return id;
    for (int i = 0; i < SIGNALS; i++)
        signal(signals[i], signals[i] == ignored ? SIG_IGN : SIG_DFL);
    workers_run(jobs, jobs, render, place);
    while (waits)
        pause();
    _exit(0);
}

static int status_of(pid_t id)
{
    int status = 0;

    while (waitpid(id, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return status;
}

/* --- tests --- */

static void a_signal_ends_helm_and_takes_away_its_copies(void **state)
{
    (void)state;
    for (int i = 0; i < SIGNALS; i++) {
        Place place = place_new(": >\"$HOME/$$\"; sleep 60");
        pid_t id = start(&place, JOBS, 0, false), helm = 0;
        int status;

        await_files(place.home, JOBS);
        assert_int_equal(count_files(place.copies, NULL), JOBS);
        kill(id, signals[i]);
        status = status_of(id);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_int_equal(count_files(place.copies, NULL), 0);
        assert_int_equal(count_files(place.home, &helm), JOBS);
        assert_int_equal(kill(helm, 0), -1);
        place_end(&place);
    }
}

static void a_signal_ends_helm_that_has_closed_its_outputs(void **state)
{
    Place place = place_new("exec >&- 2>&-; : >\"$HOME/$$\"; sleep 60");
    pid_t id = start(&place, 1, 0, false);
    int status;

    (void)state;
    await_files(place.home, 1);
    kill(id, SIGTERM);
    status = status_of(id);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
    assert_int_equal(count_files(place.copies, NULL), 0);
    place_end(&place);
}

static void a_signal_that_is_ignored_ends_nothing(void **state)
{
    Place place = place_new(": >\"$HOME/$$\"; until [ -e \"$HOME/go\" ]; do sleep 0.01; done");
    pid_t id = start(&place, 1, SIGHUP, false);
    char go[128];
    int status;

    (void)state;
    await_files(place.home, 1);
    kill(id, SIGHUP);
    snprintf(go, sizeof go, "%s/go", place.home);
    close(open(go, O_WRONLY | O_CREAT, 0600));
    status = status_of(id);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(count_files(place.copies, NULL), 0);
    place_end(&place);
}

static void a_signal_after_helm_ends_at_once(void **state)
{
    (void)state;
    for (int i = 0; i < SIGNALS; i++) {
        Place place = place_new(": >\"$HOME/$$\"");
        pid_t id = start(&place, 1, 0, true);
        int status;

        await_files(place.home, 1);
        nanosleep(&(struct timespec){0, 50000000}, NULL);
        kill(id, signals[i]);
        status = status_of(id);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_int_equal(count_files(place.copies, NULL), 0);
        place_end(&place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_ends_helm_and_takes_away_its_copies),
        cmocka_unit_test(a_signal_ends_helm_that_has_closed_its_outputs),
        cmocka_unit_test(a_signal_that_is_ignored_ends_nothing),
        cmocka_unit_test(a_signal_after_helm_ends_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
