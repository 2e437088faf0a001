#ifndef ASSAY_SHA256_H
#define ASSAY_SHA256_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)

/// Whether this processor has the instructions that the functions below are made of. Where it has not, they must not be
/// called.
int assay_sha256_is_supported(void);

/// The compression function of SHA-256 (FIPS 180-4, 6.2.2) over `count` blocks of 64 bytes.
/// `state` holds the eight words of the hash value, in the standard's order.
void assay_sha256_one(uint32_t state[8], const void *blocks, size_t count);

/// The same over `count` blocks of two messages that have nothing to do with each other, at little more than the cost of
/// one: each round waits for the one before it, and the processor fills the wait with the other message's round.
void assay_sha256_two(
    uint32_t first_state[8], const void *first, uint32_t second_state[8], const void *second, size_t count);

/// As `assay_sha256_one`, over memory that may be a mapped file's, which another process can make shorter.
/// Returns 0; or 1 when there were no bytes behind the memory any more, with the hash value as it was before.
int assay_sha256_one_mapped(uint32_t state[8], const void *blocks, size_t count);

/// As `assay_sha256_two`, over such memory. Returns 0; or 1 or 2 for the message that was lost, with both hash values as they
/// were before.
int assay_sha256_two_mapped(
    uint32_t first_state[8], const void *first, uint32_t second_state[8], const void *second, size_t count);

#endif
#endif
