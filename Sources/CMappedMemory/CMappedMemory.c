#if !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CMappedMemory.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>

// Where a mapped file has become shorter, reading its memory raises SIGBUS. While a thread hashes such memory, the signal
// brings it back to where it began; any other SIGBUS goes where it went before. Nothing but functions of C, which own nothing,
// stands between the jump and its target.

struct guard {
    sigjmp_buf back;
    const char *ranges[2];
    size_t size;
};

static _Thread_local struct guard *volatile current;
static struct sigaction before;

static void on_lost_memory(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    struct guard *guard = current;
    const char *at = info->si_addr;
    for (int i = 0; guard && i < 2; i++) {
        if (guard->ranges[i] && at >= guard->ranges[i] && at < guard->ranges[i] + guard->size) {
            siglongjmp(guard->back, i + 1);
        }
    }
    // The instruction is tried again, and raises the signal for whoever had it before.
    sigaction(SIGBUS, &before, NULL);
}

static void install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_lost_memory;
    // The signal stays open while it is handled: the handler does not return in the ordinary way.
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &before);
}

int assay_read_mapped(void (*body)(void *context), void *context, const void *first, const void *second, size_t size) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    struct guard guard;
    guard.ranges[0] = first;
    guard.ranges[1] = second;
    guard.size = size;
    int lost = sigsetjmp(guard.back, 0);
    if (lost == 0) {
        current = &guard;
        body(context);
    }
    current = NULL;
    return lost;
}
