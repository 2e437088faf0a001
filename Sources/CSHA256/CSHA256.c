#include "CSHA256.h"

#include "CMappedMemory.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

// SHA-256 as FIPS 180-4 (6.2.2) defines it, with the instructions that "Intel SHA Extensions" (Gulley, Gopal, Yap, Feghali,
// Guilford, Wolrich, 2013) describes: `sha256rnds2` does two rounds, `sha256msg1` and `sha256msg2` extend the message.
//
// A round's result is the next one's operand, so that one message keeps the unit busy half of the time. Two messages in
// one loop, whose rounds alternate, take turns at it.

// AVX is for its three-operand forms of the other instructions: with them the hash values stay in registers, which makes
// a fifth of the time.
#define WITH_SHA __attribute__((target("sha,avx")))
#define INLINE static inline __attribute__((always_inline)) WITH_SHA

// FIPS 180-4, 4.2.2.
static const uint32_t constants[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

int assay_sha256_is_supported(void) {
    unsigned a, b, c, d;
    // Also asks whether the operating system keeps AVX's registers.
    if (!__builtin_cpu_supports("avx")) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/// The working variables in the order that the instructions want: a, b, e, f and c, d, g, h, the first in the highest lane.
struct working {
    __m128i abef, cdgh;
};

INLINE struct working load_state(const uint32_t state[8]) {
    __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    return (struct working){_mm_alignr_epi8(badc, hgfe, 8), _mm_blend_epi16(hgfe, badc, 0xF0)};
}

INLINE void store_state(struct working v, uint32_t state[8]) {
    __m128i feba = _mm_shuffle_epi32(v.abef, 0x1B), dchg = _mm_shuffle_epi32(v.cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/// Four words of the message, which has them with the most significant byte first.
INLINE __m128i load_words(const uint8_t *block, int quarter) {
    const __m128i reverse = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * quarter)), reverse);
}

/// Four words of the schedule with the constants of rounds 4 * group to 4 * group + 3.
INLINE __m128i add_constants(__m128i words, int group) {
    return _mm_add_epi32(words, _mm_load_si128((const __m128i *)(constants + 4 * group)));
}

/// Two rounds with the lower two words of `sum`, and two with the upper ones.
INLINE void two_rounds(struct working *v, __m128i sum) { v->cdgh = _mm_sha256rnds2_epu32(v->cdgh, v->abef, sum); }
INLINE void two_more_rounds(struct working *v, __m128i sum) {
    v->abef = _mm_sha256rnds2_epu32(v->abef, v->cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

/// The next four words of the schedule, in place of the oldest of the last sixteen.
INLINE __m128i next_words(__m128i oldest, __m128i second, __m128i third, __m128i newest) {
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(oldest, second), _mm_alignr_epi8(newest, third, 4));
    return _mm_sha256msg2_epu32(sum, newest);
}

INLINE void add_state(struct working *v, struct working before) {
    v->abef = _mm_add_epi32(v->abef, before.abef);
    v->cdgh = _mm_add_epi32(v->cdgh, before.cdgh);
}

WITH_SHA void assay_sha256_one(uint32_t state[8], const void *blocks, size_t count) {
    struct working v = load_state(state);
    for (const uint8_t *at = blocks; count > 0; count--, at += 64) {
        struct working before = v;
        __m128i w[4] = {load_words(at, 0), load_words(at, 1), load_words(at, 2), load_words(at, 3)};
#pragma GCC unroll 16
        for (int group = 0; group < 16; group++) {
            int i = group % 4;
            if (group >= 4) w[i] = next_words(w[i], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
            __m128i sum = add_constants(w[i], group);
            two_rounds(&v, sum);
            two_more_rounds(&v, sum);
        }
        add_state(&v, before);
    }
    store_state(v, state);
}

WITH_SHA void assay_sha256_two(
    uint32_t first_state[8], const void *first, uint32_t second_state[8], const void *second, size_t count) {
    struct working v = load_state(first_state), u = load_state(second_state);
    const uint8_t *at = first, *other = second;
    for (; count > 0; count--, at += 64, other += 64) {
        struct working v_before = v, u_before = u;
        __m128i w[4] = {load_words(at, 0), load_words(at, 1), load_words(at, 2), load_words(at, 3)};
        __m128i x[4] = {load_words(other, 0), load_words(other, 1), load_words(other, 2), load_words(other, 3)};
#pragma GCC unroll 16
        for (int group = 0; group < 16; group++) {
            int i = group % 4;
            if (group >= 4) {
                w[i] = next_words(w[i], w[(i + 1) % 4], w[(i + 2) % 4], w[(i + 3) % 4]);
                x[i] = next_words(x[i], x[(i + 1) % 4], x[(i + 2) % 4], x[(i + 3) % 4]);
            }
            __m128i sum = add_constants(w[i], group), other_sum = add_constants(x[i], group);
            two_rounds(&v, sum);
            two_rounds(&u, other_sum);
            two_more_rounds(&v, sum);
            two_more_rounds(&u, other_sum);
        }
        add_state(&v, v_before);
        add_state(&u, u_before);
    }
    store_state(v, first_state);
    store_state(u, second_state);
}

struct hashing {
    uint32_t *first_state, *second_state;
    const void *first, *second;
    size_t count;
};

static void hash_one(void *context) {
    struct hashing *work = context;
    assay_sha256_one(work->first_state, work->first, work->count);
}

static void hash_two(void *context) {
    struct hashing *work = context;
    assay_sha256_two(work->first_state, work->first, work->second_state, work->second, work->count);
}

int assay_sha256_one_mapped(uint32_t state[8], const void *blocks, size_t count) {
    struct hashing work = {state, NULL, blocks, NULL, count};
    return assay_read_mapped(hash_one, &work, blocks, NULL, count * 64);
}

int assay_sha256_two_mapped(
    uint32_t first_state[8], const void *first, uint32_t second_state[8], const void *second, size_t count) {
    struct hashing work = {first_state, second_state, first, second, count};
    return assay_read_mapped(hash_two, &work, first, second, count * 64);
}
#endif
