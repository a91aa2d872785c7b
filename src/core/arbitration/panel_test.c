/* SPDX-License-Identifier: Apache-2.0 */
/* Strike and rank, by every way two sides can rank up to four names; and the draw. */
#include "arbitration/panel.h"

#include <string.h>

#include "base/text.h"
#include "tap.h"

static const struct bytes NAMES[] = {{(const uint8_t *)"ada", 3},
                                     {(const uint8_t *)"bo", 2},
                                     {(const uint8_t *)"cy", 2},
                                     {(const uint8_t *)"di", 2}};

static const struct lot LOT = {{(const uint8_t *)"d", 1}, {(const uint8_t *)"chair", 5}, {(const uint8_t *)"b", 1}};

#define WAYS_MAX 128

/* Every order of every part of the list that strikes no more than it may; the empty one is silence. */
static struct bytes way[WAYS_MAX];
static char text[WAYS_MAX][32];
static unsigned ways;

static void extend(unsigned count, unsigned used, unsigned taken, const char *so_far)
{
	if (taken + panel_strikes(count) >= count) {
		snprintf(text[ways], sizeof(text[ways]), "%s", so_far);
		way[ways] = bytes_of(text[ways]);
		ways++;
	}
	for (unsigned i = 0; i < count; i++) {
		size_t at = strlen(so_far);
		char more[32];

		if (used >> i & 1)
			continue;
		memcpy(more, so_far, at);
		if (taken > 0)
			more[at++] = ' ';
		memcpy(more + at, NAMES[i].at, NAMES[i].size);
		more[at + NAMES[i].size] = '\0';
		extend(count, used | 1u << i, taken + 1, more);
	}
}

static unsigned rank(struct bytes ranks, struct bytes name)
{
	struct bytes word;
	unsigned at = 1;

	if (ranks.size == 0)
		return 1;
	for (; text_word(&ranks, &word); at++)
		if (bytes_same(word, name))
			return at;
	return 0;
}

/* That nobody struck the name, and none that nobody struck has a lesser sum. */
static bool is_best(unsigned count, const struct bytes ranks[2], struct bytes name)
{
	unsigned a = rank(ranks[0], name), b = rank(ranks[1], name);

	if (a == 0 || b == 0)
		return false;
	for (unsigned i = 0; i < count; i++) {
		unsigned x = rank(ranks[0], NAMES[i]), y = rank(ranks[1], NAMES[i]);
		if (x > 0 && y > 0 && x + y < a + b)
			return false;
	}
	return true;
}

static void picks(unsigned count)
{
	bool best = true, alike = true;

	ways = 1; /* way[0]: silence */
	extend(count, 0, 0, "");
	for (unsigned i = 0; i < ways; i++)
		for (unsigned j = 0; j < ways; j++) {
			const struct bytes ranks[2] = {way[i], way[j]}, other[2] = {way[j], way[i]};
			struct bytes name = panel_pick(NAMES, count, ranks, &LOT);

			best = best && is_best(count, ranks, name);
			alike = alike && bytes_same(name, panel_pick(NAMES, count, other, &LOT));
		}
	printf("# %u names: %u ways a side, all pairs of them\n", count, ways);
	ok(best, "one that nobody struck is picked, and the one that both like best");
	ok(alike, "it does not matter which side is which");
}

static void draws(void)
{
	struct lot other = LOT;
	unsigned changed = 0;
	char octets[8];

	for (unsigned i = 0; i < 64; i++) {
		snprintf(octets, sizeof(octets), "%u", i);
		other.beacon = bytes_of(octets);
		changed += !bytes_same(lot_first(&other, NAMES, 4), lot_first(&LOT, NAMES, 4));
	}
	ok(changed > 24 && changed < 64, "the draw hangs on the beacon");
	ok(bytes_same(lot_first(&LOT, NAMES, 1), NAMES[0]), "of one name, that one");
}

int main(void)
{
	ok(panel_strikes(1) == 0 && panel_strikes(2) == 0 && panel_strikes(3) == 1 &&
	           panel_strikes(4) == 1 && panel_strikes(5) == 2,
	   "two sides together cannot strike all");
	for (unsigned count = 1; count <= 4; count++)
		picks(count);
	draws();
	return done_testing();
}
