/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonetext.h"

#include "base/text.h"

void zone_write_text(struct writer *writer, const struct rrset_list *zone)
{
	struct rr_walk walk = rr_walk_over(zone);
	struct rr rr;

	while (rr_walk_next(&walk, &rr)) {
		rr_write_text(writer, &rr);
		write_octet(writer, '\n');
	}
}

/* Lines of a text, so that the array of records can be taken at once. */
static size_t count_lines(struct bytes text)
{
	size_t lines = 0;

	for (size_t i = 0; i < text.size; i++)
		lines += text.at[i] == '\n';
	return lines;
}

static bool read_line(struct bytes line, struct arena *arena, const struct rr *before,
                      struct rr *rr, struct fault *fault)
{
	if (!rr_read_text(line, arena, rr, fault))
		return false;
	if (!rr_prints_as(rr, line, *arena)) {
		*fault = (struct fault){1, 0, "not the one form of this record"};
		return false;
	}
	if (before != NULL && rr_compare(before, rr) >= 0) {
		*fault = (struct fault){1, 0, "not in canonical order"};
		return false;
	}
	if (before != NULL && bytes_same(before->owner, rr->owner))
		rr->owner = before->owner;
	return true;
}

bool zone_read_text(struct bytes text, struct arena *arena, struct rrset_list *zone,
                    struct fault *fault)
{
	size_t lines = count_lines(text), count = 0;
	struct rr *rr = arena_take_array(arena, lines, sizeof(*rr));
	struct text rest = {.rest = text};
	struct bytes line;

	while (text_line(&rest, &line)) {
		if (!read_line(line, arena, count == 0 ? NULL : &rr[count - 1], &rr[count],
		               fault)) {
			fault->line = rest.line;
			return false;
		}
		count++;
	}
	if (rest.rest.size != 0) {
		*fault = (struct fault){rest.line + 1, 0, "the last line does not end"};
		return false;
	}
	return rrset_list_make(rr, count, arena, zone, fault);
}
