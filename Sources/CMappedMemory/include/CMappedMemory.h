#ifndef ASSAY_MAPPED_MEMORY_H
#define ASSAY_MAPPED_MEMORY_H

#include <stddef.h>

/// Calls `body` with `context`. It may read `size` bytes at `first`, and at `second` where that is not null, which are mapped
/// from files that other processes can make shorter; it has to be able to be left at any of these reads: it may hold nothing.
///
/// Returns 0; or 1 or 2, without the end of `body` having been reached, when there were no bytes behind the first or second
/// memory any more.
int assay_read_mapped(void (*body)(void *context), void *context, const void *first, const void *second, size_t size);

#endif
