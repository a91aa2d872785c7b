/* SPDX-License-Identifier: Apache-2.0 */
#include "host/import/convert.h"

#include "dns/dname.h"
#include "dns/rdata.h"

static bool convert_owner(const ldns_rdf *from, struct arena *arena, struct bytes *owner)
{
	struct bytes wire = {ldns_rdf_data(from), ldns_rdf_size(from)};
	struct dname name;
	size_t taken;

	if (dname_read(wire, &name, &taken) != OK || taken != wire.size)
		return false;
	*owner = arena_copy(arena, dname_bytes(&name));
	return true;
}

static bool convert_rdata(const ldns_rr *from, struct arena *arena, struct bytes *rdata)
{
	ldns_buffer *buffer = ldns_buffer_new(512);
	bool good = buffer != NULL && ldns_rr_rdata2buffer_wire(buffer, from) == LDNS_STATUS_OK;

	if (good) {
		struct bytes wire = {ldns_buffer_begin(buffer), ldns_buffer_position(buffer)};
		uint8_t *to = arena_take(arena, wire.size);

		if (wire.size > 0)
			memcpy(to, wire.at, wire.size);
		*rdata = (struct bytes){to, wire.size};
		good = rdata_check((uint16_t)ldns_rr_get_type(from), *rdata) == OK;
		if (good)
			rdata_lower((uint16_t)ldns_rr_get_type(from), to, wire.size);
	}
	ldns_buffer_free(buffer);
	return good;
}

bool convert_rr(const ldns_rr *from, struct arena *arena, struct rr *to, const char **why)
{
	struct rr rr = {.ttl = ldns_rr_ttl(from), .type = (uint16_t)ldns_rr_get_type(from)};

	*why = "not a domain name";
	if (!convert_owner(ldns_rr_owner(from), arena, &rr.owner))
		return false;
	*why = "a time to live over 2147483647 seconds";
	if (rr.ttl > TTL_MAX)
		return false;
	*why = "data that is not of its type";
	if (!convert_rdata(from, arena, &rr.rdata))
		return false;
	*to = rr;
	return true;
}
