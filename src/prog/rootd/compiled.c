/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/compiled.h"

#include "serving/compile.h"
#include "serving/ordinary/make.h"

const char *compiled_open(struct bytes file, struct compiled *opened)
{
	struct compiled zone = {.file = file};
	const char *why;

	zone.is_ordinary = bytes_starts(file, BYTES(ORDINARY_MAGIC));
	why = zone.is_ordinary ? ordinary_open(file, &zone.ordinary)
	                       : image_open(file, &zone.image);
	if (why == NULL)
		*opened = zone;
	return why;
}

struct bytes compiled_apex(const struct compiled *zone)
{
	return zone->is_ordinary ? ordinary_name(&zone->ordinary, 0) : image_apex(&zone->image);
}

struct serial compiled_serial(const struct compiled *zone)
{
	return zone->is_ordinary ? ordinary_serial(&zone->ordinary)
	                         : image_serial(&zone->image);
}

const uint8_t *compiled_digest(const struct compiled *zone)
{
	return zone->is_ordinary ? zone->ordinary.header->zone : zone->image.header->zone;
}

const uint8_t *compiled_digest_in(struct bytes made)
{
	if (bytes_starts(made, BYTES(ORDINARY_MAGIC)))
		return ((const struct ordinary_header *)(const void *)made.at)->zone;
	return ((const struct image_header *)(const void *)made.at)->zone;
}

enum mishap compiled_make(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *shape, struct fault *fault)
{
	struct writer image = *to;
	enum mishap m;

	*shape = (struct fault){0};
	m = image_compile(zone, arena, &image, shape);
	if (m == OK)
		*to = image;
	return m == MISHAP_MALFORMED ? ordinary_make(zone, arena, to, fault) : m;
}
