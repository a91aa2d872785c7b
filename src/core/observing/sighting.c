/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/sighting.h"

#include "base/must.h"
#include "base/text.h"
#include "dns/dname.h"
#include "observing/asking.h"

#define FIRST     BYTES("comity-sightings/1")
#define CHAIN_MAX 200

static const char *const REACH_WORDS[REACHES] = {
	[REACH_ANSWERED] = "answered", [REACH_SILENT] = "silent",       [REACH_UNROUTABLE] = "unroutable",
	[REACH_GARBLED] = "garbled",   [REACH_ELSEWHERE] = "elsewhere",
};

static const char *const RECURSION_WORDS[RECURSIONS] = {
	[RECURSION_CLOSED] = "closed",
	[RECURSION_OPEN] = "open",
	[RECURSION_UNKNOWN] = "unknown",
};

const char *reach_word(enum reach reach)
{
	must(reach < REACHES);
	return REACH_WORDS[reach];
}

const char *recursion_word(enum recursion recursion)
{
	must(recursion < RECURSIONS);
	return RECURSION_WORDS[recursion];
}

static bool is_none(struct bytes address)
{
	return bytes_same(address, BYTES("none"));
}

/* ---- writing ---- */

void sightings_write_head(struct writer *writer, struct bytes tld)
{
	write_bytes(writer, FIRST);
	write_octet(writer, '\n');
	write_field(writer, "tld", tld);
}

static void write_flag(struct writer *w, bool set, const char *word)
{
	write_octet(w, ' ');
	write_text(w, set ? word : "-");
}

static void write_chain(struct writer *w, struct bytes chain)
{
	write_text(w, "chain: ");
	for (size_t i = 0; i < chain.size && i < CHAIN_MAX; i++)
		write_octet(w, chain.at[i] < ' ' || chain.at[i] > '~' ? '?' : chain.at[i]);
	write_octet(w, '\n');
}

void sighting_write(struct writer *writer, const struct sighting *s)
{
	write_text(writer, "server: ");
	write_bytes(writer, s->name);
	write_octet(writer, ' ');
	write_bytes(writer, s->address);
	write_octet(writer, '\n');
	if (is_none(s->address))
		return;
	write_field(writer, "udp", bytes_of(reach_word(s->udp)));
	write_field(writer, "tcp", bytes_of(reach_word(s->tcp)));
	if (!s->answered)
		return;
	write_text(writer, "answer: ");
	write_bytes(writer, s->rcode);
	write_flag(writer, s->aa, "aa");
	write_flag(writer, s->tc, "tc");
	write_flag(writer, s->ra, "ra");
	write_octet(writer, '\n');
	if (s->soa.size > 0)
		write_field(writer, "soa", s->soa);
	write_bytes(writer, s->ns);
	write_bytes(writer, s->hosts);
	write_field(writer, "recursion", bytes_of(recursion_word(s->recursion)));
	write_bytes(writer, s->ds);
	if (s->chain.size > 0)
		write_chain(writer, s->chain);
}

void sightings_write_end(struct writer *writer)
{
	write_text(writer, "end\n");
}

/* ---- reading ---- */

static bool is_name(struct bytes text)
{
	uint8_t again_[DNAME_TEXT_SIZE_MAX];
	struct writer again = {.at = again_, .size = sizeof(again_)};
	struct dname name;

	if (dname_read_text(text, &name) != OK)
		return false;
	dname_write_text(&again, dname_bytes(&name));
	return bytes_same(writer_bytes(&again), text);
}

static bool is_address(struct bytes text)
{
	uint8_t octets[IPV6_SIZE];

	return address_read(text, octets) > 0;
}

static bool field(struct text *lines, const char *name, struct bytes *value)
{
	struct bytes line;

	return text_peek(lines, &line) && text_field(line, name, value) && text_line(lines, &line);
}

/* The number of the word in a list of words; `count` when it is none of them. */
static unsigned word_of(struct bytes word, const char *const *words, unsigned count)
{
	unsigned i = 0;

	while (i < count && !bytes_same(word, bytes_of(words[i])))
		i++;
	return i;
}

static bool field_word(struct text *lines, const char *name, const char *const *words, unsigned count,
                       unsigned *to)
{
	struct bytes value;

	if (!field(lines, name, &value))
		return false;
	*to = word_of(value, words, count);
	return *to < count;
}

static bool reach_read(struct text *lines, const char *name, enum reach *reach)
{
	unsigned word;
	bool read = field_word(lines, name, REACH_WORDS, REACHES, &word);

	*reach = read ? (enum reach)word : REACH_SILENT;
	return read;
}

static bool is_rcode(struct bytes word)
{
	for (size_t i = 0; i < word.size; i++)
		if ((word.at[i] < 'A' || word.at[i] > 'Z') && (word.at[i] < '0' || word.at[i] > '9'))
			return false;
	return word.size > 0 && word.size <= 16;
}

