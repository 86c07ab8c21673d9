#include "base/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define WORKERS_MAX 64u

typedef struct Pool {
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

void workers_run(uint32_t worker_count, uint32_t task_count, WorkFn *work, void *context)
{
    Pool pool = {.task_count = task_count, .work = work, .context = context};
    Worker workers[WORKERS_MAX];
    uint32_t started = 1;

    if (worker_count > WORKERS_MAX)
        worker_count = WORKERS_MAX;
    if (worker_count > task_count)
        worker_count = task_count;
    workers[0] = (Worker){.pool = &pool, .number = 0};
    while (started < worker_count) {
        workers[started] = (Worker){.pool = &pool, .number = started};
        if (pthread_create(&workers[started].thread, NULL, run, &workers[started]) != 0)
            break;
        started++;
    }
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
