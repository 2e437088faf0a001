#include "CBytes.h"
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/time.h>

// Mappings that are watched. Only the thread that reads changes them, and the handler interrupts that same thread.
enum { MOST_MAPPINGS = 16, INTERVAL = 1000 };
static struct {
    _Atomic(uintptr_t) base;
    _Atomic(size_t) count;
} mappings[MOST_MAPPINGS];
static int is_on, watched;

static void give_back(int number) {
    (void)number;
    int error = errno;
    for (int index = 0; index < MOST_MAPPINGS; index++) {
        size_t count = atomic_load(&mappings[index].count);
        if (count) madvise((void *)atomic_load(&mappings[index].base), count, MADV_DONTNEED);
    }
    errno = error;
}

static void set_timer(int microseconds) {
    struct itimerval timer = {{0, microseconds}, {0, microseconds}};
    setitimer(ITIMER_REAL, &timer, 0);
}

int assay_pages_start(void) {
    struct sigaction action = {0};
    action.sa_handler = give_back;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    is_on = sigaction(SIGALRM, &action, 0) == 0;
    return is_on;
}

void assay_pages_watch(const void *base, size_t count) {
    if (!is_on || count < ASSAY_WATCHED_FROM) return;
    for (int index = 0; index < MOST_MAPPINGS; index++) {
        if (atomic_load(&mappings[index].count)) continue;
        atomic_store(&mappings[index].base, (uintptr_t)base);
        atomic_store(&mappings[index].count, count);
        if (watched++ == 0) set_timer(INTERVAL);
        return;
    }
}

void assay_pages_unwatch(const void *base) {
    if (!is_on) return;
    for (int index = 0; index < MOST_MAPPINGS; index++) {
        if (!atomic_load(&mappings[index].count) || atomic_load(&mappings[index].base) != (uintptr_t)base) continue;
        atomic_store(&mappings[index].count, 0);
        if (--watched == 0) set_timer(0);
        return;
    }
}
