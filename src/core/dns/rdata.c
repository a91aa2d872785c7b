/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rdata.h"

#include "base/must.h"
#include "dns/address.h"
#include "dns/apl.h"
#include "dns/dname.h"
#include "dns/loc.h"
#include "dns/message.h"
#include "dns/nsec.h"
#include "dns/rdata_form.h"
#include "dns/svcb.h"
#include "dns/type.h"

/* By number of the type, as far as they stand close together. */
static const char FORMS[][10] = {
	[TYPE_A] = "a",             /* RFC 1035 section 3.4.1 */
	[TYPE_NS] = "n",            /* RFC 1035 section 3.3.11 */
	[TYPE_CNAME] = "n",         /* RFC 1035 section 3.3.1 */
	[TYPE_SOA] = "nn4iiii",     /* RFC 1035 section 3.3.13 */
	[TYPE_PTR] = "n",           /* RFC 1035 section 3.3.12 */
	[TYPE_HINFO] = "cc",        /* RFC 1035 section 3.3.2 */
	[TYPE_MINFO] = "nn",        /* RFC 1035 section 3.3.7 */
	[TYPE_MX] = "2n",           /* RFC 1035 section 3.3.9 */
	[TYPE_TXT] = "s",           /* RFC 1035 section 3.3.14 */
	[TYPE_RP] = "nn",           /* RFC 1183 section 2.2 */
	[TYPE_AFSDB] = "2n",        /* RFC 1183 section 1 */
	[TYPE_X25] = "c",           /* RFC 1183 section 3.1 */
	[TYPE_ISDN] = "s",          /* RFC 1183 section 3.2 */
	[TYPE_RT] = "2n",           /* RFC 1183 section 3.3 */
	[TYPE_AAAA] = "A",          /* RFC 3596 section 2.2 */
	[TYPE_LOC] = "L",           /* RFC 1876 section 2 */
	[TYPE_SRV] = "222n",        /* RFC 2782 */
	[TYPE_NAPTR] = "22cccn",    /* RFC 3403 section 4.1 */
	[TYPE_KX] = "2n",           /* RFC 2230 section 3.1 */
	[TYPE_CERT] = "C2mb",       /* RFC 4398 section 2 */
	[TYPE_DNAME] = "n",         /* RFC 6672 section 2.1 */
	[TYPE_APL] = "p",           /* RFC 3123 section 4 */
	[TYPE_DS] = "2m1x",         /* RFC 4034 section 5 */
	[TYPE_SSHFP] = "11x",       /* RFC 4255 section 3.1 */
	[TYPE_IPSECKEY] = "1G",     /* RFC 4025 section 2 */
	[TYPE_RRSIG] = "Tm14tt2nb", /* RFC 4034 section 3 */
	[TYPE_NSEC] = "nB",         /* RFC 4034 section 4 */
	[TYPE_DNSKEY] = "21mb",     /* RFC 4034 section 2 */
	[TYPE_DHCID] = "b",         /* RFC 4701 section 3.1 */
	[TYPE_NSEC3] = "112SHB",    /* RFC 5155 section 3 */
	[TYPE_NSEC3PARAM] = "112S", /* RFC 5155 section 4 */
	[TYPE_TLSA] = "111x",       /* RFC 6698 section 2.1 */
	[TYPE_SMIMEA] = "111x",     /* RFC 8162 section 2 */
	[TYPE_HIP] = "K",           /* RFC 8005 section 5 */
	[TYPE_CDS] = "2m1x",        /* RFC 7344 section 3.1 */
	[TYPE_CDNSKEY] = "21mb",    /* RFC 7344 section 3.2 */
	[TYPE_OPENPGPKEY] = "b",    /* RFC 7929 section 2.1 */
	[TYPE_CSYNC] = "42B",       /* RFC 7477 section 2.1 */
	[TYPE_ZONEMD] = "411x",     /* RFC 8976 section 2 */
	[TYPE_SVCB] = "2NP",        /* RFC 9460 section 2.2 */
	[TYPE_HTTPS] = "2NP",       /* RFC 9460 section 9 */
	[TYPE_SPF] = "s",           /* RFC 4408 section 3.1.1 */
	[TYPE_NID] = "2h",          /* RFC 6742 section 2.1 */
	[TYPE_L32] = "2a",          /* RFC 6742 section 2.2 */
	[TYPE_L64] = "2h",          /* RFC 6742 section 2.3 */
	[TYPE_LP] = "2N",           /* RFC 6742 section 2.4 */
	[TYPE_EUI48] = "e",         /* RFC 7043 section 3 */
	[TYPE_EUI64] = "E",         /* RFC 7043 section 4 */
};

const char *rdata_fields(uint16_t type)
{
	if (type == TYPE_URI) /* RFC 7553 section 4.5 */
		return "22q";
	if (type == TYPE_CAA) /* RFC 8659 section 4.1 */
		return "1gq";
	if (type == TYPE_AVC) /* as TXT: registry of types, template AVC */
		return "s";
	if (type == TYPE_AMTRELAY) /* RFC 8777 section 4 */
		return "1R";
	if (type >= sizeof(FORMS) / sizeof(FORMS[0]) || FORMS[type][0] == '\0')
		return NULL;
	return FORMS[type];
}

