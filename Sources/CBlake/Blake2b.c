#include "CBlake.h"
#include <string.h>

// BLAKE2b as RFC 7693 describes it: section 3.2 is the compression function, 3.3 the padding and the counter.

static const uint64_t iv[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint8_t sigma[12][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
};

static inline uint64_t rotate(uint64_t x, int by) { return x >> by | x << (64 - by); }

#define G(a, b, c, d, x, y)                                                                                            \
    do {                                                                                                               \
        v[a] += v[b] + (x);                                                                                            \
        v[d] = rotate(v[d] ^ v[a], 32);                                                                                \
        v[c] += v[d];                                                                                                  \
        v[b] = rotate(v[b] ^ v[c], 24);                                                                                \
        v[a] += v[b] + (y);                                                                                            \
        v[d] = rotate(v[d] ^ v[a], 16);                                                                                \
        v[c] += v[d];                                                                                                  \
        v[b] = rotate(v[b] ^ v[c], 63);                                                                                \
    } while (0)

static void compress(struct assay_blake2b *state, const uint8_t *block, int is_last) {
    uint64_t m[16], v[16];
    for (int i = 0; i < 16; i++) {
        uint64_t word = 0;
        for (int j = 7; j >= 0; j--) word = word << 8 | block[i * 8 + j];
        m[i] = word;
    }
    for (int i = 0; i < 8; i++) {
        v[i] = state->h[i];
        v[i + 8] = iv[i];
    }
    v[12] ^= state->count[0];
    v[13] ^= state->count[1];
    if (is_last) v[14] = ~v[14];
#pragma clang loop unroll(full)
    for (int round = 0; round < 12; round++) {
        const uint8_t *s = sigma[round];
        G(0, 4, 8, 12, m[s[0]], m[s[1]]);
        G(1, 5, 9, 13, m[s[2]], m[s[3]]);
        G(2, 6, 10, 14, m[s[4]], m[s[5]]);
        G(3, 7, 11, 15, m[s[6]], m[s[7]]);
        G(0, 5, 10, 15, m[s[8]], m[s[9]]);
        G(1, 6, 11, 12, m[s[10]], m[s[11]]);
        G(2, 7, 8, 13, m[s[12]], m[s[13]]);
        G(3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    for (int i = 0; i < 8; i++) state->h[i] ^= v[i] ^ v[i + 8];
}

static void advance(struct assay_blake2b *state, uint64_t by) {
    state->count[0] += by;
    if (state->count[0] < by) state->count[1]++;
}

void assay_blake2b_init(struct assay_blake2b *state) {
    memset(state, 0, sizeof *state);
    memcpy(state->h, iv, sizeof iv);
    // Parameter block: digest length 64, no key, fanout 1, depth 1.
    state->h[0] ^= 0x01010000 ^ 64;
}

void assay_blake2b_update(struct assay_blake2b *state, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    while (count > 0) {
        // The last block is kept back: only it is compressed with the final flag.
        if (state->filled == sizeof state->buffer) {
            advance(state, sizeof state->buffer);
            compress(state, state->buffer, 0);
            state->filled = 0;
        }
        if (state->filled == 0) {
            while (count > sizeof state->buffer) {
                advance(state, sizeof state->buffer);
                compress(state, at, 0);
                at += sizeof state->buffer;
                count -= sizeof state->buffer;
            }
        }
        size_t room = sizeof state->buffer - state->filled;
        size_t take = count < room ? count : room;
        memcpy(state->buffer + state->filled, at, take);
        state->filled += take;
        at += take;
        count -= take;
    }
}

void assay_blake2b_final(struct assay_blake2b *state, uint8_t digest[64]) {
    advance(state, state->filled);
    memset(state->buffer + state->filled, 0, sizeof state->buffer - state->filled);
    compress(state, state->buffer, 1);
    for (int i = 0; i < 64; i++) digest[i] = (uint8_t)(state->h[i / 8] >> (8 * (i % 8)));
}
