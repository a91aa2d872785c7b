/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/status.h"

#include "base/must.h"

#define MAGIC     "COMITYST"
#define FORMAT    1
#define EXPECTS   1u /* flag: a release is expected */
#define DIGEST_AT (STATUS_SIZE - DIGEST_SIZE)

/* Where the fields stand. */
enum {
	FORMAT_AT = 8,
	FLAGS_AT = 12,
	HEIGHT_AT = 16,
	SIZE_AT = 24,
	ROOT_AT = 32,
	TIME_AT = 64,
	SERIAL_AT = 72,
	ZONE_AT = 76
};

void status_write(struct writer *writer, const struct status *status)
{
	uint8_t octets[STATUS_SIZE];
	struct writer page = {.at = octets, .size = sizeof(octets)};
	struct digest digest;

	write_bytes(&page, BYTES(MAGIC));
	write_u32(&page, FORMAT);
	write_u32(&page, status->expects ? EXPECTS : 0);
	write_u64(&page, status->height);
	write_u64(&page, status->size);
	write_bytes(&page, digest_bytes(&status->root));
	write_u64(&page, (uint64_t)status->time.seconds);
	write_u32(&page, status->expects ? status->serial.value : 0);
	for (unsigned i = 0; i < SHA384_SIZE; i++)
		write_octet(&page, status->expects ? status->zone[i] : 0);
	write_u32(&page, 0);
	must(page.used == DIGEST_AT);
	digest = sha256(writer_bytes(&page));
	write_bytes(&page, digest_bytes(&digest));
	write_bytes(writer, writer_bytes(&page));
}

static uint64_t number_at(struct bytes page, size_t at, size_t size)
{
	uint64_t number = 0;

	for (size_t i = at; i < at + size; i++)
		number = number << 8 | page.at[i];
	return number;
}

bool status_read(struct bytes page, struct status *status)
{
	uint8_t octets[STATUS_SIZE];
	struct bytes copy = {octets, sizeof(octets)};
	struct status read;
	struct digest digest;

	if (page.size < STATUS_SIZE)
		return false;
	memcpy(octets, page.at, STATUS_SIZE); /* first: the writer does not wait for us */
	digest = sha256(bytes_first(copy, DIGEST_AT));
	if (!bytes_same(bytes_from(copy, DIGEST_AT), digest_bytes(&digest)) ||
	    !bytes_starts(copy, BYTES(MAGIC)) || number_at(copy, FORMAT_AT, 4) != FORMAT ||
	    number_at(copy, TIME_AT, 8) > TIME_MAX)
		return false;
	read = (struct status){
		.height = number_at(copy, HEIGHT_AT, 8),
		.size = number_at(copy, SIZE_AT, 8),
		.time = {(int64_t)number_at(copy, TIME_AT, 8)},
		.expects = (number_at(copy, FLAGS_AT, 4) & EXPECTS) != 0,
		.serial = {(uint32_t)number_at(copy, SERIAL_AT, 4)},
	};
	memcpy(read.root.octet, octets + ROOT_AT, DIGEST_SIZE);
	memcpy(read.zone, octets + ZONE_AT, SHA384_SIZE);
	*status = read;
	return true;
}
