/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/verdict.h"

#include "base/must.h"
#include "base/text.h"
#include "observing/special.h"

#define ADDRESSES_MAX (SIGHTINGS_MAX + 2 * 2 * REFERRAL_NS_MAX)

/* An address of a name server of the act, wherever it was found. */
struct placed {
	struct bytes name, text; /* texts */
	uint8_t octets[IPV6_SIZE];
	size_t size;
};

struct judging {
	const struct asking *asking;
	const struct sightings *seen;
	struct findings *findings;
	struct arena *arena;
	struct bytes ns[REFERRAL_NS_MAX], ns_wire[REFERRAL_NS_MAX]; /* texts, sorted as the act has them; wire */
	unsigned ns_count;
	struct placed placed[ADDRESSES_MAX];
	unsigned placed_count;
};

static void find(struct judging *j, enum check check, enum cause cause, struct bytes a, struct bytes b)
{
	struct findings *f = j->findings;

	f->failed |= 1u << check;
	if (f->count < FINDINGS_MAX)
		f->finding[f->count++] = (struct finding){check, cause, false, a, b};
}

static void find_unable(struct judging *j, enum check check, enum cause cause, struct bytes a)
{
	struct findings *f = j->findings;

	f->unable |= 1u << check;
	if (f->count < FINDINGS_MAX)
		f->finding[f->count++] = (struct finding){check, cause, true, a, {NULL, 0}};
}

/* ---- what the act says ---- */

static struct bytes name_text(struct judging *j, struct bytes wire)
{
	struct writer w = writer_in(j->arena);

	dname_write_text(&w, wire);
	return writer_keep(&w, j->arena);
}

static bool names_server(const struct judging *j, struct bytes name)
{
	for (unsigned i = 0; i < j->ns_count && i < REFERRAL_NS_MAX; i++)
		if (bytes_same(j->ns[i], name))
			return true;
	return false;
}

static void place(struct judging *j, struct bytes name, struct bytes text)
{
	struct placed *p = &j->placed[j->placed_count];

	for (unsigned i = 0; i < j->placed_count; i++)
		if (bytes_same(j->placed[i].name, name) && bytes_same(j->placed[i].text, text))
			return;
	if (j->placed_count == ADDRESSES_MAX)
		return;
	*p = (struct placed){.name = name, .text = text};
	p->size = address_read(text, p->octets);
	j->placed_count += p->size > 0;
}

static bool is_address(uint16_t type)
{
	return type == TYPE_A || type == TYPE_AAAA;
}

static struct bytes address_text(struct judging *j, struct bytes rdata)
{
	struct writer w = writer_in(j->arena);

	address_write(&w, rdata.at, rdata.size);
	return writer_keep(&w, j->arena);
}

static void take_servers(struct judging *j)
{
	struct bytes lines = j->asking->records;
	struct rr rr;

	while (asking_record(&lines, j->arena, &rr)) {
		if (rr.type != TYPE_NS)
			continue;
		if (j->ns_count < REFERRAL_NS_MAX) {
			j->ns[j->ns_count] = name_text(j, rr.rdata);
			j->ns_wire[j->ns_count] = rr.rdata;
		}
		j->ns_count++;
	}
}

static void take_addresses(struct judging *j)
{
	struct bytes lines = j->asking->records, value, name;
	struct rr rr;

	while (asking_record(&lines, j->arena, &rr))
		if (is_address(rr.type))
			place(j, name_text(j, rr.owner), address_text(j, rr.rdata));
	for (lines = j->asking->addresses; asking_value(&lines, &value);)
		if (text_word(&value, &name) && names_server(j, name))
			place(j, name, value);
	for (unsigned i = 0; i < j->seen->count; i++)
		if (names_server(j, j->seen->sighting[i].name))
			place(j, j->seen->sighting[i].name, j->seen->sighting[i].address);
}

/* ---- what needs no answer: N1, N2, N5, N9, N10, D1, D2 ---- */

static void judge_count(struct judging *j)
{
	if (j->ns_count < 2)
		find(j, CHECK_COUNT, CAUSE_FEW, BYTES(""), BYTES(""));
	if (j->ns_count > REFERRAL_NS_MAX)
		find(j, CHECK_COUNT, CAUSE_MANY, BYTES(""), BYTES(""));
	for (unsigned i = 0; i < j->placed_count; i++)
		for (unsigned k = 0; k < i; k++)
			if (bytes_same(j->placed[i].text, j->placed[k].text))
				find(j, CHECK_COUNT, CAUSE_SHARED, j->placed[k].name, j->placed[i].name);
}

