/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/type.h"

#include "base/text.h"

static const struct {
	uint16_t type;
	char word[8];
} WORDS[] = {
	{TYPE_A, "A"},           {TYPE_NS, "NS"},     {TYPE_CNAME, "CNAME"},
	{TYPE_SOA, "SOA"},       {TYPE_PTR, "PTR"},   {TYPE_MX, "MX"},
	{TYPE_TXT, "TXT"},       {TYPE_AAAA, "AAAA"}, {TYPE_DS, "DS"},
	{TYPE_RRSIG, "RRSIG"},   {TYPE_NSEC, "NSEC"}, {TYPE_DNSKEY, "DNSKEY"},
	{TYPE_ZONEMD, "ZONEMD"},
};

#define WORD_COUNT (sizeof(WORDS) / sizeof(WORDS[0]))

static const char *word_of(uint16_t type)
{
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (WORDS[i].type == type)
			return WORDS[i].word;
	return NULL;
}

bool type_read_text(struct bytes text, uint16_t *type)
{
	uint64_t number;

	for (size_t i = 0; i < WORD_COUNT; i++)
		if (bytes_same(text, bytes_of(WORDS[i].word))) {
			*type = WORDS[i].type;
			return true;
		}
	if (!bytes_starts(text, BYTES("TYPE")) ||
	    !text_number(bytes_from(text, 4), UINT16_MAX, &number) ||
	    word_of((uint16_t)number) != NULL)
		return false;
	*type = (uint16_t)number;
	return true;
}

void type_write_text(struct writer *writer, uint16_t type)
{
	const char *word = word_of(type);

	if (word != NULL) {
		write_text(writer, word);
		return;
	}
	write_text(writer, "TYPE");
	write_number(writer, type);
}
