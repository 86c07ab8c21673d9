#include "base/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

/* How many hold signals, and above that the first signal that has come. In one number, since nobody
 * may begin to hold between a look at the one and a look at the other. This is the one thing here
 * that changes and belongs to no one: a handler is given nothing else. */
#define HOLDERS 0xffffu
#define SIGNAL_SHIFT 16
static atomic_uint state;

static void end_by(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}

/* The handler; what it calls may be called in one. A signal that it raises is taken after it. */
static void note(int number)
{
    int error = errno;
    unsigned before = atomic_load(&state);

    while (
        !(before >> SIGNAL_SHIFT) &&
        !atomic_compare_exchange_weak(&state, &before, before | (unsigned)number << SIGNAL_SHIFT))
        ;
    if (!(before & HOLDERS))
        end_by(number);
    errno = error;
}

/* Whoever ignores a signal, as nohup does, or handles it himself, means that. */
static void note_from_now_on(int number)
{
    struct sigaction now, ours = {.sa_handler = note, .sa_flags = SA_RESTART};

    sigemptyset(&ours.sa_mask);
    if (sigaction(number, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) &&
        now.sa_handler == SIG_DFL)
        sigaction(number, &ours, NULL);
}

bool interrupt_hold(void)
{
    /* The first process of a container cannot be ended by a signal that it does not handle, nor end
     * itself by one. */
    if (getpid() != 1) {
        note_from_now_on(SIGINT);
        note_from_now_on(SIGTERM);
        note_from_now_on(SIGHUP);
    }
    if (!(atomic_fetch_add(&state, 1) >> SIGNAL_SHIFT))
        return true;
    interrupt_release();
    return false;
}

void interrupt_release(void)
{
    unsigned before = atomic_fetch_sub(&state, 1);

    if ((before & HOLDERS) == 1 && before >> SIGNAL_SHIFT)
        end_by((int)(before >> SIGNAL_SHIFT));
}

bool interrupt_came(void)
{
    return atomic_load(&state) >> SIGNAL_SHIFT != 0;
}
