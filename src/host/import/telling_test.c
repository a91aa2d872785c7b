/* SPDX-License-Identifier: Apache-2.0 */
/* What the helper tells is read back; nothing else is, and nothing that was cut. */
#include "host/import/telling.h"

#include <string.h>

#include "tap.h"

static uint8_t memory[4096];

static struct bytes zone_told(void)
{
	struct writer w = {.at = memory, .size = sizeof(memory)};
	struct telling t = {
		.dnssec = VERDICT_VERIFIED,
		.zonemd = VERDICT_UNSUPPORTED,
		.at = {1767585600},
		.signatures = 2789,
	};

	telling_write_head(&w, BYTES("xz"));
	write_text(&w, "+ . 86400 IN NS a.\n+ a. 1 IN A 192.0.2.1\n");
	telling_write_end(&w, &t);
	return writer_bytes(&w);
}

static struct bytes fault_told(const char *why)
{
	struct writer w = {.at = memory, .size = sizeof(memory)};

	telling_write_fault(&w, 17, bytes_of(why));
	return writer_bytes(&w);
}

static bool cut_is_refused(struct bytes text)
{
	struct telling t;

	for (size_t size = 0; size < text.size; size++)
		if (telling_read(bytes_first(text, size), &t) == OK)
			return false;
	return true;
}

static void told(void)
{
	struct telling t = {0};
	struct bytes text = zone_told();

	ok(telling_read(text, &t) == OK && !t.fault && bytes_same(t.form, BYTES("xz")) &&
	           t.dnssec == VERDICT_VERIFIED && t.zonemd == VERDICT_UNSUPPORTED &&
	           t.at.seconds == 1767585600 && t.signatures == 2789 &&
	           bytes_same(t.records, BYTES("+ . 86400 IN NS a.\n+ a. 1 IN A 192.0.2.1\n")),
	   "a zone");
	ok(cut_is_refused(text), "cut short, it is none");
	text = fault_told("no\nsuch \x1b[31mthing\xff");
	ok(telling_read(text, &t) == OK && t.fault && t.fault_line == 17 &&
	           bytes_same(t.why, BYTES("no?such ?[31mthing?")),
	   "a fault, in plain characters");
	ok(cut_is_refused(text), "cut short, it is none");
}

static void fault_behind_records(void)
{
	struct writer w = {.at = memory, .size = sizeof(memory)};
	struct telling t;

	telling_write_head(&w, BYTES("plain"));
	write_text(&w, "+ . 86400 IN NS a.\n");
	telling_write_fault(&w, 0, BYTES("a record that cannot be"));
	ok(telling_read(writer_bytes(&w), &t) == OK && t.fault,
	   "a fault behind records counts");
}

static void changed(void)
{
	struct telling t;
	unsigned taken = 0;

	for (size_t at = 0; at < zone_told().size; at++)
		for (unsigned to = 0; to < 32; to++) {
			struct bytes text = zone_told();

			memory[at] = (uint8_t)to;
			taken += telling_read(text, &t) == OK &&
			         memchr(t.why.at, (int)to, t.why.size);
		}
	ok(taken == 0, "no control character gets through");
}

int main(void)
{
	told();
	fault_behind_records();
	changed();
	return done_testing();
}
