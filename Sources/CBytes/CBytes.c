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
