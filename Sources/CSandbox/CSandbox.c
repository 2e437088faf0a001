#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

union descriptor_message {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * ASSAY_MOST_DESCRIPTORS)];
};

ssize_t assay_send(int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count) {
    struct iovec vector = {(void *)bytes, count};
    union descriptor_message control;
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (descriptor_count > ASSAY_MOST_DESCRIPTORS) {
        errno = EINVAL;
        return -1;
    }
    if (descriptor_count > 0) {
        size_t size = sizeof(int) * descriptor_count;
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(size);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(header), descriptors, size);
    }
    int flags = 0;
#ifdef MSG_NOSIGNAL
    flags |= MSG_NOSIGNAL;
#endif
    ssize_t result;
    do result = sendmsg(socket, &message, flags);
    while (result < 0 && errno == EINTR);
    return result;
}

ssize_t assay_receive(int socket, void *bytes, size_t capacity, int *descriptors, size_t *descriptor_count) {
    struct iovec vector = {bytes, capacity};
    union descriptor_message control;
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    *descriptor_count = 0;
    ssize_t result;
    do result = recvmsg(socket, &message, 0);
    while (result < 0 && errno == EINTR);
    if (result < 0) return result;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len >= CMSG_LEN(0)) {
        size_t size = header->cmsg_len - CMSG_LEN(0);
        if (size > sizeof(int) * ASSAY_MOST_DESCRIPTORS) size = sizeof(int) * ASSAY_MOST_DESCRIPTORS;
        memcpy(descriptors, CMSG_DATA(header), size);
        *descriptor_count = size / sizeof(int);
    }
    return result;
}

size_t assay_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
    return limit.rlim_cur > 65536 ? 65536 : (size_t)limit.rlim_cur;
}

int assay_shared_page(void) {
#ifdef __linux__
    int descriptor = memfd_create("assay", MFD_CLOEXEC | MFD_ALLOW_SEALING);
#else
    int descriptor = assay_scratch_file();
#endif
    if (descriptor >= 0 && ftruncate(descriptor, 4096) != 0) {
        close(descriptor);
        return -1;
    }
#ifdef __linux__
    // A worker that made it shorter would end its parent at the next look.
    if (descriptor >= 0 && fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        close(descriptor);
        return -1;
    }
#endif
    return descriptor;
}

uint64_t *assay_map_page(int descriptor, int writes) {
    void *page = mmap(NULL, 4096, writes ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor, 0);
    return page == MAP_FAILED ? NULL : page;
}

void assay_unmap_page(uint64_t *page) { munmap(page, 4096); }

void assay_store_word(uint64_t *page, uint64_t value) { __atomic_store_n(page, value, __ATOMIC_RELAXED); }

uint64_t assay_load_word(const uint64_t *page) { return __atomic_load_n(page, __ATOMIC_RELAXED); }

int assay_scratch_file(void) {
    const char *folder = getenv("TMPDIR");
    char path[4096];
    if (!folder || !*folder) folder = "/tmp";
    if (snprintf(path, sizeof path, "%s/assay-XXXXXX", folder) >= (int)sizeof path) return -1;
    int descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor >= 0) unlink(path);
    return descriptor;
}

