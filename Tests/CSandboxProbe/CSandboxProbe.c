#define _GNU_SOURCE
#include "CSandboxProbe.h"
#include "CSandbox.h"
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

// Only calls that are safe after a fork in a program with threads are made in the child.
int assay_probe(enum assay_probe what) {
    int opened = open("/dev/zero", O_RDONLY);
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
        case ASSAY_PROBE_READ: refused = read(opened, &byte, 1) == 1; break;
        }
        _exit(refused ? 7 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    close(opened);
    return status;
}
