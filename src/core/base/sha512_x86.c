/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha512_x86.h"

#include "base/must.h"

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

#define LEAF_1_ECX_OSXSAVE (1u << 27)
#define LEAF_7_EBX_BMI1    (1u << 3)
#define LEAF_7_EBX_AVX2    (1u << 5)
#define LEAF_7_EBX_BMI2    (1u << 8)
#define XCR0_SSE_AND_AVX   6u

/* What the system keeps for a process that another takes turns with. */
static unsigned kept_registers(void)
{
	unsigned a, d;

	__asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return a;
}

bool sha512_x86_is_here(void)
{
	unsigned a, b, c, d, wanted = LEAF_7_EBX_BMI1 | LEAF_7_EBX_AVX2 | LEAF_7_EBX_BMI2;

	/* Asking takes microseconds in a virtual machine. Whoever has XSAVE, leaf 13, has
	 * leaf 7. */
	__cpuid(1, a, b, c, d);
	if ((c & LEAF_1_ECX_OSXSAVE) == 0 ||
	    (kept_registers() & XCR0_SSE_AND_AVX) != XCR0_SSE_AND_AVX)
		return false;
	__cpuid_count(7, 0, a, b, c, d);
	return (b & wanted) == wanted;
}

/* FIPS 180-4 section 4.2.3 */
static const uint64_t K[80] = {
	0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
	0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
	0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
	0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
	0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
	0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
	0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
	0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
	0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
	0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
	0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
	0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
	0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
	0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
	0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
	0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
	0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
	0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
	0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
	0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

#define BLOCK  128
#define LANES  4 /* blocks side by side */
#define ROUNDS 80
#define READ   16 /* words of a block; the others are made of them */

#define WIDE   __attribute__((target("avx2,bmi,bmi2")))
#define INLINE static inline __attribute__((always_inline))

/* ---- the schedules of four blocks, a block a lane ---- */

struct schedule {
	__m256i word[ROUNDS];
	__m256i sum[ROUNDS]; /* of each with its constant */
};

WIDE INLINE void keep_word(struct schedule *s, unsigned t, __m256i word)
{
	s->word[t] = word;
	s->sum[t] = _mm256_add_epi64(word, _mm256_set1_epi64x((long long)K[t]));
}

WIDE INLINE __m256i load_words(const uint8_t *at)
{
	const __m256i big_endian =
		_mm256_set_epi64x(0x08090a0b0c0d0e0fLL, 0x0001020304050607LL,
	                          0x08090a0b0c0d0e0fLL, 0x0001020304050607LL);

	return _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(const void *)at),
	                           big_endian);
}

/* Words t up to t + 3 of each block, as they stand there. */
WIDE INLINE void read_four(struct schedule *s, unsigned t, const uint8_t *at)
{
	__m256i a = load_words(at + t * 8), b = load_words(at + BLOCK + t * 8),
		c = load_words(at + 2 * BLOCK + t * 8), d = load_words(at + 3 * BLOCK + t * 8);
	__m256i ab02 = _mm256_unpacklo_epi64(a, b), ab13 = _mm256_unpackhi_epi64(a, b),
		cd02 = _mm256_unpacklo_epi64(c, d), cd13 = _mm256_unpackhi_epi64(c, d);

	keep_word(s, t, _mm256_permute2x128_si256(ab02, cd02, 0x20));
	keep_word(s, t + 1, _mm256_permute2x128_si256(ab13, cd13, 0x20));
	keep_word(s, t + 2, _mm256_permute2x128_si256(ab02, cd02, 0x31));
	keep_word(s, t + 3, _mm256_permute2x128_si256(ab13, cd13, 0x31));
}

WIDE INLINE __m256i rotate(__m256i x, int by)
{
	return _mm256_or_si256(_mm256_srli_epi64(x, by), _mm256_slli_epi64(x, 64 - by));
}

/* Section 4.1.3 */
WIDE INLINE __m256i small_sigma(__m256i x, int first, int second, int shift)
{
	__m256i rotated = _mm256_xor_si256(rotate(x, first), rotate(x, second));

	return _mm256_xor_si256(rotated, _mm256_srli_epi64(x, shift));
}

/* Word t of each block, behind the first sixteen. */
WIDE INLINE void make_word(struct schedule *s, unsigned t)
{
	__m256i old = _mm256_add_epi64(s->word[t - 16], s->word[t - 7]);
	__m256i sigma0 = small_sigma(s->word[t - 15], 1, 8, 7);
	__m256i sigma1 = small_sigma(s->word[t - 2], 19, 61, 6);

	keep_word(s, t, _mm256_add_epi64(_mm256_add_epi64(old, sigma0), sigma1));
}

