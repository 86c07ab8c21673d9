#include "base/sha256.h"

/* clang knows the feature's name from version 19 on. */
#if defined(__x86_64__) && defined(__GNUC__) &&                                                    \
    (defined(__clang__) ? __clang_major__ >= 19 : __GNUC__ >= 11)
#define SHA256_BY_PROCESSOR
#include <immintrin.h>
#if __has_include(<sys/platform/x86.h>)
#include <sys/platform/x86.h>
#endif
#endif

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2). */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void schedule(const char block[64], uint32_t w[64])
{
    const uint8_t *bytes = (const uint8_t *)block;

    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)bytes[4 * t] << 24 | (uint32_t)bytes[4 * t + 1] << 16 |
               (uint32_t)bytes[4 * t + 2] << 8 | bytes[4 * t + 3];
    for (int t = 16; t < 64; t++) {
        uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
}

/* One round of 6.2.2 on a to h, which the caller turns by one place from round to round, so that
 * nothing needs to be moved. */
#define ROUND(a, b, c, d, e, f, g, h, t)                                                           \
    do {                                                                                           \
        uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (g ^ (e & (f ^ g))) +   \
                      K[t] + w[t];                                                                 \
        d += t1;                                                                                   \
        h = t1 + (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) | (c & (a | b)));       \
    } while (0)

static void compress_portably(uint32_t state[8], const char block[64])
{
    uint32_t w[64];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];

    schedule(block, w);
    for (int t = 0; t < 64; t += 8) {
        ROUND(a, b, c, d, e, f, g, h, t);
        ROUND(h, a, b, c, d, e, f, g, t + 1);
        ROUND(g, h, a, b, c, d, e, f, t + 2);
        ROUND(f, g, h, a, b, c, d, e, t + 3);
        ROUND(e, f, g, h, a, b, c, d, t + 4);
        ROUND(d, e, f, g, h, a, b, c, t + 5);
        ROUND(c, d, e, f, g, h, a, b, t + 6);
        ROUND(b, c, d, e, f, g, h, a, t + 7);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

#ifdef SHA256_BY_PROCESSOR

#define BY_PROCESSOR __attribute__((target("sha,sse4.1,ssse3")))

/* The processor keeps a to h in two registers, as ABEF and CDGH from the top, and does four rounds
 * with four words of the schedule. */
typedef struct Halves {
    __m128i abef;
    __m128i cdgh;
} Halves;

BY_PROCESSOR static inline Halves four_rounds(Halves s, __m128i w, int t)
{
    __m128i sum = _mm_add_epi32(w, _mm_loadu_si128((const __m128i *)(const void *)&K[t]));

    s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, sum);
    s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(sum, 0x0e));
    return s;
}

/* The four words of the schedule after `w`, which holds the sixteen before them. */
BY_PROCESSOR static inline __m128i next_words(const __m128i w[4])
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w[0], w[1]), _mm_alignr_epi8(w[3], w[2], 4));

    return _mm_sha256msg2_epu32(sum, w[3]);
}

/* The state after one more block. */
BY_PROCESSOR static inline Halves next_state(Halves begin, const char block[64])
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    Halves s = begin;
    __m128i w[4];

    for (int i = 0; i < 4; i++) {
        w[i] = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
        w[i] = _mm_shuffle_epi8(w[i], swap);
        s = four_rounds(s, w[i], 4 * i);
    }
    for (int t = 16; t < 64; t += 4) {
        __m128i next = next_words(w);
        w[0] = w[1];
        w[1] = w[2];
        w[2] = w[3];
        w[3] = next;
        s = four_rounds(s, next, t);
    }
    return (Halves){_mm_add_epi32(s.abef, begin.abef), _mm_add_epi32(s.cdgh, begin.cdgh)};
}

