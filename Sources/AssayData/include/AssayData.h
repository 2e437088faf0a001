#ifndef ASSAY_DATA_H
#define ASSAY_DATA_H

#include <stddef.h>

/// A data file that is compiled into the program, so that it runs from one binary and starts without reading files.
struct assay_resource {
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// How many there are.
size_t assay_resource_total(void);
/// The entry at `index`, which is below the total.
const struct assay_resource *assay_resource_at(size_t index);

#endif
