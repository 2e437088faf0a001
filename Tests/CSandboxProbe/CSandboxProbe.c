#define _GNU_SOURCE
#include "CSandboxProbe.h"
#include "CSandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Calls that reach files by name, other processes or further descriptors; refused before their arguments are looked at.
static const long reaching[] = {
    SYS_openat, SYS_newfstatat, SYS_statx, SYS_faccessat, SYS_readlinkat, SYS_getdents64, SYS_linkat, SYS_renameat2,
    SYS_unlinkat, SYS_mkdirat, SYS_symlinkat, SYS_fchmodat, SYS_fchownat, SYS_utimensat, SYS_mknodat, SYS_chdir,
    SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_memfd_create, SYS_inotify_add_watch, SYS_fanotify_init,
    SYS_mount, SYS_truncate, SYS_socketpair, SYS_bind, SYS_sendmsg, SYS_sendto, SYS_kill, SYS_process_vm_readv,
    SYS_process_vm_writev, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_prctl, SYS_setns, SYS_unshare,
    SYS_keyctl, SYS_ioctl, SYS_fcntl, SYS_dup, SYS_dup3, SYS_pipe2, SYS_shmget, SYS_prlimit64, SYS_setuid,
#ifdef SYS_open
    SYS_open, SYS_creat, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_unlink,
#endif
#ifdef SYS_openat2
    SYS_openat2,
#endif
#ifdef SYS_io_uring_setup
    SYS_io_uring_setup,
#endif
#ifdef SYS_pidfd_open
    SYS_pidfd_open,
#endif
};

static int all_refused(void) {
    for (size_t index = 0; index < sizeof reaching / sizeof *reaching; index++) {
        errno = 0;
        if (syscall(reaching[index], 0, 0, 0, 0, 0, 0) != -1 || errno != EPERM) return 0;
    }
    return 1;
}

// Only calls that are safe after a fork in a program with threads are made in the child.
int assay_probe(enum assay_probe what) {
    int opened = open("/dev/zero", O_RDONLY);
    int shared = assay_shared_page();
    // Mapped before: a program under test may have more memory than the sandbox allows.
    void *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) {
        assay_sandbox_enter(64 << 20, 0);
        int refused = 0;
        char byte;
        switch (what) {
        case ASSAY_PROBE_OPEN: refused = open("/etc/passwd", O_RDONLY) < 0; break;
        case ASSAY_PROBE_EXEC: execl("/bin/true", "true", (char *)0); break;
        case ASSAY_PROBE_SOCKET: socket(AF_INET, SOCK_STREAM, 0); break;
        case ASSAY_PROBE_MEMORY:
            refused = mmap(0, 1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
            break;
        case ASSAY_PROBE_REACH: refused = all_refused(); break;
        case ASSAY_PROBE_CODE: {
            refused = page != MAP_FAILED && mprotect(page, 4096, PROT_READ) == 0 &&
                      mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0 &&
                      mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
            break;
        }
        case ASSAY_PROBE_SIGNAL: {
            pid_t own = getpid();
            refused = syscall(SYS_tgkill, own, syscall(SYS_gettid), 0) == 0 &&
                      syscall(SYS_tgkill, parent, parent, 0) == -1 && errno == EPERM;
            break;
        }
        case ASSAY_PROBE_SHRINK: refused = shared >= 0 && ftruncate(shared, 0) != 0; break;
        case ASSAY_PROBE_READ: refused = read(opened, &byte, 1) == 1; break;
        }
        _exit(refused ? 7 : 1);
    }
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    close(opened);
    close(shared);
    munmap(page, 4096);
    return status;
}
