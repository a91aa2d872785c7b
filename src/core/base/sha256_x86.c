/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256_x86.h"

#include "base/must.h"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

#define LEAF_1_ECX_SSSE3  (1u << 9)
#define LEAF_1_ECX_SSE4_1 (1u << 19)
#define LEAF_1_ECX_XSAVE  (1u << 26)
#define LEAF_7_EBX_SHA    (1u << 29)

bool sha256_x86_is_here(void)
{
	unsigned a, b, c, d, wanted = LEAF_1_ECX_SSSE3 | LEAF_1_ECX_SSE4_1 | LEAF_1_ECX_XSAVE;

	/* Asking takes microseconds in a virtual machine. Whoever has XSAVE, leaf 13, has
	 * leaf 7. */
	__cpuid(1, a, b, c, d);
	if ((c & wanted) != wanted)
		return false;
	__cpuid_count(7, 0, a, b, c, d);
	return (b & LEAF_7_EBX_SHA) != 0;
}

/* FIPS 180-4 section 4.2.2 */
static const uint32_t K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

#define WITH_SHA __attribute__((target("sha,ssse3,sse4.1")))

/* The working variables as the instructions want them: a b e f, and c d g h. */
struct halves {
	__m128i abef, cdgh;
};

/* Four rounds with the four words of the schedule from `first` on. */
WITH_SHA static inline void four_rounds(struct halves *h, __m128i words, unsigned first)
{
	__m128i k = _mm_loadu_si128((const __m128i *)(const void *)(K + first));
	__m128i sum = _mm_add_epi32(words, k);

	h->cdgh = _mm_sha256rnds2_epu32(h->cdgh, h->abef, sum);
	h->abef = _mm_sha256rnds2_epu32(h->abef, h->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* The words behind the last sixteen: a, b, c, d, from the oldest. */
WITH_SHA static inline __m128i next_words(__m128i a, __m128i b, __m128i c, __m128i d)
{
	__m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4));

	return _mm_sha256msg2_epu32(sum, d);
}

WITH_SHA static inline __m128i load_words(const uint8_t *at)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);

	return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)at), big_endian);
}

WITH_SHA static inline void one_block(struct halves *h, const uint8_t *at)
{
	__m128i a = load_words(at), b = load_words(at + 16), c = load_words(at + 32),
		d = load_words(at + 48);

	for (unsigned first = 0;; first += 16) {
		four_rounds(h, a, first);
		four_rounds(h, b, first + 4);
		four_rounds(h, c, first + 8);
		four_rounds(h, d, first + 12);
		if (first == 48)
			break;
		a = next_words(a, b, c, d);
		b = next_words(b, c, d, a);
		c = next_words(c, d, a, b);
		d = next_words(d, a, b, c);
	}
}

WITH_SHA void sha256_x86_blocks(uint32_t state[8], const uint8_t *at, size_t count)
{
	/* From the lowest lane: f e b a, h g d c. */
	struct halves h = {
		_mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]),
		_mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7])};
	uint32_t lane[4];

	for (; count != 0; count--, at += 64) {
		struct halves before = h;

		one_block(&h, at);
		h.abef = _mm_add_epi32(h.abef, before.abef);
		h.cdgh = _mm_add_epi32(h.cdgh, before.cdgh);
	}
	_mm_storeu_si128((__m128i *)(void *)lane, h.abef);
	state[0] = lane[3], state[1] = lane[2], state[4] = lane[1], state[5] = lane[0];
	_mm_storeu_si128((__m128i *)(void *)lane, h.cdgh);
	state[2] = lane[3], state[3] = lane[2], state[6] = lane[1], state[7] = lane[0];
}

#else

bool sha256_x86_is_here(void)
{
	return false;
}

void sha256_x86_blocks(uint32_t state[8], const uint8_t *at, size_t count)
{
	(void)state, (void)at, (void)count;
	must(sha256_x86_is_here());
}

#endif