static bool is_letter_or_digit(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_host_name(struct bytes wire)
{
	for (struct bytes rest = wire; dname_label_count(rest) > 0; rest = dname_parent(rest)) {
		struct bytes label = dname_first_label(rest);

		for (size_t i = 0; i < label.size; i++) {
			bool edge = i == 0 || i + 1 == label.size;

			if (!is_letter_or_digit(label.at[i]) && (edge || label.at[i] != '-'))
				return false;
		}
	}
	return dname_label_count(wire) > 0;
}

static void judge_names(struct judging *j)
{
	for (unsigned i = 0; i < j->ns_count && i < REFERRAL_NS_MAX; i++)
		if (!is_host_name(j->ns_wire[i]))
			find(j, CHECK_NAMES, CAUSE_NAME, j->ns[i], BYTES(""));
}

/* How many networks the addresses of a family lie in: 0, 1, or 2 for more. */
static unsigned networks(const struct judging *j, size_t family, size_t prefix)
{
	const struct placed *first = NULL;

	for (unsigned i = 0; i < j->placed_count; i++) {
		if (j->placed[i].size != family)
			continue;
		if (first != NULL && memcmp(first->octets, j->placed[i].octets, prefix) != 0)
			return 2;
		first = &j->placed[i];
	}
	return first != NULL;
}

static void judge_networks(struct judging *j)
{
	unsigned four = networks(j, IPV4_SIZE, 3), six = networks(j, IPV6_SIZE, 6);

	if (four == 0 && six == 0)
		find_unable(j, CHECK_NETWORKS, CAUSE_NOBODY, BYTES(""));
	else if (four < 2 && six < 2)
		find(j, CHECK_NETWORKS, CAUSE_ONE_NETWORK, BYTES(""), BYTES(""));
}

static bool has_family(const struct judging *j, size_t family)
{
	for (unsigned i = 0; i < j->placed_count; i++)
		if (j->placed[i].size == family)
			return true;
	return false;
}

static void judge_referral(struct judging *j)
{
	struct writer w = writer_in(j->arena);
	struct dname tld;
	bool named = dname_read_strict(j->asking->tld, &tld) == OK;
	size_t size;

	must(named);
	if (j->ns_count > REFERRAL_NS_MAX) {
		find(j, CHECK_REFERRAL, CAUSE_MANY, BYTES(""), BYTES(""));
		return;
	}
	size = referral_size(dname_bytes(&tld), j->ns_wire, j->ns_count, has_family(j, IPV4_SIZE),
	                     has_family(j, IPV6_SIZE));
	if (size <= REFERRAL_SIZE_MAX)
		return;
	write_number(&w, size);
	find(j, CHECK_REFERRAL, CAUSE_REFERRAL, writer_keep(&w, j->arena), BYTES(""));
}

static void judge_prohibited(struct judging *j)
{
	for (unsigned i = 0; i < j->placed_count; i++)
		if (address_is_special(j->placed[i].octets, j->placed[i].size))
			find(j, CHECK_PROHIBITED, CAUSE_SPECIAL, j->placed[i].name, j->placed[i].text);
}

static size_t digest_size(uint8_t type)
{
	return type == 1 ? 20 : type == 4 ? 48 : 32;
}

static bool algorithm_in_use(uint8_t algorithm)
{
	return algorithm == 8 || algorithm == 10 || (algorithm >= 13 && algorithm <= 16);
}

static void judge_ds(struct judging *j)
{
	struct bytes lines = j->asking->records;
	struct rr rr;

	while (asking_record(&lines, j->arena, &rr)) {
		struct writer w;
		struct bytes tag;

		if (rr.type != TYPE_DS)
			continue;
		must(rr.rdata.size >= 4);
		w = writer_in(j->arena);
		write_number(&w, (uint64_t)rr.rdata.at[0] << 8 | rr.rdata.at[1]);
		tag = writer_keep(&w, j->arena);
		if (rr.rdata.size - 4 != digest_size(rr.rdata.at[3]))
			find(j, CHECK_DS_FORMAT, CAUSE_DIGEST, tag, BYTES(""));
		if (!algorithm_in_use(rr.rdata.at[2]) || rr.rdata.at[3] == 0 || rr.rdata.at[3] == 3 ||
		    rr.rdata.at[3] > 4)
			find(j, CHECK_DS_ALGORITHM, CAUSE_ALGORITHM, tag, BYTES(""));
	}
}

/* ---- what was answered ---- */

/* The next server of the act that was asked and answered; NULL at the end. */
static const struct sighting *answered_next(const struct judging *j, unsigned *index)
{
	while (*index < j->seen->count) {
		const struct sighting *s = &j->seen->sighting[(*index)++];

		if (s->answered && names_server(j, s->name))
			return s;
	}
	return NULL;
}

/* "name address", for a finding. */
static struct bytes where(struct judging *j, const struct sighting *s)
{
	struct writer w = writer_in(j->arena);

	write_bytes(&w, s->name);
	write_octet(&w, ' ');
	write_bytes(&w, s->address);
	return writer_keep(&w, j->arena);
}

static void judge_reach_of(struct judging *j, const struct sighting *s)
{
	if (s->udp == REACH_SILENT || s->udp == REACH_GARBLED)
		find(j, CHECK_REACHABLE, CAUSE_UDP, where(j, s), bytes_of(reach_word(s->udp)));
	if (s->tcp == REACH_SILENT || s->tcp == REACH_GARBLED)
		find(j, CHECK_REACHABLE, CAUSE_TCP, where(j, s), bytes_of(reach_word(s->tcp)));
	if (s->udp == REACH_ELSEWHERE)
		find(j, CHECK_SOURCE, CAUSE_ELSEWHERE, where(j, s), BYTES(""));
}

static void judge_reach(struct judging *j)
{
	for (unsigned n = 0; n < j->ns_count && n < REFERRAL_NS_MAX; n++) {
		bool has = false, asked = false;

		for (unsigned i = 0; i < j->seen->count; i++) {
			const struct sighting *s = &j->seen->sighting[i];

			if (!bytes_same(s->name, j->ns[n]) || bytes_same(s->address, BYTES("none")))
				continue;
			has = true;
			asked = asked || s->udp != REACH_UNROUTABLE;
			judge_reach_of(j, s);
		}
		if (!has)
			find(j, CHECK_REACHABLE, CAUSE_NO_ADDRESS, j->ns[n], BYTES(""));
		else if (!asked)
			find_unable(j, CHECK_REACHABLE, CAUSE_NOT_ASKED, j->ns[n]);
	}
}

static void judge_authority(struct judging *j)
{
	const struct sighting *s;
	unsigned index = 0;

	while ((s = answered_next(j, &index)) != NULL)
		if (!s->aa || s->soa.size == 0 || !bytes_same(s->rcode, BYTES("NOERROR")))
			find(j, CHECK_AUTHORITATIVE, CAUSE_LAME, where(j, s), s->rcode);
}

/* The lines of the addresses that it gives for that name; false when it has no authority for it. */
static bool given_addresses(const struct sighting *s, struct bytes name, struct bytes *addresses)
{
	struct text lines = {.rest = s->hosts};
	struct bytes line, value;
	bool found = false;

	*addresses = (struct bytes){NULL, 0};
	while (text_line(&lines, &line)) {
		if (text_field(line, "host", &value)) {
			if (found)
				return true;
			found = bytes_same(value, name);
			*addresses = (struct bytes){lines.rest.at, 0};
		} else if (found) {
			addresses->size += line.size + 1;
		}
	}
	return found;
}

static bool has_address(struct bytes lines, struct bytes address)
{
	struct bytes value;

	while (asking_value(&lines, &value))
		if (bytes_same(value, address))
			return true;
	return false;
}

static unsigned line_count(struct bytes lines)
{
	struct bytes value;
	unsigned count = 0;

	while (asking_value(&lines, &value))
		count++;
	return count;
}

/* Whether those lines are the addresses that the act has for the name. */
static bool is_glue(struct judging *j, struct bytes name, struct bytes lines, bool *any)
{
	struct bytes records = j->asking->records;
	unsigned count = 0;
	bool all = true;
	struct rr rr;

	while (asking_record(&records, j->arena, &rr)) {
		if (!is_address(rr.type) || !bytes_same(name_text(j, rr.owner), name))
			continue;
		count++;
		all = all && has_address(lines, address_text(j, rr.rdata));
	}
	*any = count > 0;
	return all && count == line_count(lines);
}

static void judge_glue_of(struct judging *j, struct bytes name)
{
	const struct sighting *s;
	bool any = false, given = false;
	struct bytes lines;
	unsigned index = 0;
	size_t kept = j->arena->used;

	(void)is_glue(j, name, BYTES(""), &any);
	while (any && (s = answered_next(j, &index)) != NULL) {
		if (!given_addresses(s, name, &lines))
			continue;
		given = true;
		if (!is_glue(j, name, lines, &any)) {
			j->arena->used = kept;
			find(j, CHECK_GLUE, CAUSE_GLUE, where(j, s), name);
			kept = j->arena->used;
		}
		j->arena->used = kept;
	}
	j->arena->used = kept;
	if (any && !given)
		find_unable(j, CHECK_GLUE, CAUSE_NO_GLUE, name);
}

static void judge_glue(struct judging *j)
{
	for (unsigned n = 0; n < j->ns_count && n < REFERRAL_NS_MAX; n++)
		judge_glue_of(j, j->ns[n]);
}

static bool is_the_acts(const struct judging *j, struct bytes lines)
{
	struct bytes value;
	unsigned count = 0;

	while (asking_value(&lines, &value)) {
		if (!names_server(j, value))
			return false;
		count++;
	}
	return count == j->ns_count;
}

static void judge_delegation(struct judging *j)
{
	const struct sighting *s;
	unsigned index = 0;

	while ((s = answered_next(j, &index)) != NULL)
		if (!is_the_acts(j, s->ns))
			find(j, CHECK_DELEGATION, CAUSE_NS, where(j, s), BYTES(""));
}

/* Whether two SOA are one but for the serial, the third word (RFC 1035 section 3.3.13). */
static bool soa_same(struct bytes a, struct bytes b)
{
	struct bytes one, other;

	for (unsigned i = 0; i < 7; i++) {
		if (!text_word(&a, &one) || !text_word(&b, &other))
			return a.size == b.size;
		if (i != 2 && !bytes_same(one, other))
			return false;
	}
	return true;
}

static void judge_consistency(struct judging *j)
{
	const struct sighting *first, *s;
	unsigned index = 0;

	first = answered_next(j, &index);
	while ((s = answered_next(j, &index)) != NULL) {
		if (!bytes_same(first->ns, s->ns))
			find(j, CHECK_CONSISTENT, CAUSE_NS_DIFFER, where(j, first), where(j, s));
		if (!soa_same(first->soa, s->soa))
			find(j, CHECK_CONSISTENT, CAUSE_SOA_DIFFER, where(j, first), where(j, s));
	}
}

static void judge_recursion(struct judging *j)
{
	const struct sighting *s;
	unsigned index = 0;

	while ((s = answered_next(j, &index)) != NULL)
		if (s->recursion == RECURSION_OPEN)
			find(j, CHECK_RECURSION, CAUSE_OPEN, where(j, s), BYTES(""));
}

static void judge_keys(struct judging *j, const struct sighting *s)
{
	struct bytes lines = s->ds, value, tag;

	while (asking_value(&lines, &value))
		if (text_word(&value, &tag) && bytes_same(value, BYTES("no")))
			find(j, CHECK_DS_KEY, CAUSE_NO_KEY, tag, where(j, s));
	if (s->chain.size > 0 && !bytes_same(s->chain, BYTES("holds")))
		find(j, CHECK_DS_CHAIN, CAUSE_CHAIN, where(j, s), s->chain);
}

static void judge_chain(struct judging *j)
{
	const struct sighting *s;
	unsigned index = 0;

	while ((s = answered_next(j, &index)) != NULL)
		judge_keys(j, s);
}

static bool has_ds(struct judging *j)
{
	struct bytes lines = j->asking->records;
	struct rr rr;

	while (asking_record(&lines, j->arena, &rr))
		if (rr.type == TYPE_DS)
			return true;
	return false;
}

/* What only an answer can tell, where there was none. */
static void judge_nobody(struct judging *j)
{
	static const enum check NEEDS[] = {CHECK_AUTHORITATIVE, CHECK_DELEGATION, CHECK_CONSISTENT,
	                                   CHECK_RECURSION,     CHECK_SOURCE,     CHECK_DS_KEY,
	                                   CHECK_DS_CHAIN};
	bool ds = has_ds(j);

	for (size_t i = 0; i < sizeof(NEEDS) / sizeof(NEEDS[0]); i++)
		if (ds || (1u << NEEDS[i] & CHECKS_OF_DS) == 0)
			find_unable(j, NEEDS[i], CAUSE_NOBODY, BYTES(""));
}

void verdict_find(const struct asking *asking, const struct sightings *sightings, struct arena *arena,
                  struct findings *findings)
{
	static const struct judging NEW;
	struct judging j = NEW;
	unsigned index = 0;

	*findings = (struct findings){.count = 0};
	j.asking = asking;
	j.seen = sightings;
	j.findings = findings;
	j.arena = arena;
	take_servers(&j);
	take_addresses(&j);
	judge_count(&j);
	judge_names(&j);
	judge_reach(&j);
	judge_authority(&j);
	judge_networks(&j);
	judge_glue(&j);
	judge_delegation(&j);
	judge_consistency(&j);
	judge_referral(&j);
	judge_prohibited(&j);
	judge_recursion(&j);
	judge_ds(&j);
	judge_chain(&j);
	if (answered_next(&j, &index) == NULL)
		judge_nobody(&j);
	findings->unable &= ~findings->failed;
}