int assay_socket_pair(int pair[2]) {
#ifdef __linux__
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
#else
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0) return -1;
    fcntl(pair[0], F_SETFD, FD_CLOEXEC);
    fcntl(pair[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

// Closed on exec from the start: a process that another thread starts meanwhile must not inherit an end.
int assay_pipe(int ends[2]) {
#ifdef __linux__
    return pipe2(ends, O_CLOEXEC);
#else
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

int assay_start(const char *path, char *const arguments[], char *const environment[], const int *descriptors,
                size_t descriptor_count, pid_t *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure) return failure;
    failure = posix_spawnattr_init(&attributes);
    if (failure) {
        posix_spawn_file_actions_destroy(&actions);
        return failure;
    }
    // Two steps, so that no target overwrites a source that is still to be moved; what is left closes on exec.
    int moved[16];
    size_t held = 0;
    if (descriptor_count > 16) failure = EINVAL;
    while (held < descriptor_count && !failure) {
        int source = descriptors[held] < 0 ? open("/dev/null", O_RDWR | O_CLOEXEC) : descriptors[held];
        int high = source < 0 ? -1 : fcntl(source, F_DUPFD_CLOEXEC, 32);
        if (high < 0) failure = errno;
        if (descriptors[held] < 0 && source >= 0) close(source);
        if (failure) break;
        moved[held] = high;
        failure = posix_spawn_file_actions_adddup2(&actions, high, (int)held);
        held++;
    }
    if (!failure) failure = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    for (size_t index = 0; index < held; index++) close(moved[index]);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

#ifdef __linux__

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

ssize_t assay_program_path(char *buffer, size_t capacity) { return readlink("/proc/self/exe", buffer, capacity); }

int assay_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0; }

// Landlock's user interface, declared here because the headers of a build machine can be older than its kernel.
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_restrict_self 446
#endif

struct landlock_rules {
    uint64_t file_system;
    uint64_t network;
    uint64_t scoped;
};

static void enter_landlock(struct assay_containment *held) {
    long version = syscall(__NR_landlock_create_ruleset, NULL, 0, 1 /* LANDLOCK_CREATE_RULESET_VERSION */);
    if (version < 1) return;
    // One bit a right; each version of the interface added some.
    uint64_t rights = (1ULL << 13) - 1;
    if (version >= 2) rights |= 1ULL << 13;
    if (version >= 3) rights |= 1ULL << 14;
    if (version >= 5) rights |= 1ULL << 15;
    struct landlock_rules rules = {.file_system = rights};
    size_t size = sizeof rules.file_system;
    if (version >= 4) {
        rules.network = 3;
        size = 2 * sizeof(uint64_t);
    }
    if (version >= 6) {
        rules.scoped = 3;
        size = sizeof rules;
    }
    int descriptor = (int)syscall(__NR_landlock_create_ruleset, &rules, size, 0);
    if (descriptor < 0) return;
    if (syscall(__NR_landlock_restrict_self, descriptor, 0) == 0) {
        held->landlock_abi = (int)version;
        held->landlock_network = version >= 4;
    }
    close(descriptor);
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define ALLOW(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL(name) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)

// The lower half of an argument; both architectures are little-endian.
#define ARGUMENT(number) (offsetof(struct seccomp_data, args) + 8 * (number))

static int enter_seccomp(void) {
#ifdef ARCHITECTURE
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        // Reading what is open, memory, and ending. Not newfstatat, which C libraries use for fstat: it takes paths.
        ALLOW(read), ALLOW(pread64), ALLOW(write), ALLOW(pwrite64), ALLOW(close), ALLOW(fstat), ALLOW(lseek),
        ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), ALLOW(brk), ALLOW(futex),
        ALLOW(ftruncate), ALLOW(recvmsg), ALLOW(exit), ALLOW(exit_group), ALLOW(rt_sigreturn), ALLOW(rt_sigaction),
        ALLOW(rt_sigprocmask), ALLOW(sigaltstack), ALLOW(getrandom), ALLOW(clock_gettime), ALLOW(getpid),
        ALLOW(gettid), ALLOW(sched_yield), ALLOW(restart_syscall), ALLOW(sysinfo),
        // Its own timer, which gives back pages of the files that are read.
        ALLOW(setitimer),
        // Memory that is data, never code.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mprotect, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(2)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        // A signal to itself, as abort() sends it, and to nobody else.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_tgkill, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        // What a parser never does: ends the process, so that it is seen.
        KILL(execve), KILL(execveat), KILL(ptrace), KILL(socket), KILL(connect), KILL(clone),
#ifdef __NR_fork
        KILL(fork), KILL(vfork),
#endif
        // Anything else is refused.
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
#else
    return 0;
#endif
}

struct assay_containment assay_sandbox_enter(uint64_t data_bytes, uint64_t file_bytes) {
    struct assay_containment held = {0};
    struct rlimit none = {0, 0}, data = {data_bytes, data_bytes}, file = {file_bytes, file_bytes};
    held.limits = setrlimit(RLIMIT_CORE, &none) == 0 && setrlimit(RLIMIT_FSIZE, &file) == 0 &&
                  setrlimit(RLIMIT_DATA, &data) == 0;
    held.no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    enter_landlock(&held);
    held.seccomp = enter_seccomp();
    return held;
}

#else

#include <mach-o/dyld.h>

ssize_t assay_program_path(char *buffer, size_t capacity) {
    uint32_t size = (uint32_t)capacity;
    return _NSGetExecutablePath(buffer, &size) == 0 ? (ssize_t)strlen(buffer) : -1;
}

int assay_die_with_parent(void) { return 0; }

struct assay_containment assay_sandbox_enter(uint64_t data_bytes, uint64_t file_bytes) {
    struct assay_containment held = {0};
    struct rlimit none = {0, 0}, data = {data_bytes, data_bytes}, file = {file_bytes, file_bytes};
    held.limits = setrlimit(RLIMIT_CORE, &none) == 0 && setrlimit(RLIMIT_FSIZE, &file) == 0 &&
                  setrlimit(RLIMIT_DATA, &data) == 0;
    return held;
}

#endif
