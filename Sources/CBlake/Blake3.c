#include "CBlake.h"

#include "CMappedMemory.h"
#include <string.h>

// BLAKE3 as its specification (O'Connor, Aumasson, Neves, Wilcox-O'Hearn, 2020) describes it: chunks of 1024 bytes are
// the leaves of a binary tree; section 2.2 is the compression function, 5.1.2 the stack that merges subtrees.
// Whole subtrees are hashed with eight or sixteen inputs at a time, one in each lane of a vector.

enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

static const uint32_t iv[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint8_t schedule[7][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8},
    {3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1},
    {10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6},
    {12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4},
    {9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7},
    {11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13},
};

#define ROTATE(x, by) ((x) >> (by) | (x) << (32 - (by)))

#define G(a, b, c, d, x, y)                                                                                            \
    do {                                                                                                               \
        v[a] += v[b] + (x);                                                                                            \
        v[d] = ROTATE(v[d] ^ v[a], 16);                                                                                \
        v[c] += v[d];                                                                                                  \
        v[b] = ROTATE(v[b] ^ v[c], 12);                                                                                \
        v[a] += v[b] + (y);                                                                                            \
        v[d] = ROTATE(v[d] ^ v[a], 8);                                                                                 \
        v[c] += v[d];                                                                                                  \
        v[b] = ROTATE(v[b] ^ v[c], 7);                                                                                 \
    } while (0)

#define ROUND(s)                                                                                                       \
    do {                                                                                                               \
        G(0, 4, 8, 12, m[s[0]], m[s[1]]);                                                                              \
        G(1, 5, 9, 13, m[s[2]], m[s[3]]);                                                                              \
        G(2, 6, 10, 14, m[s[4]], m[s[5]]);                                                                             \
        G(3, 7, 11, 15, m[s[6]], m[s[7]]);                                                                             \
        G(0, 5, 10, 15, m[s[8]], m[s[9]]);                                                                             \
        G(1, 6, 11, 12, m[s[10]], m[s[11]]);                                                                           \
        G(2, 7, 8, 13, m[s[12]], m[s[13]]);                                                                            \
        G(3, 4, 9, 14, m[s[14]], m[s[15]]);                                                                            \
    } while (0)