static bool flag(struct bytes *rest, const char *word, bool *set)
{
	struct bytes one;

	if (!text_word(rest, &one))
		return false;
	*set = bytes_same(one, bytes_of(word));
	return *set || bytes_same(one, BYTES("-"));
}

static bool answer_read(struct text *lines, struct sighting *s)
{
	struct bytes value;

	s->answered = field(lines, "answer", &value);
	return s->answered && text_word(&value, &s->rcode) && is_rcode(s->rcode) &&
	       flag(&value, "aa", &s->aa) && flag(&value, "tc", &s->tc) && flag(&value, "ra", &s->ra) &&
	       value.size == 0;
}

static bool is_soa(struct bytes value)
{
	struct bytes word;
	uint64_t number;

	for (unsigned i = 0; i < 2; i++)
		if (!text_word(&value, &word) || !is_name(word))
			return false;
	for (unsigned i = 0; i < 5; i++)
		if (!text_word_number(&value, UINT32_MAX, &number))
			return false;
	return value.size == 0;
}

static bool is_ds(struct bytes value)
{
	uint64_t tag;

	return text_word_number(&value, UINT16_MAX, &tag) &&
	       (bytes_same(value, BYTES("yes")) || bytes_same(value, BYTES("no")));
}

/* A run of lines of one name, in ascending order where they are to be; false at one that does not hold. */
static bool run(struct text *lines, const char *name, bool (*holds)(struct bytes), bool sorted,
                struct bytes *all)
{
	struct bytes value, before = {NULL, 0};

	*all = (struct bytes){lines->rest.at, 0};
	while (field(lines, name, &value)) {
		if (!holds(value) || (sorted && before.size > 0 && bytes_compare(before, value) >= 0))
			return false;
		before = value;
	}
	all->size = (size_t)(lines->rest.at - all->at);
	return true;
}

static bool hosts_read(struct text *lines, struct bytes *hosts)
{
	struct bytes value, before = {NULL, 0}, addresses;

	*hosts = (struct bytes){lines->rest.at, 0};
	while (field(lines, "host", &value)) {
		if (!is_name(value) || (before.size > 0 && bytes_compare(before, value) >= 0) ||
		    !run(lines, "address", is_address, true, &addresses))
			return false;
		before = value;
	}
	hosts->size = (size_t)(lines->rest.at - hosts->at);
	return true;
}

static bool chain_read(struct text *lines, struct sighting *s)
{
	if (!field(lines, "chain", &s->chain))
		return true;
	for (size_t i = 0; i < s->chain.size; i++)
		if (s->chain.at[i] < ' ' || s->chain.at[i] > '~')
			return false;
	return s->chain.size <= CHAIN_MAX;
}

static bool sighting_read(struct text *lines, struct bytes server, struct sighting *s)
{
	unsigned word = RECURSION_UNKNOWN;

	*s = (struct sighting){.recursion = RECURSION_UNKNOWN};
	if (!text_word(&server, &s->name) || !is_name(s->name))
		return false;
	s->address = server;
	if (is_none(server))
		return true;
	if (!is_address(server) || !reach_read(lines, "udp", &s->udp) || !reach_read(lines, "tcp", &s->tcp))
		return false;
	if (s->udp != REACH_ANSWERED && s->tcp != REACH_ANSWERED)
		return true;
	if (!answer_read(lines, s))
		return false;
	if (field(lines, "soa", &s->soa) && !is_soa(s->soa))
		return false;
	if (!run(lines, "ns", is_name, true, &s->ns) || !hosts_read(lines, &s->hosts) ||
	    !field_word(lines, "recursion", RECURSION_WORDS, RECURSIONS, &word) ||
	    !run(lines, "ds", is_ds, false, &s->ds))
		return false;
	s->recursion = (enum recursion)word;
	return chain_read(lines, s);
}

enum mishap sightings_read(struct bytes text, struct sightings *sightings)
{
	struct text lines = {.rest = text};
	struct bytes line, server;

	if (text.size > SIGHTINGS_SIZE_MAX)
		return MISHAP_LIMIT;
	sightings->count = 0;
	if (!text_line(&lines, &line) || !bytes_same(line, FIRST) || !field(&lines, "tld", &sightings->tld) ||
	    !is_name(sightings->tld))
		return MISHAP_MALFORMED;
	while (field(&lines, "server", &server)) {
		if (sightings->count == SIGHTINGS_MAX)
			return MISHAP_LIMIT;
		if (!sighting_read(&lines, server, &sightings->sighting[sightings->count++]))
			return MISHAP_MALFORMED;
	}
	return text_line(&lines, &line) && bytes_same(line, BYTES("end")) && lines.rest.size == 0
	               ? OK
	               : MISHAP_MALFORMED;
}
