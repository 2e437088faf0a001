#include "CBlake.h"
#include <string.h>

// BLAKE3 as its specification (O'Connor, Aumasson, Neves, Wilcox-O'Hearn, 2020) describes it: chunks of 1024 bytes are
// the leaves of a binary tree; section 2.2 is the compression function, 5.1.2 the stack that merges subtrees.
// Whole chunks are hashed eight at a time, one in each lane of a vector.

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

typedef uint32_t lanes __attribute__((vector_size(32)));

// One body, compiled for the vectors of the processor at hand: the run-time choice is the compiler's.
#if defined(__x86_64__)
#define VARIANTS __attribute__((target_clones("default", "avx2")))
#else
#define VARIANTS
#endif

/// The chaining values of eight whole chunks that follow each other.
VARIANTS static void eight_chunks(const uint8_t *bytes, uint64_t counter, uint32_t out[8][8]) {
    lanes h[8];
    for (int i = 0; i < 8; i++)
        for (int lane = 0; lane < 8; lane++) h[i][lane] = iv[i];
    lanes low, high;
    for (int lane = 0; lane < 8; lane++) {
        low[lane] = (uint32_t)(counter + lane);
        high[lane] = (uint32_t)((counter + lane) >> 32);
    }
    for (int block = 0; block < 16; block++) {
        lanes m[16], v[16];
        for (int i = 0; i < 16; i++)
            for (int lane = 0; lane < 8; lane++) m[i][lane] = word(bytes + lane * 1024 + block * 64 + i * 4);
        for (int i = 0; i < 8; i++) v[i] = h[i];
        uint32_t flags = (block == 0 ? CHUNK_START : 0) | (block == 15 ? CHUNK_END : 0);
        for (int lane = 0; lane < 8; lane++) {
            for (int i = 0; i < 4; i++) v[8 + i][lane] = iv[i];
            v[14][lane] = 64;
            v[15][lane] = flags;
        }
        v[12] = low;
        v[13] = high;
    #pragma clang loop unroll(full)
    for (int round = 0; round < 7; round++) ROUND(schedule[round]);
        for (int i = 0; i < 8; i++) h[i] = v[i] ^ v[i + 8];
    }
    for (int lane = 0; lane < 8; lane++)
        for (int i = 0; i < 8; i++) out[lane][i] = h[i][lane];
}

void assay_blake3_init(struct assay_blake3 *state) { memset(state, 0, sizeof *state); }

/// Adds a finished chunk: a subtree is merged whenever its sibling is complete and more input is known to follow.
static void push(struct assay_blake3 *state, const uint32_t value[8]) {
    uint32_t merged[8];
    memcpy(merged, value, sizeof merged);
    state->chunks++;
    for (uint64_t total = state->chunks; (total & 1) == 0; total >>= 1) {
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
            push(state, value);
            state->filled = 0;
        }
        while (state->filled == 0 && count > 8 * 1024) {
            uint32_t values[8][8];
            eight_chunks(at, state->chunks, values);
            for (int lane = 0; lane < 8; lane++) push(state, values[lane]);
            at += 8 * 1024;
            count -= 8 * 1024;
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
