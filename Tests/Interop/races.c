/* Loaded before a program (LD_PRELOAD): changes a file just before the program's call number RACE_AT, and back before call number
   RACE_BACK. Every look at a file is written to RACE_LOG: the number of the call, its name, and the path where there is one.
   RACE_DO names the change of the file RACE_FILE: "swap" and "folder" exchange it, or its folder, with RACE_OTHER; "poke" and
   "hidden" change a byte, and "hidden" sets the times back; "touch" writes the byte that is there; "shorter" cuts the end off. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int calls;
static __thread int busy;

static void change(const char *how, int back) {
    const char *file = getenv("RACE_FILE"), *other = getenv("RACE_OTHER");
    if (!strcmp(how, "swap") || !strcmp(how, "folder")) {
        syscall(SYS_renameat2, AT_FDCWD, other, AT_FDCWD, file, 2);
        return;
    }
    int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR);
    if (fd < 0) return;
    struct stat before;
    syscall(SYS_fstat, fd, &before);
    if (!strcmp(how, "shorter")) {
        if (ftruncate(fd, before.st_size - 4096)) {}
    } else {
        char byte = 0;
        off_t at = before.st_size / 2;
        if (syscall(SYS_pread64, fd, &byte, 1, at) == 1) {
            if (strcmp(how, "touch")) byte ^= 1;
            if (pwrite(fd, &byte, 1, at)) {}
        }
        if (!strcmp(how, "hidden")) {
            struct timespec times[2] = {before.st_atim, before.st_mtim};
            futimens(fd, times);
        }
    }
    close(fd);
    (void)back;
}

static void note(const char *name, const char *path) {
    if (busy) return;
    busy = 1;
    int number = atomic_fetch_add(&calls, 1) + 1;
    const char *at = getenv("RACE_AT"), *back = getenv("RACE_BACK"), *first = getenv("RACE_FIRST"), *log = getenv("RACE_LOG");
    if (first && number == atoi(first)) change("touch", 0);
    if (at && number == atoi(at)) change(getenv("RACE_DO"), 0);
    if (back && number == atoi(back)) change(getenv("RACE_DO"), 1);
    if (log) {
        char line[512];
        int count = snprintf(line, sizeof line, "%d %s %s\n", number, name, path ? path : "");
        int fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
        if (fd >= 0) {
            syscall(SYS_write, fd, line, count);
            syscall(SYS_close, fd);
        }
    }
    busy = 0;
}

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

int openat(int folder, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    note("openat", path);
    return real(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));
int fstat(int fd, struct stat *status) {
    REAL(int, "fstat", int, struct stat *);
    note("fstat", NULL);
    return real(fd, status);
}
int fstatat(int folder, const char *path, struct stat *status, int flags) {
    REAL(int, "fstatat", int, const char *, struct stat *, int);
    note("fstatat", path);
    return real(folder, path, status, flags);
}
ssize_t pread(int fd, void *bytes, size_t count, off_t at) {
    REAL(ssize_t, "pread", int, void *, size_t, off_t);
    note("pread", NULL);
    return real(fd, bytes, count, at);
}
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t at) {
    if (fd >= 0) note("mmap", NULL);
    return (void *)syscall(SYS_mmap, address, length, protection, flags, fd, at);
}
int munmap(void *address, size_t length) {
    if (length > 1 << 20) note("munmap", NULL);
    return syscall(SYS_munmap, address, length);
}
struct dirent *readdir(DIR *folder) {
    REAL(struct dirent *, "readdir", DIR *);
    note("readdir", NULL);
    return real(folder);
}
