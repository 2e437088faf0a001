#ifndef ASSAY_SANDBOX_H
#define ASSAY_SANDBOX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What holds the calling process after `assay_sandbox_enter`; a field that is 0 means that the mechanism is absent.
struct assay_containment {
    int no_new_privileges;
    int landlock_abi;
    int landlock_network;
    int seccomp;
    int limits;
};

/// Gives up everything that reading open descriptors does not need, for good: new privileges, the file system
/// (Landlock without any rule), and all system calls but the few that parsing takes (seccomp).
/// `data_bytes` bounds private memory, `file_bytes` the size of the one scratch file.
struct assay_containment assay_sandbox_enter(uint64_t data_bytes, uint64_t file_bytes);

/// Makes the calling process end when its parent does. Returns 0 where the system has no such call.
int assay_die_with_parent(void);

/// Descriptors that one message may carry.
#define ASSAY_MOST_DESCRIPTORS 64

/// Sends one message with `descriptor_count` descriptors, at most ASSAY_MOST_DESCRIPTORS. Returns the bytes sent or -1
/// with errno set.
ssize_t assay_send(int socket, const void *bytes, size_t count, const int *descriptors, size_t descriptor_count);

/// Receives one message and the descriptors that came along: `descriptors` has room for ASSAY_MOST_DESCRIPTORS, of which
/// `*descriptor_count` are filled. Returns the bytes received, 0 at the end, or -1.
ssize_t assay_receive(int socket, void *bytes, size_t capacity, int *descriptors, size_t *descriptor_count);

/// How many descriptors this process may have open.
size_t assay_descriptor_limit(void);

/// Starts `path` with `arguments` (ended by NULL) and an environment of its own, with `descriptors[i]` as descriptor i
/// (negative: /dev/null) and nothing else inherited. Returns 0 and the process id, or an error number.
int assay_start(const char *path, char *const arguments[], char *const environment[], const int *descriptors,
                size_t descriptor_count, pid_t *process);

/// An unlinked temporary file, or -1.
int assay_scratch_file(void);

/// A page of memory for two processes, as a descriptor to map; or -1.
int assay_shared_page(void);

/// Maps such a page, to write to or only to read, or returns NULL.
uint64_t *assay_map_page(int descriptor, int writes);

/// Gives the mapping back.
void assay_unmap_page(uint64_t *page);

/// Writes the page's word, at once and whole.
void assay_store_word(uint64_t *page, uint64_t value);

/// Reads the page's word.
uint64_t assay_load_word(const uint64_t *page);

/// A connected pair of sockets that keep message boundaries. Returns 0, or -1 with errno set.
int assay_socket_pair(int pair[2]);

/// A pipe that closes on exec: `ends[0]` to read from. Returns 0, or -1 with errno set.
int assay_pipe(int ends[2]);

/// The path of the running program in `buffer`. Returns its length, or -1.
ssize_t assay_program_path(char *buffer, size_t capacity);

#endif