size_t rdata_fixed_size(char field)
{
	switch (field) {
	case '1':
	case 'm':
		return 1;
	case '2':
	case 'T':
	case 'C':
		return 2;
	case '4':
	case 'i':
	case 't':
	case 'a':
		return 4;
	case 'e':
		return 6;
	case 'h':
	case 'E':
		return 8;
	case 'A':
		return IPV6_SIZE;
	default:
		return 0;
	}
}

/* The size of the name at the front of checked RDATA. */
static size_t name_size(struct bytes rdata)
{
	size_t size = 0;

	while (rdata.at[size] != 0)
		size += 1u + rdata.at[size];
	must(size < rdata.size);
	return size + 1;
}

/* A field that begins with an octet that says how many follow. */
static bool is_counted(char field)
{
	return field == 'c' || field == 'S' || field == 'H' || field == 'g';
}

size_t rdata_field_size(char field, struct bytes rdata)
{
	if (field == 'n' || field == 'N')
		return name_size(rdata);
	if (is_counted(field))
		return 1u + rdata.at[0];
	return rdata_fixed_size(field) != 0 ? rdata_fixed_size(field) : rdata.size;
}

/* ---- wire ---- */

static enum mishap check_strings(struct bytes wire)
{
	if (wire.size == 0)
		return MISHAP_SHORT;
	while (wire.size != 0) {
		if (wire.size < 1u + wire.at[0])
			return MISHAP_SHORT;
		wire = bytes_from(wire, 1u + wire.at[0]);
	}
	return OK;
}

