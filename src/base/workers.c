#include "base/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define WORKERS_MAX 64u

typedef struct Pool {
    cpu_set_t processors; /* that its threads may run on */
    atomic_uint next;
    uint32_t task_count;
    WorkFn *work;
    void *context;
} Pool;

typedef struct Worker {
    Pool *pool;
    uint32_t number;
    pthread_t thread;
} Worker;

static void *run(void *argument)
{
    const Worker *worker = argument;
    Pool *pool = worker->pool;

    for (;;) {
        uint32_t task = atomic_fetch_add(&pool->next, 1);
        if (task >= pool->task_count)
            return NULL;
        pool->work(pool->context, worker->number, task);
    }
}

static void *run_thread(void *argument)
{
    const Worker *worker = argument;
    const cpu_set_t *processors = &worker->pool->processors;

    if (CPU_COUNT(processors))
        pthread_setaffinity_np(pthread_self(), sizeof *processors, processors);
    return run(argument);
}

/* Lets threads begin on another processor than this one. Linux may leave them beside who made them
 * until it looks at its queues again, and by then a small scan is over; from there on it has its
 * way. */
static void begin_elsewhere(pthread_attr_t *attributes, cpu_set_t processors)
{
    int own = sched_getcpu();

    if (own >= 0)
        CPU_CLR((size_t)own, &processors);
    if (CPU_COUNT(&processors))
        pthread_attr_setaffinity_np(attributes, sizeof processors, &processors);
}

/* Where nobody may say where a thread begins, it begins anywhere. */
static bool start_one(Worker *worker, const pthread_attr_t *attributes)
{
    return pthread_create(&worker->thread, attributes, run_thread, worker) == 0 ||
           pthread_create(&worker->thread, NULL, run_thread, worker) == 0;
}

/* Makes the threads of all workers but number 0; returns how many workers there are then. */
static uint32_t start(Pool *pool, Worker *workers, uint32_t count)
{
    pthread_attr_t attributes;
    uint32_t started = 1;

    if (count < 2 || pthread_attr_init(&attributes) != 0)
        return 1;
    if (sched_getaffinity(0, sizeof pool->processors, &pool->processors) == 0)
        begin_elsewhere(&attributes, pool->processors);
    while (started < count) {
        workers[started] = (Worker){.pool = pool, .number = started};
        if (!start_one(&workers[started], &attributes))
            break;
        started++;
    }
    pthread_attr_destroy(&attributes);
    return started;
}

void workers_run(uint32_t worker_count, uint32_t task_count, WorkFn *work, void *context)
{
    Pool pool = {.task_count = task_count, .work = work, .context = context};
    Worker workers[WORKERS_MAX];
    uint32_t started;

    if (worker_count > WORKERS_MAX)
        worker_count = WORKERS_MAX;
    if (worker_count > task_count)
        worker_count = task_count;
    workers[0] = (Worker){.pool = &pool, .number = 0};
    started = start(&pool, workers, worker_count);
    run(&workers[0]);
    for (uint32_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}

uint32_t workers_available(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return count > 0 ? (uint32_t)count : 1;
}
