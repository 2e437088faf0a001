#ifndef ASSAY_BLAKE_H
#define ASSAY_BLAKE_H

#include <stddef.h>
#include <stdint.h>

/// BLAKE2b (RFC 7693), unkeyed, 64 bytes of output.
struct assay_blake2b {
    uint64_t h[8];
    uint64_t count[2];
    uint8_t buffer[128];
    size_t filled;
};

void assay_blake2b_init(struct assay_blake2b *state);
void assay_blake2b_update(struct assay_blake2b *state, const void *bytes, size_t count);
void assay_blake2b_final(struct assay_blake2b *state, uint8_t digest[64]);

/// BLAKE3, hash mode, 32 bytes of output.
struct assay_blake3 {
    uint32_t stack[54][8];
    size_t depth;
    uint64_t chunks;
    uint8_t buffer[1024];
    size_t filled;
};

void assay_blake3_init(struct assay_blake3 *state);
void assay_blake3_update(struct assay_blake3 *state, const void *bytes, size_t count);
/// The chaining value of a subtree of whole chunks of 1024 bytes: a power of two of them, the first of which is number
/// `counter` of the message, a multiple of `chunks`.
void assay_blake3_subtree(const void *bytes, size_t chunks, uint64_t counter, uint32_t out[8]);
/// The same over memory that may be a mapped file's, which another process can make shorter. Returns 0; or 1 when there were
/// no bytes behind the memory any more.
int assay_blake3_subtree_mapped(const void *bytes, size_t chunks, uint64_t counter, uint32_t out[8]);
/// Adds such a subtree, which begins where what was added before ends, at a chunk's boundary. More input has to follow it.
void assay_blake3_push(struct assay_blake3 *state, const uint32_t value[8], size_t chunks);
void assay_blake3_final(const struct assay_blake3 *state, uint8_t digest[32]);

#endif
