// Inputs of BLAKE3 that are alike in length, hashed together, one in each lane of a vector. Included once for each width, with
// LANES, TARGET (its attributes) and NAME(x) defined.

typedef uint32_t NAME(vector) __attribute__((vector_size(4 * LANES)));

/// One step of a transposition: of rows that are BY apart, the blocks of BY words off the diagonal change places.
#define SWAP(by, low, high)                                                                                            \
    for (int i = 0; i < LANES; i++) {                                                                                  \
        if (i & by) continue;                                                                                          \
        NAME(vector) a = rows[i], b = rows[i + by];                                                                    \
        rows[i] = __builtin_shufflevector(a, b, low);                                                                  \
        rows[i + by] = __builtin_shufflevector(a, b, high);                                                            \
    }
#define LIST(...) __VA_ARGS__

/// Turns rows of words, one a lane, into columns, one a word. After unrolling every row is a register.
TARGET static inline __attribute__((always_inline)) void NAME(transpose)(NAME(vector) rows[LANES]) {
#if LANES == 8
#pragma clang loop unroll(full)
    SWAP(1, LIST(0, 8, 2, 10, 4, 12, 6, 14), LIST(1, 9, 3, 11, 5, 13, 7, 15))
#pragma clang loop unroll(full)
    SWAP(2, LIST(0, 1, 8, 9, 4, 5, 12, 13), LIST(2, 3, 10, 11, 6, 7, 14, 15))
#pragma clang loop unroll(full)
    SWAP(4, LIST(0, 1, 2, 3, 8, 9, 10, 11), LIST(4, 5, 6, 7, 12, 13, 14, 15))
#else
#pragma clang loop unroll(full)
    SWAP(1, LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
         LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#pragma clang loop unroll(full)
    SWAP(2, LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
         LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
#pragma clang loop unroll(full)
    SWAP(4, LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
         LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
#pragma clang loop unroll(full)
    SWAP(8, LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
         LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#endif
}

/// The chaining values of LANES inputs of whole blocks, `stride` bytes apart, whose counters follow each other by `step`.
TARGET static void NAME(hash)(
    const uint8_t *bytes, size_t stride, int blocks, uint64_t counter, uint32_t step, uint32_t flags, uint32_t first,
    uint32_t last, uint32_t out[][8]) {
    NAME(vector) h[8], low, high;
    for (int i = 0; i < 8; i++) h[i] = (NAME(vector)){0} + iv[i];
    for (int lane = 0; lane < LANES; lane++) {
        low[lane] = (uint32_t)(counter + (uint64_t)lane * step);
        high[lane] = (uint32_t)((counter + (uint64_t)lane * step) >> 32);
    }
    for (int block = 0; block < blocks; block++) {
        NAME(vector) m[16], v[16];
        for (int part = 0; part < 16 / LANES; part++) {
            NAME(vector) *rows = m + part * LANES;
            for (int lane = 0; lane < LANES; lane++)
                memcpy(rows + lane, bytes + (size_t)lane * stride + block * 64 + part * LANES * 4, sizeof *rows);
            NAME(transpose)(rows);
        }
        for (int i = 0; i < 8; i++) v[i] = h[i];
        for (int i = 0; i < 4; i++) v[8 + i] = (NAME(vector)){0} + iv[i];
        v[12] = low;
        v[13] = high;
        v[14] = (NAME(vector)){0} + 64;
        v[15] = (NAME(vector)){0} + (flags | (block == 0 ? first : 0) | (block == blocks - 1 ? last : 0));
#pragma clang loop unroll(full)
        for (int round = 0; round < 7; round++) ROUND(schedule[round]);
        for (int i = 0; i < 8; i++) h[i] = v[i] ^ v[i + 8];
    }
    for (int lane = 0; lane < LANES; lane++)
        for (int i = 0; i < 8; i++) out[lane][i] = h[i][lane];
}

#undef SWAP
#undef LIST