BY_PROCESSOR static void compress_by_processor(uint32_t state[8], const char *blocks,
                                               uint32_t count)
{
    __m128i *low = (__m128i *)(void *)state, *high = (__m128i *)(void *)(state + 4);
    __m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128(low), 0xb1);
    __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128(high), 0x1b);
    Halves s = {_mm_alignr_epi8(dcba, hgfe, 8), _mm_blend_epi16(hgfe, dcba, 0xf0)};

    for (uint32_t i = 0; i < count; i++)
        s = next_state(s, blocks + 64 * i);
    s.abef = _mm_shuffle_epi32(s.abef, 0x1b);
    s.cdgh = _mm_shuffle_epi32(s.cdgh, 0xb1);
    _mm_storeu_si128(low, _mm_blend_epi16(s.abef, s.cdgh, 0xf0));
    _mm_storeu_si128(high, _mm_alignr_epi8(s.cdgh, s.abef, 8));
}

/* The compiler's own way asks the processor anew at each start, which is slow in a virtual machine;
 * the C library has asked it. */
#ifdef CPU_FEATURE_ACTIVE
static bool is_able(void)
{
    return CPU_FEATURE_ACTIVE(SHA) && CPU_FEATURE_ACTIVE(SSE4_1);
}
#else
static bool is_able(void)
{
    return __builtin_cpu_supports("sha") && __builtin_cpu_supports("sse4.1");
}
#endif

#endif

static void compress(Sha256 *hash, const char *blocks, uint32_t count)
{
#ifdef SHA256_BY_PROCESSOR
    if (!hash->portable && is_able()) {
        compress_by_processor(hash->state, blocks, count);
        return;
    }
#endif
    for (uint32_t i = 0; i < count; i++)
        compress_portably(hash->state, blocks + (size_t)64 * i);
}

Sha256 sha256_new(void)
{
    return (Sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                              0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void sha256_add(Sha256 *hash, Str bytes)
{
    uint32_t used = hash->size % 64;

    hash->size += bytes.size;
    if (used && bytes.size >= 64 - used) {
        memcpy(hash->block + used, bytes.data, 64 - used);
        compress(hash, hash->block, 1);
        bytes = str_from(bytes, 64 - used);
        used = 0;
    }
    if (bytes.size >= 64) {
        compress(hash, bytes.data, bytes.size / 64);
        bytes = str_from(bytes, bytes.size & ~63u);
    }
    if (bytes.size)
        memcpy(hash->block + used, bytes.data, bytes.size);
}

/* A one and zeros behind the last bytes, and in the last eight of a block how many bits there were.
 */
static void add_end(Sha256 *hash)
{
    uint32_t used = hash->size % 64;
    uint64_t bits = hash->size * 8;

    hash->block[used++] = (char)0x80;
    if (used > 56) {
        memset(hash->block + used, 0, 64 - used);
        compress(hash, hash->block, 1);
        used = 0;
    }
    memset(hash->block + used, 0, 56 - used);
    for (int i = 0; i < 8; i++)
        hash->block[56 + i] = (char)(bits >> (56 - 8 * i));
    compress(hash, hash->block, 1);
}

void sha256_bytes(Sha256 *hash, uint8_t bytes[32])
{
    add_end(hash);
    for (int i = 0; i < 8; i++) {
        bytes[4 * i] = (uint8_t)(hash->state[i] >> 24);
        bytes[4 * i + 1] = (uint8_t)(hash->state[i] >> 16);
        bytes[4 * i + 2] = (uint8_t)(hash->state[i] >> 8);
        bytes[4 * i + 3] = (uint8_t)hash->state[i];
    }
}

void sha256_hex(Sha256 *hash, char digits[65])
{
    uint8_t bytes[32];

    sha256_bytes(hash, bytes);
    for (int i = 0; i < 32; i++) {
        digits[2 * i] = (char)(bytes[i] >> 4);
        digits[2 * i + 1] = (char)(bytes[i] & 15);
    }
    /* In a loop of its own, for compilers to make a few vector instructions of it. */
    for (int i = 0; i < 64; i++)
        digits[i] = (char)(digits[i] + (digits[i] > 9 ? 'a' - 10 : '0'));
    digits[64] = '\0';
}
