/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/group.h"

#include "fuzz.h"

/* What is read is written the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[FROST_GROUP_SCRATCH],
		again[FROST_GROUP_SIZE(FROST_PARTICIPANTS_MAX)];
	struct arena scratch = {memory, sizeof(memory), 0};
	struct writer writer = {.at = again, .size = sizeof(again)};
	static struct frost_group group;
	struct bytes wire = {data, size};

	if (frost_group_read(&group, wire, &scratch) != OK)
		return 0;
	frost_group_write(&writer, &group);
	must(!writer.full && bytes_same(writer_bytes(&writer), wire));
	must(scratch.used == 0);
	return 0;
}
