#include "AssayData.h"

// Each data file stands here once, by C23's #embed: one line for its bytes and one for its name.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char rules_scan[] = {
#embed "rules/scan.json"
};

#define RESOURCE(name, symbol) {name, symbol, sizeof symbol}

static const struct assay_resource resources[] = {
    RESOURCE("rules/scan.json", rules_scan),
};

size_t assay_resource_total(void) { return sizeof resources / sizeof resources[0]; }
const struct assay_resource *assay_resource_at(size_t index) { return &resources[index]; }
