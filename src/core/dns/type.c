/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/type.h"

#include "base/text.h"

static const struct {
	uint16_t type;
	char word[12];
} WORDS[] = {
	{TYPE_A, "A"},
	{TYPE_NS, "NS"},
	{TYPE_CNAME, "CNAME"},
	{TYPE_SOA, "SOA"},
	{TYPE_HINFO, "HINFO"},
	{TYPE_PTR, "PTR"},
	{TYPE_MINFO, "MINFO"},
	{TYPE_MX, "MX"},
	{TYPE_TXT, "TXT"},
	{TYPE_RP, "RP"},
	{TYPE_AFSDB, "AFSDB"},
	{TYPE_X25, "X25"},
	{TYPE_ISDN, "ISDN"},
	{TYPE_RT, "RT"},
	{TYPE_AAAA, "AAAA"},
	{TYPE_LOC, "LOC"},
	{TYPE_SRV, "SRV"},
	{TYPE_NAPTR, "NAPTR"},
	{TYPE_KX, "KX"},
	{TYPE_CERT, "CERT"},
	{TYPE_DNAME, "DNAME"},
	{TYPE_APL, "APL"},
	{TYPE_DS, "DS"},
	{TYPE_SSHFP, "SSHFP"},
	{TYPE_IPSECKEY, "IPSECKEY"},
	{TYPE_RRSIG, "RRSIG"},
	{TYPE_NSEC, "NSEC"},
	{TYPE_DNSKEY, "DNSKEY"},
	{TYPE_DHCID, "DHCID"},
	{TYPE_NSEC3, "NSEC3"},
	{TYPE_NSEC3PARAM, "NSEC3PARAM"},
	{TYPE_TLSA, "TLSA"},
	{TYPE_SMIMEA, "SMIMEA"},
	{TYPE_HIP, "HIP"},
	{TYPE_CDS, "CDS"},
	{TYPE_CDNSKEY, "CDNSKEY"},
	{TYPE_OPENPGPKEY, "OPENPGPKEY"},
	{TYPE_CSYNC, "CSYNC"},
	{TYPE_ZONEMD, "ZONEMD"},
	{TYPE_SVCB, "SVCB"},
	{TYPE_HTTPS, "HTTPS"},
	{TYPE_SPF, "SPF"},
	{TYPE_NID, "NID"},
	{TYPE_L32, "L32"},
	{TYPE_L64, "L64"},
	{TYPE_LP, "LP"},
	{TYPE_EUI48, "EUI48"},
	{TYPE_EUI64, "EUI64"},
	{TYPE_URI, "URI"},
	{TYPE_CAA, "CAA"},
	{TYPE_AVC, "AVC"},
	{TYPE_AMTRELAY, "AMTRELAY"},
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

	for (size_t i = 0; i < WORD_COUNT && text.size != 0; i++)
		if (WORDS[i].word[0] == (char)text.at[0] &&
		    bytes_same(text, bytes_of(WORDS[i].word))) {
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

bool type_read_word(struct bytes text, uint16_t *type)
{
	uint8_t capitals[sizeof(WORDS[0].word)];
	uint64_t number;

	if (text.size > sizeof(capitals))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.at[i];
		capitals[i] = c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
	}
	text = (struct bytes){capitals, text.size};
	if (type_read_text(text, type))
		return true;
	if (!bytes_starts(text, BYTES("TYPE")) ||
	    !text_number(bytes_from(text, 4), UINT16_MAX, &number))
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
