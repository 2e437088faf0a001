#ifndef ASSAY_BYTES_H
#define ASSAY_BYTES_H

#include <stddef.h>

/// The first occurrence of `needle` in `haystack`, or NULL, as memmem(3) finds it.
const void *assay_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);

/// The first place where four bytes stand with which a program begins: ELF, Mach-O of either byte order, a universal
/// binary, or the two of a DOS stub; NULL when there is none. Only the magic number is looked at.
const void *assay_find_program(const void *haystack, size_t haystack_count);

/// Mappings shorter than this are not watched: their pages may stay.
#define ASSAY_WATCHED_FROM ((size_t)8 << 20)

/// From now on the pages of watched mappings are given back every millisecond of reading, whoever reads them and in
/// whatever order; looking at them again maps them again. What a process holds of a file is then what a millisecond maps,
/// and not the file. Takes SIGALRM and the real-time interval timer: for a process with one thread that does nothing but
/// read. Returns whether it could be set up.
int assay_pages_start(void);

/// Watches a mapping of a file that is only read; nothing before `assay_pages_start`.
void assay_pages_watch(const void *base, size_t count);

/// Ends the watch; to be called before the mapping is.
void assay_pages_unwatch(const void *base);

#endif
