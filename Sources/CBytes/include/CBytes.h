#ifndef ASSAY_BYTES_H
#define ASSAY_BYTES_H

#include <stddef.h>

/// The first occurrence of `needle` in `haystack`, or NULL, as memmem(3) finds it.
const void *assay_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);

/// The first place where four bytes stand with which a program begins: ELF, Mach-O of either byte order, a universal
/// binary, or the two of a DOS stub; NULL when there is none. Only the magic number is looked at.
const void *assay_find_program(const void *haystack, size_t haystack_count);

#endif
