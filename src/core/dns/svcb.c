/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/svcb.h"

#include "base/base64.h"
#include "base/text.h"
#include "dns/address.h"
#include "dns/escape.h"

/* Section 14.3.2, RFC 9461, RFC 9540. */
enum { MANDATORY, ALPN, NO_DEFAULT_ALPN, PORT, IPV4HINT, ECH, IPV6HINT, DOHPATH, OHTTP, KNOWN };

static const char NAMES[KNOWN][16] = {
	[MANDATORY] = "mandatory",
	[ALPN] = "alpn",
	[NO_DEFAULT_ALPN] = "no-default-alpn",
	[PORT] = "port",
	[IPV4HINT] = "ipv4hint",
	[ECH] = "ech",
	[IPV6HINT] = "ipv6hint",
	[DOHPATH] = "dohpath",
	[OHTTP] = "ohttp",
};

static unsigned u16_at(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* ---- wire ---- */

/* Section 8: keys in ascending order, not itself. */
static bool mandatory_good(struct bytes value)
{
	unsigned last = 0;

	for (size_t i = 0; i + 1 < value.size; i += 2) {
		if (u16_at(value.at + i) <= last)
			return false;
		last = u16_at(value.at + i);
	}
	return value.size != 0 && value.size % 2 == 0;
}

static bool alpn_good(struct bytes value)
{
	if (value.size == 0)
		return false;
	while (value.size != 0) {
		if (value.at[0] == 0 || value.size < 1u + value.at[0])
			return false;
		value = bytes_from(value, 1u + value.at[0]);
	}
	return true;
}

static bool value_good(unsigned key, struct bytes value)
{
	switch (key) {
	case MANDATORY:
		return mandatory_good(value);
	case ALPN:
		return alpn_good(value);
	case NO_DEFAULT_ALPN:
	case OHTTP:
		return value.size == 0;
	case PORT:
		return value.size == 2;
	case IPV4HINT:
		return value.size != 0 && value.size % IPV4_SIZE == 0;
	case IPV6HINT:
		return value.size != 0 && value.size % IPV6_SIZE == 0;
	default:
		return true;
	}
}

bool svcb_check_params(struct bytes params)
{
	long last = -1;

	while (params.size != 0) {
		if (params.size < 4 || params.size - 4 < u16_at(params.at + 2))
			return false;
		unsigned key = u16_at(params.at), size = u16_at(params.at + 2);
		if ((long)key <= last || key == UINT16_MAX || /* section 14.3: reserved */
		    !value_good(key, bytes_first(bytes_from(params, 4), size)))
			return false;
		last = (long)key;
		params = bytes_from(params, 4 + size);
	}
	return true;
}

/* ---- text ---- */

static bool read_key(struct bytes text, uint16_t *key)
{
	uint64_t number;

	for (uint16_t k = 0; k < KNOWN; k++)
		if (bytes_same(text, bytes_of(NAMES[k]))) {
			*key = k;
			return true;
		}
	if (!bytes_starts(text, BYTES("key")) ||
	    !text_number(bytes_from(text, 3), UINT16_MAX - 1, &number))
		return false;
	*key = (uint16_t)number;
	return true;
}

/* The next item of a list (appendix A.1) into `item`: \, and \\ stand for themselves. */
static bool next_item(struct bytes *list, struct writer *item)
{
	while (list->size != 0 && list->at[0] != ',') {
		if (list->at[0] == '\\') {
			if (list->size < 2 || (list->at[1] != ',' && list->at[1] != '\\'))
				return false;
			*list = bytes_from(*list, 1);
		}
		write_octet(item, list->at[0]);
		*list = bytes_from(*list, 1);
	}
	return item->used != 0 && !item->full;
}

static bool write_item(unsigned key, struct bytes item, struct writer *to)
{
	uint8_t address[IPV6_SIZE];
	uint16_t number;

	switch (key) {
	case MANDATORY:
		if (!read_key(item, &number))
			return false;
		write_u16(to, number);
		return true;
	case ALPN:
		write_octet(to, (uint8_t)item.size);
		write_bytes(to, item);
		return true;
	case IPV4HINT:
		if (!ipv4_read_text(item, address))
			return false;
		write_bytes(to, (struct bytes){address, IPV4_SIZE});
		return true;
	default:
		if (!ipv6_read_text(item, address))
			return false;
		write_bytes(to, (struct bytes){address, IPV6_SIZE});
		return true;
	}
}

static bool read_list(unsigned key, struct bytes list, struct writer *to)
{
	uint8_t octets[UINT8_MAX];

	for (;;) {
		struct writer item = {.at = octets, .size = sizeof(octets)};

		if (!next_item(&list, &item) || !write_item(key, writer_bytes(&item), to))
			return false;
		if (list.size == 0)
			return true;
		list = bytes_from(list, 1);
		if (list.size == 0)
			return false;
	}
}

/* The value, its escapes undone, into its wire form. */
static bool read_value(unsigned key, struct bytes value, struct writer *to)
{
	uint64_t number;
	size_t size;

	switch (key) {
	case MANDATORY:
	case ALPN:
	case IPV4HINT:
	case IPV6HINT:
		return read_list(key, value, to);
	case PORT:
		if (!text_number(value, UINT16_MAX, &number))
			return false;
		write_u16(to, (uint16_t)number);
		return true;
	case ECH:
		if (!base64_read(value, to->at + to->used, to->size - to->used, &size))
			return false;
		to->used += size;
		return true;
	default:
		write_bytes(to, value);
		return true;
	}
}

/* Section 8: the order of a list of mandatory keys in text is free. */
static void sort_keys(uint8_t *at, size_t size)
{
	for (size_t i = 2; i + 1 < size; i += 2)
		for (size_t j = i; j > 0 && u16_at(at + j - 2) > u16_at(at + j); j -= 2) {
			uint8_t kept[2] = {at[j], at[j + 1]};
			memcpy(at + j, at + j - 2, 2);
			memcpy(at + j - 2, kept, 2);
		}
}

bool svcb_add_param(struct svcb_params *params, struct bytes word)
{
	struct writer to = {
		.at = params->values, .size = sizeof(params->values), .used = params->used};
	uint8_t octets[SVCB_VALUES_MAX];
	struct writer plain = {.at = octets, .size = sizeof(octets)};
	const uint8_t *equals = word.size == 0 ? NULL : memchr(word.at, '=', word.size);
	size_t key_size = equals == NULL ? word.size : (size_t)(equals - word.at);
	struct bytes value = bytes_from(word, key_size + 1);
	struct svcb_param param = {.at = (uint16_t)params->used};

	if (value.size >= 2 && value.at[0] == '"' && value.at[value.size - 1] == '"')
		value = bytes_first(bytes_from(value, 1), value.size - 2);
	if (params->count == SVCB_PARAMS_MAX ||
	    !read_key(bytes_first(word, key_size), &param.key) || !escape_undo(value, &plain))
		return false;
	if (!read_value(param.key, writer_bytes(&plain), &to) || to.full)
		return false;
	param.size = (uint16_t)(to.used - params->used);
	if (param.key == MANDATORY)
		sort_keys(params->values + param.at, param.size);
	params->used = to.used;
	params->param[params->count++] = param;
	return true;
}

bool svcb_write_params(struct writer *writer, struct svcb_params *params)
{
	size_t start = writer->used;

	for (unsigned i = 1; i < params->count; i++)
		for (unsigned j = i; j > 0 && params->param[j - 1].key > params->param[j].key;
		     j--) {
			struct svcb_param kept = params->param[j];
			params->param[j] = params->param[j - 1];
			params->param[j - 1] = kept;
		}
	for (unsigned i = 0; i < params->count; i++) {
		const struct svcb_param *p = &params->param[i];
		write_u16(writer, p->key);
		write_u16(writer, p->size);
		write_bytes(writer, (struct bytes){params->values + p->at, p->size});
	}
	return !writer->full && svcb_check_params(bytes_from(writer_bytes(writer), start));
}
