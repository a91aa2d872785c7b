/* SPDX-License-Identifier: Apache-2.0 */
/* A release that cannot be served ends no node: the one before stays out, and it is told. */
#include <stdio.h>
#include <string.h>

#include "dns/zonetext.h"
#include "host/file.h"
#include "host/memory.h"
#include "prog/comityd/node.h"
#include "tap.h"

#include "scratch.h"

#define SOA   ". 60 IN SOA a.root. h. 7 1800 900 604800 30\n"
#define GOOD  ". 60 IN NS a.root.\n" SOA "a.root. 60 IN A 192.0.2.1\n"
#define OTHER ". 60 IN NS a.root.\n" SOA "a.root. 60 IN A 192.0.2.2\n"
#define UNFIT ". 60 IN NS a.root.\n" SOA "*.x. 60 IN NS a.root.\n"

static struct node node;
static struct arena memory;

/* The state of a federation whose release of that job is this zone, and final. */
static void release(uint64_t job, const char *text)
{
	struct work_cache *published = &node.solo.ledger.commons.published;
	struct rrset_list zone;
	struct fault fault;

	if (!zone_read_text(bytes_of(text), &memory, &zone, &fault))
		bail_out(fault.why);
	published->built = true;
	published->work.job.number = job;
	published->work.zone = (struct zone){.set = arena_take_array(&memory, zone.count, sizeof(*zone.at)),
	                                     .count = zone.count};
	memcpy(published->work.zone.set, zone.at, zone.count * sizeof(*zone.at));
	publish(&node);
}

/* The image that is out, kept in the memory of the test; nothing where there is none. */
static struct bytes image_out(void)
{
	struct bytes content = scratch_read(scratch("run/zone.image")), kept = arena_copy(&memory, content);

	scratch_free(content);
	return kept;
}

int main(void)
{
	struct bytes first, second;

	memory = memory_reserve((size_t)64 << 20);
	node.scratch = memory_reserve((size_t)16 << 20);
	node.image = memory_reserve((size_t)256 << 20);
	snprintf(node.run, sizeof(node.run), "%s", scratch("run"));
	snprintf(node.public, sizeof(node.public), "%s", scratch("public"));
	if (file_make_folder(node.run, 0700) != OK || file_make_folder(node.public, 0700) != OK)
		bail_out("no folders");
	ledger_reserve(&node.solo.ledger);
	node.solo.finality.any = true;

	release(1, GOOD);
	first = image_out();
	ok(!node.failed && node.zone_out && first.size > 0, "a zone goes out");
	release(2, UNFIT);
	ok(!node.failed && !node.zone_out && bytes_same(image_out(), first),
	   "one that makes no image does not: the one before stays, and the node goes on");
	ok(strstr(node.zone_unfit, "wildcard") != NULL, "why is told");
	if (unlink(scratch("public/zone")) != 0)
		bail_out("no text of the zone");
	publish(&node);
	ok(access(scratch("public/zone"), F_OK) != 0, "it is not tried again");
	release(3, OTHER);
	second = image_out();
	ok(!node.failed && node.zone_out && node.zone_unfit[0] == '\0' && second.size > 0 && !bytes_same(second, first),
	   "the next one goes out");
	return done_testing();
}