WIDE INLINE void four_words(struct schedule *s, unsigned t, const uint8_t *at)
{
	if (t < READ) {
		read_four(s, t, at);
		return;
	}
	make_word(s, t);
	make_word(s, t + 1);
	make_word(s, t + 2);
	make_word(s, t + 3);
}

/* ---- the rounds of one block ---- */

struct working {
	uint64_t a, b, c, d, e, f, g, h;
};

INLINE uint64_t rotated(uint64_t x, unsigned by)
{
	return x >> by | x << (64 - by);
}

/* One round; `*differ` is b ^ c before, and what that will be in the next one after. */
WIDE INLINE void one_round(uint64_t a, uint64_t b, uint64_t *d, uint64_t e, uint64_t f,
                           uint64_t g, uint64_t *h, uint64_t *differ, uint64_t sum)
{
	uint64_t ab = a ^ b, majority = b ^ (ab & *differ);

	*h += sum;
	*h += (~e & g) + (e & f);
	*h += rotated(e, 14) ^ rotated(e, 18) ^ rotated(e, 41);
	*d += *h;
	*h += (rotated(a, 28) ^ rotated(a, 34) ^ rotated(a, 39)) + majority;
	*differ = ab;
}

/* Eight rounds, after which each variable is in its place again. */
WIDE INLINE void eight_rounds(struct working *w, uint64_t *differ, const uint64_t *sum)
{
	one_round(w->a, w->b, &w->d, w->e, w->f, w->g, &w->h, differ, sum[0 * LANES]);
	one_round(w->h, w->a, &w->c, w->d, w->e, w->f, &w->g, differ, sum[1 * LANES]);
	one_round(w->g, w->h, &w->b, w->c, w->d, w->e, &w->f, differ, sum[2 * LANES]);
	one_round(w->f, w->g, &w->a, w->b, w->c, w->d, &w->e, differ, sum[3 * LANES]);
	one_round(w->e, w->f, &w->h, w->a, w->b, w->c, &w->d, differ, sum[4 * LANES]);
	one_round(w->d, w->e, &w->g, w->h, w->a, w->b, &w->c, differ, sum[5 * LANES]);
	one_round(w->c, w->d, &w->f, w->g, w->h, w->a, &w->b, differ, sum[6 * LANES]);
	one_round(w->b, w->c, &w->e, w->f, w->g, w->h, &w->a, differ, sum[7 * LANES]);
}

/* The rounds of one block, and between them a quarter of the schedules of the next four,
 * which stand at `next`: the processor does both at once. */
WIDE INLINE void one_block(uint64_t state[8], const struct schedule *now, unsigned lane,
                           struct schedule *then, const uint8_t *next)
{
	struct working w = {state[0], state[1], state[2], state[3],
	                    state[4], state[5], state[6], state[7]};
	const uint64_t *sum = (const uint64_t *)(const void *)now->sum + lane;
	uint64_t differ = w.b ^ w.c;

	for (unsigned t = 0; t < ROUNDS; t += 16) {
		eight_rounds(&w, &differ, sum + t * LANES);
		if (next != NULL)
			four_words(then, lane * (ROUNDS / LANES) + t / 4, next);
		eight_rounds(&w, &differ, sum + (t + 8) * LANES);
	}
	state[0] += w.a, state[1] += w.b, state[2] += w.c, state[3] += w.d;
	state[4] += w.e, state[5] += w.f, state[6] += w.g, state[7] += w.h;
}

WIDE void sha512_x86_groups(uint64_t state[8], const uint8_t *at, size_t count)
{
	struct schedule schedule[2];

	for (unsigned t = 0; t < ROUNDS && count != 0; t += 4)
		four_words(&schedule[0], t, at);
	for (size_t i = 0; i < count; i++) {
		const uint8_t *next = i + 1 < count ? at + (i + 1) * SHA512_X86_GROUP : NULL;

		for (unsigned lane = 0; lane < LANES; lane++)
			one_block(state, &schedule[i % 2], lane, &schedule[!(i % 2)], next);
	}
}

#else

bool sha512_x86_is_here(void)
{
	return false;
}

void sha512_x86_groups(uint64_t state[8], const uint8_t *at, size_t count)
{
	(void)state, (void)at, (void)count;
	must(sha512_x86_is_here());
}

#endif
