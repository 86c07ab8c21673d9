#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/interrupt.h"

/* Of standard error, as much as a person would read. */
#define ERRORS_KEPT ((size_t)64 << 10)
#define READ_BYTES ((size_t)64 << 10)
/* Seconds that all threads of a program may work, for each second that it may take: an end for one
 * that outlives its caller. */
#define THREADS_COUNTED 4u
/* Milliseconds after which somebody looks whether plumb is to end: the signal for that may be taken
 * by another thread. */
#define LOOK_MS 50
/* What posix_spawn() leaves where it can tell no more of a program that does not start. */
#define NO_PROGRAM 127

/* One of the program's outputs. */
typedef struct Pipe {
    int fd; /* that is read; -1 at its end */
    int other;
    size_t limit;
    bool is_full; /* what came beyond `limit` is gone */
    Buf text;
} Pipe;

typedef struct Process {
    const ProcessCommand *command;
    pid_t id;
    Pipe output;
    Pipe errors;
} Process;

/* Descriptors of a caller who closed his own are not taken for those that a program begins with. */
static int above_standard(int fd)
{
    int moved;

    if (fd > STDERR_FILENO)
        return fd;
    moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return moved;
}

static bool open_pipe(Pipe *pipe, size_t limit, Arena *arena)
{
    int ends[2];

    *pipe = (Pipe){.fd = -1, .other = -1, .limit = limit, .text = buf_new(arena)};
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    pipe->fd = above_standard(ends[0]);
    pipe->other = above_standard(ends[1]);
    return pipe->fd >= 0 && pipe->other >= 0;
}

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* --- start --- */

static int set_files(posix_spawn_file_actions_t *files, const Process *process)
{
    int error = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

    if (!error)
        error = posix_spawn_file_actions_adddup2(files, process->output.other, STDOUT_FILENO);
    if (!error)
        error = posix_spawn_file_actions_adddup2(files, process->errors.other, STDERR_FILENO);
    if (!error)
        error = posix_spawn_file_actions_addchdir_np(files, process->command->directory);
#if defined __GLIBC__ && defined __GLIBC_PREREQ
#if __GLIBC_PREREQ(2, 34)
    /* What plumb itself was started with may be open for others to read. */
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
#endif
#endif
    return error;
}

/* A group of its own, and signals as a program expects them. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, pipe;
    int error;

    sigemptyset(&none);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                     POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error)
        error = posix_spawnattr_setsigdefault(attributes, &pipe);
    return error;
}

/* posix_spawn() takes texts that it does not change as ones that it might. */
static char *const *as_given(const char *const *texts)
{
    union {
        const char *const *kept;
        char *const *given;
    } list = {.kept = texts};

    return list.given;
}

static int start(Process *process)
{
    const ProcessCommand *command = process->command;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&files);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = set_files(&files, process);
        if (!error)
            error = set_attributes(&attributes);
        if (!error)
            error = posix_spawn(&process->id, command->arguments[0], &files, &attributes,
                                as_given(command->arguments), as_given(command->environment));
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static void set_limits(const Process *process)
{
#ifdef __linux__
    const ProcessCommand *command = process->command;
    rlim_t seconds = (rlim_t)command->seconds * THREADS_COUNTED;

    prlimit(process->id, RLIMIT_DATA,
            &(struct rlimit){command->memory_limit, command->memory_limit}, NULL);
    prlimit(process->id, RLIMIT_CPU, &(struct rlimit){seconds, seconds}, NULL);
#else
    (void)process;
#endif
}

/* --- what it says --- */

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Takes what a pipe holds. */
static void read_some(Pipe *pipe, char *room)
{
    ssize_t got = read(pipe->fd, room, READ_BYTES);
    size_t size;

    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0) {
        close_end(&pipe->fd);
        return;
    }
    size = (size_t)got;
    if (size > pipe->limit - pipe->text.size) {
        size = pipe->limit - pipe->text.size;
        pipe->is_full = true;
    }
    buf_add(&pipe->text, (Str){room, (uint32_t)size});
}

/* Listens until both outputs are closed, or there is a reason to hear no more. */
static ProcessEnd listen_to(Process *process, int64_t end, char *room)
{
    Pipe *pipes[] = {&process->output, &process->errors};

    while (pipes[0]->fd >= 0 || pipes[1]->fd >= 0) {
        struct pollfd polled[] = {{pipes[0]->fd, POLLIN, 0}, {pipes[1]->fd, POLLIN, 0}};
        int64_t left = end - now_ms();
        if (left <= 0)
            return PROCESS_TOO_LONG;
        if (poll(polled, 2, left < LOOK_MS ? (int)left : LOOK_MS) < 0 && errno != EINTR)
            return PROCESS_NOT_STARTED;
        if (interrupt_came())
            return PROCESS_INTERRUPTED;
        for (int i = 0; i < 2; i++)
            if (pipes[i]->fd >= 0 && polled[i].revents)
                read_some(pipes[i], room);
        if (pipes[0]->is_full)
            return PROCESS_TOO_LARGE;
    }
    return PROCESS_EXITED;
}

/* Waits for its end. What closes its outputs may still run. */
static ProcessEnd wait_until(const Process *process, int64_t end, int *status)
{
    const struct timespec pause = {0, 5000000};
    pid_t ended;

    while ((ended = waitpid(process->id, status, WNOHANG)) <= 0) {
        if ((ended < 0 && errno != EINTR) || now_ms() > end)
            return PROCESS_TOO_LONG;
        if (interrupt_came())
            return PROCESS_INTERRUPTED;
        nanosleep(&pause, NULL);
    }
    return PROCESS_EXITED;
}

static void end_it(const Process *process, int64_t end, ProcessResult *result)
{
    int status = 0;

    if (result->end == PROCESS_EXITED)
        result->end = wait_until(process, end, &status);
    if (result->end != PROCESS_EXITED) {
        kill(-process->id, SIGKILL);
        while (waitpid(process->id, &status, 0) < 0 && errno == EINTR)
            ;
        return;
    }
    result->end = WIFSIGNALED(status) ? PROCESS_KILLED : PROCESS_EXITED;
    result->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (result->end == PROCESS_EXITED && result->code == NO_PROGRAM && !process->output.text.size &&
        !process->errors.text.size)
        *result = (ProcessResult){.end = PROCESS_NOT_STARTED, .code = ENOENT};
}

static void run(Process *process, char *room, ProcessResult *result)
{
    int64_t end = now_ms() + (int64_t)process->command->seconds * 1000;

    result->code = start(process);
    result->end = PROCESS_NOT_STARTED;
    if (result->code)
        return;
    set_limits(process);
    close_end(&process->output.other);
    close_end(&process->errors.other);
    result->end = listen_to(process, end, room);
    end_it(process, end, result);
}

bool process_run(const ProcessCommand *command, Arena *arena, ProcessResult *result)
{
    Process process = {.command = command, .id = -1};
    char *room = arena_raw(arena, READ_BYTES, 1);
    bool opened = open_pipe(&process.output, command->output_limit, arena);

    opened = open_pipe(&process.errors, ERRORS_KEPT, arena) && opened;
    *result = (ProcessResult){.end = PROCESS_NOT_STARTED, .code = errno};
    if (opened && room)
        run(&process, room, result);
    close_end(&process.output.fd);
    close_end(&process.output.other);
    close_end(&process.errors.fd);
    close_end(&process.errors.other);
    result->output = buf_str(&process.output.text);
    result->errors = buf_str(&process.errors.text);
    return room && !arena_spent(arena);
}