/* A counted field: a hash is not empty, a tag is letters and digits (RFC 8659 section 4.1). */
static enum mishap check_counted(char field, struct bytes wire, size_t *taken)
{
	if (wire.size == 0 || wire.size < 1u + wire.at[0])
		return MISHAP_SHORT;
	*taken = 1u + wire.at[0];
	if ((field == 'H' || field == 'g') && *taken == 1)
		return MISHAP_MALFORMED;
	for (size_t i = 1; i < *taken && field == 'g'; i++) {
		uint8_t c = wire.at[i];
		if ((c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z'))
			return MISHAP_MALFORMED;
	}
	return OK;
}

/* A gateway or relay of that kind at the front: nothing, IPv4, IPv6, a name. */
static enum mishap check_gateway(unsigned kind, struct bytes wire, size_t *taken)
{
	static const uint8_t size[] = {0, IPV4_SIZE, IPV6_SIZE};
	struct dname name;

	if (kind == 3)
		return dname_read(wire, &name, taken);
	if (kind > 3)
		return MISHAP_MALFORMED;
	*taken = size[kind];
	return wire.size < *taken ? MISHAP_SHORT : OK;
}

/* RFC 4025 section 2.1: the type of the gateway, the algorithm, the gateway, the rest. */
static enum mishap check_gateway_and_key(struct bytes wire)
{
	size_t taken;

	return wire.size < 2 ? MISHAP_SHORT : check_gateway(wire.at[0], bytes_from(wire, 2), &taken);
}

/* RFC 8777 section 4.2: a bit and the type of the relay; one of a type to come may be anything. */
static enum mishap check_relay(struct bytes wire)
{
	size_t taken;
	enum mishap m;

	if (wire.size < 1)
		return MISHAP_SHORT;
	if ((wire.at[0] & 0x7f) > 3)
		return OK;
	m = check_gateway(wire.at[0] & 0x7f, bytes_from(wire, 1), &taken);
	return m == OK && taken != wire.size - 1 ? MISHAP_TRAILING : m;
}

/* RFC 8005 section 5: sizes of tag and key, these, and names. */
static enum mishap check_identity(struct bytes wire)
{
	struct dname name;
	size_t taken, key;

	if (wire.size < 4)
		return MISHAP_SHORT;
	key = (size_t)wire.at[2] << 8 | wire.at[3];
	if (wire.at[0] == 0 || key == 0)
		return MISHAP_MALFORMED;
	if (wire.size - 4 < wire.at[0] + key)
		return MISHAP_SHORT;
	for (wire = bytes_from(wire, 4 + wire.at[0] + key); wire.size != 0;
	     wire = bytes_from(wire, taken)) {
		enum mishap m = dname_read(wire, &name, &taken);

		if (m != OK)
			return m;
	}
	return OK;
}

/* Checks the field at the front of `wire`; `*taken` is its size. */
static enum mishap check_field(char field, struct bytes wire, size_t *taken)
{
	*taken = rdata_fixed_size(field);
	if (*taken != 0)
		return wire.size < *taken ? MISHAP_SHORT : OK;
	if (field == 'n' || field == 'N')
		return dname_measure(wire, taken);
	if (is_counted(field))
		return check_counted(field, wire, taken);
	*taken = wire.size;
	if (field == 'P')
		return svcb_check_params(wire) ? OK : MISHAP_MALFORMED;
	if (field == 'q')
		return OK;
	if (field == 'L') /* of another version it may be anything */
		return wire.size == 0 ? MISHAP_SHORT
		       : wire.at[0] == 0 && wire.size != LOC_SIZE ? MISHAP_MALFORMED
		                                                   : OK;
	if (field == 'p')
		return apl_check(wire) ? OK : MISHAP_MALFORMED;
	if (field == 'G')
		return check_gateway_and_key(wire);
	if (field == 'R')
		return check_relay(wire);
	if (field == 'K')
		return check_identity(wire);
	if (field == 'B')
		return type_bitmap_check(wire) ? OK : MISHAP_MALFORMED;
	if (field == 's')
		return check_strings(wire);
	return wire.size == 0 ? MISHAP_SHORT : OK;
}

/* Digest sizes of DS (RFC 4509, 6605; SHA-1 of RFC 4034) and ZONEMD (RFC 8976 section 2.2.3)
 * where we know the algorithm; an unknown one may have any size. */
static enum mishap check_digest(uint16_t type, struct bytes wire)
{
	static const uint8_t ds_size[] = {[1] = 20, [2] = 32, [4] = 48};
	static const uint8_t zonemd_size[] = {[1] = 48, [2] = 64};
	uint8_t want = 0;

	if (type == TYPE_DS && wire.at[3] < sizeof(ds_size))
		want = ds_size[wire.at[3]];
	if (type == TYPE_ZONEMD && wire.at[5] < sizeof(zonemd_size))
		want = zonemd_size[wire.at[5]];
	if (type == TYPE_ZONEMD && wire.size - 6 < 12) /* RFC 8976 section 2.2.4 */
		return MISHAP_MALFORMED;
	size_t size = wire.size - (type == TYPE_DS ? 4 : 6);
	return want == 0 || size == want ? OK : MISHAP_MALFORMED;
}

enum mishap rdata_check(uint16_t type, struct bytes wire)
{
	const char *fields = rdata_fields(type);
	struct bytes rest = wire;

	if (wire.size > RDATA_SIZE_MAX)
		return MISHAP_LIMIT;
	if (fields == NULL)
		return OK;
	for (; *fields != '\0'; fields++) {
		size_t taken;
		enum mishap m = check_field(*fields, rest, &taken);

		if (m != OK)
			return m;
		rest = bytes_from(rest, taken);
	}
	if (rest.size != 0)
		return MISHAP_TRAILING;
	return type == TYPE_DS || type == TYPE_ZONEMD ? check_digest(type, wire) : OK;
}

/* Copies fields up to the end or to the one that takes the rest, names without compression. */
static enum mishap expand(const char *fields, struct bytes message, size_t *at, size_t end,
                          struct writer *to)
{
	for (; *fields != '\0'; fields++) {
		size_t size = rdata_fixed_size(*fields);
		struct dname name;

		if (is_counted(*fields)) {
			if (*at == end)
				return MISHAP_SHORT;
			size = 1u + message.at[*at];
		}
		if (*fields == 'n') {
			enum mishap m = message_read_name(bytes_first(message, end), at, &name);
			if (m != OK)
				return m;
			write_bytes(to, dname_bytes(&name));
			continue;
		}
		if (size == 0)
			break;
		if (end - *at < size)
			return MISHAP_SHORT;
		write_bytes(to, bytes_first(bytes_from(message, *at), size));
		*at += size;
	}
	return OK;
}

enum mishap rdata_read_message(uint16_t type, struct bytes message, size_t at, size_t size,
                               struct writer *to)
{
	const char *fields = rdata_fields(type);
	size_t start = to->used, end = at + size;
	enum mishap m = OK;

	must(at <= message.size && size <= message.size - at);
	if (fields != NULL)
		m = expand(fields, message, &at, end, to);
	if (m != OK)
		return m;
	write_bytes(to, bytes_first(bytes_from(message, at), end - at));
	if (to->full)
		return MISHAP_FULL;
	return rdata_check(type, bytes_from(writer_bytes(to), start));
}

unsigned rdata_names(uint16_t type, struct bytes rdata, struct bytes names[RDATA_NAMES_MAX])
{
	const char *fields = rdata_fields(type);
	unsigned count = 0;

	for (; fields != NULL && *fields != '\0'; fields++) {
		size_t size = rdata_field_size(*fields, rdata);

		if (*fields == 'n') {
			must(count < RDATA_NAMES_MAX);
			names[count++] = bytes_first(rdata, size);
		}
		rdata = bytes_from(rdata, size);
	}
	return count;
}

void rdata_lower(uint16_t type, uint8_t *wire, size_t size)
{
	struct bytes names[RDATA_NAMES_MAX];
	unsigned count = rdata_names(type, (struct bytes){wire, size}, names);

	for (unsigned n = 0; n < count; n++) {
		uint8_t *at = wire + (names[n].at - wire);
		for (size_t i = 0; i < names[n].size; i++)
			at[i] = dname_lower(at[i]);
	}
}
