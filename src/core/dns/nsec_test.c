/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/nsec.h"

#include <string.h>

#include "dns/type.h"
#include "tap.h"

static void bitmaps(void)
{
	const uint16_t types[] = {1234, TYPE_NSEC, TYPE_A, TYPE_RRSIG, TYPE_MX, TYPE_A, 65535};
	uint8_t octets[300];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	uint32_t type = 0;
	unsigned found = 0;

	type_bitmap_write(&w, types, 7);
	struct bytes bitmap = writer_bytes(&w);
	ok(type_bitmap_check(bitmap), "what is written is well formed");
	for (; type_bitmap_next(bitmap, &type); type++)
		found++;
	ok(found == 6, "six different types");
	ok(type_bitmap_has(bitmap, 1234) && type_bitmap_has(bitmap, 65535) &&
	           type_bitmap_has(bitmap, TYPE_A) && !type_bitmap_has(bitmap, TYPE_NS) &&
	           !type_bitmap_has(bitmap, 1235) && !type_bitmap_has(bitmap, 0),
	   "holds them and no others");
	ok(type_bitmap_check(BYTES("")) && !type_bitmap_has(BYTES(""), TYPE_A),
	   "the empty bitmap");
	ok(!type_bitmap_check(BYTES("\0\0")) && !type_bitmap_check(BYTES("\0\1\0")) &&
	           !type_bitmap_check(BYTES("\0\2\1")) && !type_bitmap_check(BYTES("\0\41")) &&
	           !type_bitmap_check(BYTES("\1\1\1\0\1\1")),
	   "windows have one to 32 octets, no zero at the end, and ascend");
}

static void covering(void)
{
	struct bytes root = BYTES("\0"), cn = BYTES("\2cn\0"), net = BYTES("\3net\0");

	ok(nsec_covers(cn, net, BYTES("\3com\0")), "between");
	ok(nsec_covers(cn, net, BYTES("\1a\2cn\0")), "below the owner");
	ok(!nsec_covers(cn, net, cn) && !nsec_covers(cn, net, net), "neither end");
	ok(!nsec_covers(cn, net, BYTES("\2zz\0")) && !nsec_covers(cn, net, BYTES("\2aa\0")),
	   "nor outside");
	ok(nsec_covers(net, root, BYTES("\2zz\0")) && !nsec_covers(net, root, cn),
	   "the last one covers to the end");
	ok(nsec_covers(root, root, cn), "an apex alone covers everything");
}

static void rdata(void)
{
	const uint16_t types[] = {TYPE_NS, TYPE_NSEC};
	uint8_t octets[100];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct bytes next, bitmap;

	nsec_write(&w, BYTES("\2cn\0"), types, 2);
	nsec_read(writer_bytes(&w), &next, &bitmap);
	ok(bytes_same(next, BYTES("\2cn\0")) && type_bitmap_has(bitmap, TYPE_NS) &&
	           type_bitmap_has(bitmap, TYPE_NSEC),
	   "RDATA writes and reads");
}

int main(void)
{
	bitmaps();
	covering();
	rdata();
	return done_testing();
}