static inline uint32_t word(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void compress(uint32_t h[8], const uint32_t m[16], uint64_t counter, uint32_t length, uint32_t flags) {
    uint32_t v[16];
    memcpy(v, h, 32);
    memcpy(v + 8, iv, 16);
    v[12] = (uint32_t)counter;
    v[13] = (uint32_t)(counter >> 32);
    v[14] = length;
    v[15] = flags;
#pragma clang loop unroll(full)
    for (int round = 0; round < 7; round++) ROUND(schedule[round]);
    for (int i = 0; i < 8; i++) h[i] = v[i] ^ v[i + 8];
}

/// The chaining value of one chunk of at most 1024 bytes; an empty input is one empty block.
static void chunk(const uint8_t *bytes, size_t count, uint64_t counter, uint32_t last, uint32_t out[8]) {
    memcpy(out, iv, sizeof iv);
    uint32_t flags = CHUNK_START;
    do {
        uint8_t block[64] = {0};
        size_t take = count < 64 ? count : 64;
        memcpy(block, bytes, take);
        bytes += take;
        count -= take;
        uint32_t m[16];
        for (int i = 0; i < 16; i++) m[i] = word(block + 4 * i);
        compress(out, m, counter, (uint32_t)take, flags | (count == 0 ? CHUNK_END | last : 0));
        flags = 0;
    } while (count > 0);
}

static void parent(const uint32_t left[8], const uint32_t right[8], uint32_t last, uint32_t out[8]) {
    uint32_t m[16];
    memcpy(m, left, 32);
    memcpy(m + 8, right, 32);
    memcpy(out, iv, sizeof iv);
    compress(out, m, 0, 64, PARENT | last);
}

// Where words lie in memory as BLAKE3 has them, inputs of one length are hashed together, one in each lane of a vector.
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HAS_LANES 1
#define LANES 8
#define TARGET
#define NAME(x) x##_8
#include "BLAKE3Lanes.h"
#if defined(__x86_64__)
#undef TARGET
#undef NAME
#define TARGET __attribute__((target("avx2")))
#define NAME(x) x##_avx2
#include "BLAKE3Lanes.h"
#undef LANES
#undef TARGET
#undef NAME
#define LANES 16
#define TARGET __attribute__((target("avx512f")))
#define NAME(x) x##_avx512
#include "BLAKE3Lanes.h"
#endif
#endif

enum { GROUP = 256 };

/// Hashes `count` inputs, as many at a time as there are lanes, and the rest one by one.
static void many(
    const uint8_t *bytes, size_t count, size_t stride, int blocks, uint64_t counter, uint32_t step, uint32_t flags,
    uint32_t first, uint32_t last, uint32_t out[][8]) {
#if HAS_LANES
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f"))
        for (; count >= 16; count -= 16, bytes += 16 * stride, counter += 16 * step, out += 16)
            hash_avx512(bytes, stride, blocks, counter, step, flags, first, last, out);
    if (__builtin_cpu_supports("avx2"))
        for (; count >= 8; count -= 8, bytes += 8 * stride, counter += 8 * step, out += 8)
            hash_avx2(bytes, stride, blocks, counter, step, flags, first, last, out);
#endif
    for (; count >= 8; count -= 8, bytes += 8 * stride, counter += 8 * step, out += 8)
        hash_8(bytes, stride, blocks, counter, step, flags, first, last, out);
#endif
    for (; count > 0; count--, bytes += stride, counter += step, out++) {
        uint32_t h[8];
        memcpy(h, iv, sizeof iv);
        for (int block = 0; block < blocks; block++) {
            uint32_t m[16];
            for (int i = 0; i < 16; i++) m[i] = word(bytes + block * 64 + 4 * i);
            compress(h, m, counter, 64, flags | (block == 0 ? first : 0) | (block == blocks - 1 ? last : 0));
        }
        memcpy(*out, h, sizeof h);
    }
}

void assay_blake3_subtree(const void *bytes, size_t chunks, uint64_t counter, uint32_t out[8]) {
    uint32_t values[GROUP][8];
    if (chunks > GROUP) {
        assay_blake3_subtree(bytes, chunks / 2, counter, values[0]);
        assay_blake3_subtree((const uint8_t *)bytes + chunks / 2 * 1024, chunks / 2, counter + chunks / 2, values[1]);
        parent(values[0], values[1], 0, out);
        return;
    }
    many(bytes, chunks, 1024, 16, counter, 1, 0, CHUNK_START, CHUNK_END, values);
    // A parent's input is the values of its children, which lie beside each other; words in memory are as in the input where
    // there are lanes.
    for (size_t left = chunks; left > 1; left /= 2) {
#if HAS_LANES
        uint32_t next[GROUP / 2][8];
        many((const uint8_t *)values, left / 2, 64, 1, 0, 0, PARENT, 0, 0, next);
        memcpy(values, next, left / 2 * sizeof *next);
#else
        for (size_t i = 0; i < left / 2; i++) {
            uint32_t value[8];
            parent(values[2 * i], values[2 * i + 1], 0, value);
            memcpy(values[i], value, sizeof value);
        }
#endif
    }
    memcpy(out, values[0], sizeof values[0]);
}

void assay_blake3_init(struct assay_blake3 *state) { memset(state, 0, sizeof *state); }

struct subtree {
    const void *bytes;
    size_t chunks;
    uint64_t counter;
    uint32_t *out;
};

static void hash_subtree(void *context) {
    struct subtree *work = context;
    assay_blake3_subtree(work->bytes, work->chunks, work->counter, work->out);
}

int assay_blake3_subtree_mapped(const void *bytes, size_t chunks, uint64_t counter, uint32_t out[8]) {
    struct subtree work = {bytes, chunks, counter, out};
    return assay_read_mapped(hash_subtree, &work, bytes, NULL, chunks * 1024);
}

void assay_blake3_push(struct assay_blake3 *state, const uint32_t value[8], size_t chunks) {
    uint32_t merged[8];
    memcpy(merged, value, sizeof merged);
    // A subtree is merged whenever its sibling is complete: more input is known to follow.
    for (uint64_t total = (state->chunks += chunks) / chunks; (total & 1) == 0; total >>= 1) {
        uint32_t next[8];
        parent(state->stack[--state->depth], merged, 0, next);
        memcpy(merged, next, sizeof merged);
    }
    memcpy(state->stack[state->depth++], merged, sizeof merged);
}

void assay_blake3_update(struct assay_blake3 *state, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    while (count > 0) {
        // A full buffer is a chunk only now that more input follows it: the last chunk is kept back for the root.
        if (state->filled == sizeof state->buffer) {
            uint32_t value[8];
            chunk(state->buffer, sizeof state->buffer, state->chunks, 0, value);
            assay_blake3_push(state, value, 1);
            state->filled = 0;
        }
        while (state->filled == 0 && count > 1024) {
            // The largest subtree that may stand here and leaves something behind it.
            size_t chunks = 1;
            while (chunks < GROUP && state->chunks % (2 * chunks) == 0 && count > 2 * chunks * 1024) chunks *= 2;
            uint32_t value[8];
            assay_blake3_subtree(at, chunks, state->chunks, value);
            assay_blake3_push(state, value, chunks);
            at += chunks * 1024;
            count -= chunks * 1024;
        }
        size_t room = sizeof state->buffer - state->filled;
        size_t take = count < room ? count : room;
        memcpy(state->buffer + state->filled, at, take);
        state->filled += take;
        at += take;
        count -= take;
    }
}

void assay_blake3_final(const struct assay_blake3 *state, uint8_t digest[32]) {
    uint32_t value[8];
    chunk(state->buffer, state->filled, state->chunks, state->depth == 0 ? ROOT : 0, value);
    for (size_t left = state->depth; left > 0; left--) {
        uint32_t next[8];
        parent(state->stack[left - 1], value, left == 1 ? ROOT : 0, next);
        memcpy(value, next, sizeof value);
    }
    for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(value[i / 4] >> (8 * (i % 4)));
}
