/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/day.h"

#include <string.h>

#include "base/digest.h"
#include "fuzz.h"

static struct day day, again;
static uint8_t file[DAY_SIZE], second[DAY_SIZE];

/*
 * The input is pairs of an offset and a value, written over a good file that is then sealed
 * again; and, as it is, a file. What reads is what a day may be, and is written back as it was.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writer to = {.at = file, .size = sizeof(file)};
	struct writer back = {.at = second, .size = sizeof(second)};
	struct digest digest;
	size_t whole;

	(void)day_read((struct bytes){data, size}, &again);
	day = (struct day){.start = {1764028800}, .key = 5, .load_count = 1};
	day_write(&to, &day);
	must(!to.full);
	whole = to.used - sizeof(digest.octet);
	for (; size >= 4; data += 4, size -= 4)
		file[((size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2]) % whole] =
			data[3];
	digest = sha256((struct bytes){file, whole});
	memcpy(file + whole, digest.octet, sizeof(digest.octet));
	if (!day_read(writer_bytes(&to), &again))
		return 0;
	must(again.load_count <= RSSAC002_LOADS_MAX &&
	     again.start.seconds % SECONDS_A_DAY == 0);
	for (unsigned s = 0; s < TALLY_SENDERS; s++)
		(void)tally_count_seen(again.sources.seen[s]);
	day_write(&back, &again);
	must(bytes_same(writer_bytes(&to), writer_bytes(&back)));
	return 0;
}
