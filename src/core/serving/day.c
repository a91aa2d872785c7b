/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/day.h"

#include "base/digest.h"

#define MAGIC "COMITYD2" /* eight octets: name and form */

/* Which counts, in which order, of which machine. */
static const uint64_t FORM[] = {0x0102030405060708, sizeof(struct day), TALLY_COUNTS};

void day_write(struct writer *to, const struct day *day)
{
	size_t start = to->used;
	struct digest digest;

	write_bytes(to, BYTES(MAGIC));
	write_bytes(to, (struct bytes){(const uint8_t *)FORM, sizeof(FORM)});
	write_bytes(to, (struct bytes){(const uint8_t *)day, sizeof(*day)});
	digest = sha256((struct bytes){to->at + start, to->used - start});
	write_bytes(to, digest_bytes(&digest));
}

bool day_read(struct bytes file, struct day *day)
{
	size_t head = sizeof(MAGIC) - 1 + sizeof(FORM), whole = head + sizeof(*day);
	struct digest digest;
	struct bytes octets;
	struct day read;

	if (file.size != whole + sizeof(digest.octet) ||
	    !bytes_same(bytes_first(file, sizeof(MAGIC) - 1), BYTES(MAGIC)) ||
	    memcmp(file.at + sizeof(MAGIC) - 1, FORM, sizeof(FORM)) != 0)
		return false;
	digest = sha256(bytes_first(file, whole));
	if (!bytes_same(digest_bytes(&digest), bytes_from(file, whole)))
		return false;
	octets = bytes_from(file, head);
	memcpy(&read, octets.at, sizeof(read));
	for (size_t i = 0; i < read.load_count && i < RSSAC002_LOADS_MAX; i++)
		if (read.load[i].zone >= ZONES_MAX)
			return false;
	if (read.load_count > RSSAC002_LOADS_MAX || read.start.seconds < 0 ||
	    read.start.seconds > TIME_MAX || read.start.seconds % SECONDS_A_DAY != 0)
		return false;
	*day = read;
	return true;
}
