/* SPDX-License-Identifier: Apache-2.0 */
#include "act/check.h"

#include "base/must.h"
#include "base/text.h"

static const char *const IDS[CHECKS] = {"N1", "N2",  "N3",  "N4",  "N5", "N6", "N7", "N8",
                                        "N9", "N10", "N11", "N12", "D1", "D2", "D3", "D4"};

const char *check_id(enum check check)
{
	must(check < CHECKS);
	return IDS[check];
}

enum check check_of(struct bytes id)
{
	enum check check = 0;

	while (check < CHECKS && !bytes_same(id, bytes_of(IDS[check])))
		check++;
	return check;
}

bool checks_read(struct bytes text, unsigned *checks)
{
	unsigned set = 0;
	struct bytes id;

	if (bytes_same(text, BYTES("none"))) {
		*checks = 0;
		return true;
	}
	while (text.size > 0) {
		enum check check = text_word(&text, &id) ? check_of(id) : CHECKS;

		if (check == CHECKS || set >> check != 0)
			return false;
		set |= 1u << check;
	}
	if (set == 0)
		return false;
	*checks = set;
	return true;
}

void checks_write(struct writer *writer, unsigned checks)
{
	bool first = true;

	must(checks <= CHECKS_ALL);
	for (enum check c = 0; c < CHECKS; c++) {
		if ((checks & 1u << c) == 0)
			continue;
		write_text(writer, first ? "" : " ");
		write_text(writer, IDS[c]);
		first = false;
	}
	if (first)
		write_text(writer, "none");
}
