#ifndef ASSAY_BYTES_H
#define ASSAY_BYTES_H

#include <stddef.h>

/// The first occurrence of `needle` in `haystack`, or NULL, as memmem(3) finds it.
const void *assay_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);

#endif
