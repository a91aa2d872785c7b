/* SPDX-License-Identifier: Apache-2.0 */
#include "arbitration/panel.h"

#include "base/must.h"
#include "base/text.h"
#include "base/writer.h"

/* Parts of what is hashed: the origin of the draw, the names, the beacon. */
#define LOT_SIZE_MAX 512

struct digest lot_draw(const struct lot *lot, struct bytes name)
{
	uint8_t octets[LOT_SIZE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	write_text(&w, "comity-lot/1\n");
	write_field(&w, "dispute", lot->dispute);
	write_field(&w, "what", lot->what);
	write_field(&w, "beacon", lot->beacon);
	write_field(&w, "name", name);
	must(!w.full);
	return sha256(writer_bytes(&w));
}

static bool drawn_before(const struct lot *lot, struct bytes a, struct bytes b)
{
	struct digest of_a = lot_draw(lot, a), of_b = lot_draw(lot, b);

	return memcmp(of_a.octet, of_b.octet, DIGEST_SIZE) < 0;
}

struct bytes lot_first(const struct lot *lot, const struct bytes *name, unsigned count)
{
	struct bytes first = name[0];

	must(count > 0);
	for (unsigned i = 1; i < count; i++)
		if (drawn_before(lot, name[i], first))
			first = name[i];
	return first;
}

unsigned panel_strikes(unsigned count)
{
	return count == 0 ? 0 : (count - 1) / 2;
}

/* The rank of the name, from 1; 0 when it is struck. */
static unsigned rank_of(struct bytes ranks, struct bytes name)
{
	struct bytes word;
	unsigned rank = 1;

	if (ranks.size == 0)
		return 1;
	while (text_word(&ranks, &word)) {
		if (bytes_same(word, name))
			return rank;
		rank++;
	}
	return 0;
}

struct bytes panel_pick(const struct bytes *list, unsigned count, const struct bytes ranks[2],
                        const struct lot *lot)
{
	struct bytes best = {NULL, 0};
	unsigned least = 0;

	must(count > 0 && count <= PANEL_LIST_MAX);
	for (unsigned i = 0; i < count; i++) {
		unsigned a = rank_of(ranks[0], list[i]), b = rank_of(ranks[1], list[i]);

		if (a == 0 || b == 0)
			continue;
		if (best.size == 0 || a + b < least ||
		    (a + b == least && drawn_before(lot, list[i], best))) {
			best = list[i];
			least = a + b;
		}
	}
	must(best.size > 0);
	return best;
}
