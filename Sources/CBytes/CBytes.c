#define _GNU_SOURCE
#include "CBytes.h"
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

// Sixteen places at a time: where the needle's first byte stands and, at its distance, the last one, the rest is
// compared. Every x86-64 processor has these instructions.
static const void *find_short(const uint8_t *haystack, size_t count, const uint8_t *needle, size_t length) {
    size_t last = length - 1, places = count - last, at = 0;
    const __m128i head = _mm_set1_epi8((char)needle[0]), tail = _mm_set1_epi8((char)needle[last]);
    for (; at + 16 <= places; at += 16) {
        __m128i first = _mm_loadu_si128((const __m128i *)(haystack + at));
        __m128i second = _mm_loadu_si128((const __m128i *)(haystack + at + last));
        unsigned hits = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(first, head), _mm_cmpeq_epi8(second, tail)));
        while (hits) {
            const uint8_t *place = haystack + at + __builtin_ctz(hits);
            if (memcmp(place, needle, length) == 0) return place;
            hits &= hits - 1;
        }
    }
    for (; at < places; at++)
        if (haystack[at] == needle[0] && memcmp(haystack + at, needle, length) == 0) return haystack + at;
    return NULL;
}
#endif

const void *assay_find(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count) {
#if defined(__SSE2__)
    // The time that hostile bytes can make this take grows with the needle's length: long ones go to the C library.
    if (needle_count >= 1 && needle_count <= 32 && haystack_count >= needle_count) {
        const uint8_t *start = haystack, *at = start, *first = needle;
        size_t places = haystack_count - needle_count + 1, hits = 0;
        // Where the first byte is rare, looking for it alone is several times as fast.
        while (places > 0) {
            const uint8_t *hit = memchr(at, first[0], places);
            if (!hit || memcmp(hit, needle, needle_count) == 0) return hit;
            places -= (size_t)(hit - at) + 1;
            at = hit + 1;
            if (++hits >= 16 && (size_t)(at - start) / hits < 64) break;
        }
        return places > 0 ? find_short(at, places + needle_count - 1, needle, needle_count) : NULL;
    }
#endif
    return memmem(haystack, haystack_count, needle, needle_count);
}

// The first two bytes decide about almost all places; what follows them is compared for the few that are left.
static int is_program(const uint8_t *place, size_t left) {
    static const uint8_t magics[][4] = {
        {0x7F, 'E', 'L', 'F'}, {0xCF, 0xFA, 0xED, 0xFE}, {0xCE, 0xFA, 0xED, 0xFE}, {0xFE, 0xED, 0xFA, 0xCF},
        {0xFE, 0xED, 0xFA, 0xCE}, {0xCA, 0xFE, 0xBA, 0xBE}, {0xCA, 0xFE, 0xBA, 0xBF},
    };
    if (left < 64) return 0;
    if (place[0] == 'M' && place[1] == 'Z') {
        // Where the stub says that the header of the program for Windows stands.
        uint32_t at = (uint32_t)place[60] | (uint32_t)place[61] << 8 | (uint32_t)place[62] << 16 | (uint32_t)place[63] << 24;
        return at < left - 4 && memcmp(place + at, "PE\0\0", 4) == 0;
    }
    for (size_t kind = 0; kind < sizeof(magics) / sizeof(magics[0]); kind++)
        if (memcmp(place, magics[kind], 4) == 0) return 1;
    return 0;
}

const void *assay_find_program(const void *haystack, size_t count) {
    const uint8_t *bytes = haystack;
    size_t at = 0;
#if defined(__SSE2__)
#define BOTH(left, right) _mm_and_si128(_mm_cmpeq_epi8(first, _mm_set1_epi8((char)(left))), _mm_cmpeq_epi8(second, _mm_set1_epi8((char)(right))))
    for (; at + 17 <= count; at += 16) {
        __m128i first = _mm_loadu_si128((const __m128i *)(bytes + at));
        __m128i second = _mm_loadu_si128((const __m128i *)(bytes + at + 1));
        // CE FA and CF FA differ in one bit.
        __m128i intel = _mm_and_si128(_mm_cmpeq_epi8(_mm_or_si128(first, _mm_set1_epi8(1)), _mm_set1_epi8((char)0xCF)), _mm_cmpeq_epi8(second, _mm_set1_epi8((char)0xFA)));
        __m128i found = _mm_or_si128(_mm_or_si128(BOTH(0x7F, 'E'), BOTH('M', 'Z')), _mm_or_si128(intel, _mm_or_si128(BOTH(0xFE, 0xED), BOTH(0xCA, 0xFE))));
        unsigned hits = (unsigned)_mm_movemask_epi8(found);
        while (hits) {
            size_t place = at + (size_t)__builtin_ctz(hits);
            if (is_program(bytes + place, count - place)) return bytes + place;
            hits &= hits - 1;
        }
    }
#undef BOTH
#endif
    for (; at + 64 <= count; at++)
        if (is_program(bytes + at, count - at)) return bytes + at;
    return NULL;
}
