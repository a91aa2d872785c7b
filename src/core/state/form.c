/* SPDX-License-Identifier: Apache-2.0 */
#include "state/form.h"

#include "act/act.h"
#include "act/apex.h"
#include "act/check.h"
#include "base/base64.h"
#include "note/key.h"
#include "state/job.h"

/*
 * A value is words; the word of a capital letter has a form, any other stands for itself, and |
 * is "or". A last word with + may be repeated.
 *
 *     N number   T time   D digest, point   X 32 hex   Z 96 hex   S base64 of a signature
 *     P party    L label  M dname           A an act: digest or "genesis"
 *     K role and vkey, to the end           V vkey     W anything, to the end   Q span of time
 *     C a set of checks, to the end
 */
struct line_form {
	const char *name;
	unsigned least, most;
	const char *value;
};

#define LINES_MAX 20
#define MANY      UINT32_MAX
#define MEMBERS   0, CUSTODY_MEMBERS_MAX
#define ONE       1, 1

enum tail { NOTHING, RECORDS, EMBEDDED };

struct record_form {
	const char *kind;
	const char *key; /* behind the kind: words with slashes between */
	struct line_form line[LINES_MAX];
	enum tail tail;
	bool tombstones;
};

#define GROUP_WORD "ksk|ksk-standby|zsk"
#define DUTY "signs|pool|share|server|dual-stack|votes|technical|award within Q"

/* clang-format off */
static const struct record_form FORMS[] = {
	{"accused", "N P", {{"act", ONE, "A"}}, NOTHING, false},
	{"adherence", "P P",
	 {{"status", ONE, "accepted|denounced|ended"}, {"version", ONE, "N"}, {"since", ONE, "T"}, {"until", ONE, "T|none"},
	  {"reserved", ONE, "N|none+"}, {"act", ONE, "A"}}, EMBEDDED, false},
	{"agent", "D", {{"key", ONE, "V"}}, NOTHING, false},
	{"answered", "N N P", {{"shares", ONE, "D|none"}, {"missing", ONE, "P|none+"}}, NOTHING, false},
	{"apex", "", {{"apex", ONE, "W"}, {"soa", ONE, "W"}, {"ttl", ONE, "W"},
	              {"signatures", ONE, "W"}, {"signing", ONE, "W"}, {"act", ONE, "A"}}, NOTHING, false},
	{"batch", "D", {{"by", ONE, "P"}, {"item", 1, MANY, "L delegate|ds|ds-drop N N"}}, NOTHING, false},
	{"batched", "P|D", {{"since", ONE, "T"}, {"changes", ONE, "N"}}, NOTHING, false},
	{"breach", "P P N",
	 {{"status", ONE, "lapsed|open|cured|ended"}, {"version", ONE, "N"}, {"duty", ONE, DUTY}, {"since", ONE, "T"},
	  {"opened", ONE, "T|none"}, {"until", ONE, "T|none"}, {"count", ONE, "N"}, {"saw", ONE, "W"},
	  {"contested", ONE, "D|none"}}, NOTHING, false},
	{"attestation", "D P",
	 {{"at", ONE, "T"}, {"vantage", ONE, "P"}, {"failed", ONE, "C"}, {"unable", ONE, "C"}, {"seen", ONE, "N D"},
	  {"act", ONE, "A"}}, NOTHING, false},
	{"ceremony", GROUP_WORD,
	 {{"number", ONE, "N"}, {"phase", ONE, "key|deal|confirm|sign|done|failed"},
	  {"threshold", ONE, "N"}, {"opened", ONE, "T"}, {"deadline", ONE, "T"},
	  {"session", ONE, "D|none"}, {"transcript", ONE, "D|none"},
	  {"member", MEMBERS, "P N D|none"}, {"excluded", 0, MANY, "P N W"}}, NOTHING, false},
	{"charter", "", {{"version", ONE, "N"}, {"digest", ONE, "D"}, {"act", ONE, "A"}}, EMBEDDED, false},
	{"checking", "D",
	 {{"tld", ONE, "L"}, {"run", ONE, "submission|publication|over|failed"}, {"since", ONE, "T"}, {"until", ONE, "T"},
	  {"needs", ONE, "C"}, {"quorum", ONE, "N"}, {"held", ONE, "T|none"}, {"failed", ONE, "C"}}, NOTHING, false},
	{"confirmed", GROUP_WORD " P", {{NULL, 0, 0, NULL}}, NOTHING, false},
	{"custody", "",
	 {{"ksk", ONE, "N"}, {"ksk-standby", ONE, "N"}, {"zsk", ONE, "N"}, {"zsk-next", ONE, "N"},
	  {"zsk-old", ONE, "N"}, {"jobs", ONE, "N"}, {"job", ONE, "N"}, {"serial", ONE, "N"}}, NOTHING, false},
	{"deal", GROUP_WORD " P", {{NULL, 0, 0, NULL}}, EMBEDDED, false},
	{"declared", "D", {{"remedy", ONE, "breach|costs"}, {"party", ONE, "P"}, {"act", ONE, "A"}}, NOTHING, false},
	{"dispute", "D",
	 {{"phase", ONE, "notice|appoint|draw|rank|plead|challenge|deliberate|correct|correcting|comply|ratify|closed"},
	  {"ending", ONE, "none|withdrawn|settled|lapsed|dismissed|complied|executed|unratified|impossible|cured"},
	  {"deadline", ONE, "T|none"}, {"rest", ONE, "N"}, {"raise", ONE, "T"}, {"steps", ONE, "N N N N N"},
	  {"orders", ONE, "restore|transfer|revoke|interim|freeze|lift-waiver|breach|suspend|costs|dismiss"}, {"opened", ONE, "T"}, {"subject", ONE, "W"},
	  {"claimant", ONE, "P"}, {"respondent", ONE, "P"}, {"asked", ONE, "restore|transfer|revoke|interim|freeze|lift-waiver|breach|suspend|costs"},
	  {"panel", ONE, "P|none P|none P|none"}, {"challenged", ONE, "P|none P|none P|none"},
	  {"removed", ONE, "P|none+"}, {"list", ONE, "P|none+"}, {"award", ONE, "D|none"},
	  {"reason", ONE, "N"}, {"draw", 0, 1, "seats|chair|decider|substitute N"}, {"times", 0, 1, "N N N N N N N N N N"}}, EMBEDDED, false},
	{"due", "", {{"since", ONE, "T"}}, NOTHING, false},
	{"exhibit", "D D", {{"party", ONE, "P"}, {"size", ONE, "N"}, {"act", ONE, "A"}}, NOTHING, false},
	{"freeze", "L",
	 {{"holder", ONE, "P"}, {"until", ONE, "T"}, {"ratified", ONE, "open|yes|no|none"},
	  {"charter", ONE, "N"}, {"act", ONE, "A"}}, NOTHING, false},
	{"frozen", "L D", {{"expires", ONE, "T"}}, NOTHING, false},
	{"group", GROUP_WORD " N",
	 {{"threshold", ONE, "N"}, {"key", ONE, "D"}, {"tag", ONE, "N"}, {"since", ONE, "T"},
	  {"member", MEMBERS, "P N D"}}, NOTHING, false},
	{"host", "M", {{"owner", ONE, "P"}, {"users", ONE, "L|none+"}, {"act", ONE, "A"}}, RECORDS, true},
	{"inactive", "P",
	 {{"status", ONE, "counting|warned|withheld|suspended"}, {"from", ONE, "T|none"}, {"missed", 1, 12, "T P N"}}, NOTHING, false},
	{"interim", "L D", {{"operator", ONE, "P"}, {"expires", ONE, "T"}}, NOTHING, false},
	{"job", "N",
	 {{"kind", ONE, "confirm|zone"}, {"opened", ONE, "T"}, {"serial", ONE, "N"},
	  {"inception", ONE, "N"}, {"items", ONE, "N"}, {"digest", ONE, "D"}, {"sessions", ONE, "N"},
	  {"group", 1, JOB_GROUPS_MAX, GROUP_WORD " N"}}, NOTHING, false},
	{"key", "D", {{"party", ONE, "P"}}, NOTHING, false},
	{"log", "", {{"key", ONE, "V"}}, NOTHING, false},
	{"mandate", "P P L|*",
	 {{"key", ONE, "V"}, {"may", ONE, "W"}, {"expires", ONE, "T"}, {"named-by", ONE, "P"}, {"act", ONE, "A"}},
	 NOTHING, true},
	{"measure", "D P", {{"decision", ONE, "D"}, {"act", ONE, "A"}}, NOTHING, false},
	{"norm", "P",
	 {{"status", ONE, "stands|repealed"}, {"version", ONE, "N"}, {"since", ONE, "T"}, {"act", ONE, "A"}}, NOTHING, false},
	{"normtext", "P N",
	 {{"since", ONE, "T"}, {"act", ONE, "A"}, {"notice", ONE, "N"}, {"paragraphs", ONE, "N"}, {"duty", 0, 8, "N " DUTY}},
	 EMBEDDED, false},
	{"objection", "D P", {{"act", ONE, "A"}}, NOTHING, false},
	{"operation", "L",
	 {{"operator", ONE, "P"}, {"holder", ONE, "P"}, {"ground", ONE, "keys-lost|incapacity|contested"},
	  {"from", ONE, "T"}, {"until", ONE, "T"}, {"act", ONE, "A"}}, NOTHING, false},
	{"party", "P",
	 {{"kind", ONE, "P"}, {"threshold", ONE, "N"}, {"key", 1, MANY, "K"}, {"act", ONE, "A"}}, NOTHING, true},
	{"pool", "P",
	 {{"pool", ONE, "X"}, {"count", ONE, "N"}, {"root", ONE, "D"}, {"lease", ONE, "T"},
	  {"act", ONE, "A"}}, NOTHING, false},
	{"proposal", "D",
	 {{"status", ONE, "open|passed|ratifying|done|failed|refused|aborted|withdrawn|cancelled"}, {"reason", ONE, "N"},
	  {"rule", ONE, "W"}, {"charter", ONE, "N"}, {"opened", ONE, "T"}, {"comment", ONE, "T"}, {"vote", ONE, "T"},
	  {"objection", ONE, "T"}, {"expedited", ONE, "T"}, {"execute", ONE, "T"},
	  {"late-quorum", ONE, "N"}, {"recipient", ONE, "P|none"}, {"register", 0, 8, "P none|never|listed|removed|unasked"},
	  {"party", 0, MANY, "P P N W"}},
	 EMBEDDED, false},
	{"rank", "D P", {{"ranks", ONE, "P+"}, {"act", ONE, "A"}}, NOTHING, false},
	{"recognition", "P P", {{"status", ONE, "listed|removed"}, {"code", ONE, "P"}, {"since", ONE, "T"}}, NOTHING, false},
	{"register", "P", {{"version", ONE, "N"}, {"since", ONE, "T"}, {"act", ONE, "A"}}, EMBEDDED, false},
	{"release", "N",
	 {{"job", ONE, "N"}, {"session", ONE, "N"}, {"zone", ONE, "N D"}, {"zonemd", ONE, "Z"},
	  {"opened", ONE, "T"}, {"entered", ONE, "T"}, {"expires", ONE, "T"}, {"act", ONE, "A"}}, NOTHING, false},
	{"retirement", "L",
	 {{"holder", ONE, "P"}, {"ground", ONE, "code-removed|code-changed"}, {"notice", ONE, "T"}, {"ends", ONE, "T"},
	  {"latest", ONE, "T"}, {"act", ONE, "A"}}, NOTHING, false},
	{"rrsig", "M W",
	 {{"covers", ONE, "D"}, {"group", ONE, GROUP_WORD " N"}, {"window", ONE, "N N"},
	  {"signature", ONE, "S"}}, NOTHING, false},
	{"proxy", "P", {{"proxy", ONE, "P"}, {"act", ONE, "A"}}, NOTHING, false},
	{"rule", "W", {{"since", ONE, "N"}, {"from", ONE, "T"}}, NOTHING, false},
	{"ruling", "D P", {{"decision", ONE, "D"}, {"act", ONE, "A"}}, NOTHING, false},
	{"seen", "T D", {{"height", ONE, "N"}}, NOTHING, false},
	{"server", "M", {{"owner", ONE, "P"}, {"act", ONE, "A"}}, RECORDS, true},
	{"session", "N N", {{"opened", ONE, "T"}, {"grace", ONE, "T"}, {"member", MEMBERS, "P X N N D"}}, NOTHING, false},
	{"signatures", "N N W", {{"first", ONE, "N"}}, EMBEDDED, false},
	{"signer", "P", {{"pool", ONE, "X"}, {"next", ONE, "N"}, {"missed", ONE, "T|none"}}, NOTHING, false},
	{"spent", "P", {{"since", ONE, "T"}, {"days", ONE, "N"}}, NOTHING, false},
	{"suspension", "P", {{"expires", ONE, "T"}, {"act", ONE, "A"}}, NOTHING, false},
	{"suspended", "P D", {{"expires", ONE, "T"}}, NOTHING, false},
	{"timer", "T W", {{NULL, 0, 0, NULL}}, NOTHING, false},
	{"tld", "L", {{"holder", ONE, "P"}, {"act", ONE, "A"}}, RECORDS, true},
	{"vacant", "L", {{"holder", ONE, "P"}, {"since", ONE, "T"}, {"dispute", ONE, "D"}}, NOTHING, false},
	{"vote", "D P", {{"vote", ONE, "yes|no|abstain"}, {"act", ONE, "A"}}, NOTHING, false},
	{"waiver", "L W", {{"expires", ONE, "T"}, {"act", ONE, "A"}}, NOTHING, false},
	{"was", "W", {{"absent", 0, 1, "yes"}}, EMBEDDED, false},
	{"zone", "current", {{"serial", ONE, "N"}, {"zone", ONE, "D"}}, NOTHING, false},
};
/* clang-format on */

static const struct record_form *form_of(struct bytes key)
{
	const uint8_t *slash = memchr(key.at, '/', key.size);
	struct bytes kind = slash == NULL ? key : bytes_first(key, (size_t)(slash - key.at));

	for (size_t i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++)
		if (bytes_same(kind, bytes_of(FORMS[i].kind)))
			return &FORMS[i];
	return NULL;
}

bool record_form_known(struct bytes key)
{
	return key.size > 0 && form_of(key) != NULL;
}

static bool has_form(enum field_form form, struct bytes word)
{
	const struct act_field field = {.form = form};

	return field_form_holds(&field, word);
}

static bool is_signature(struct bytes word)
{
	uint8_t octets[64];
	size_t size;

	return base64_read(word, octets, sizeof(octets), &size) && size == sizeof(octets);
}

static bool letter_fits(char letter, struct bytes word)
{
	struct note_key key;
	unsigned checks;
	int64_t seconds;

	switch (letter) {
	case 'N':
		return has_form(FORM_NUMBER, word);
	case 'T':
		return has_form(FORM_TIME, word);
	case 'D':
		return has_form(FORM_DIGEST, word);
	case 'X':
		return has_form(FORM_HEX, word);
	case 'Z':
		return has_form(FORM_SHA384, word);
	case 'S':
		return is_signature(word);
	case 'P':
		return has_form(FORM_PARTY, word);
	case 'L':
		return has_form(FORM_LABEL, word);
	case 'M':
		return has_form(FORM_DNAME, word);
	case 'A':
		return bytes_same(word, BYTES("genesis")) || has_form(FORM_DIGEST, word);
	case 'K':
		return has_form(FORM_KEYS, word);
	case 'Q':
		return time_span_read(word, &seconds);
	case 'V':
		return note_key_read(word, &key);
	case 'C':
		return checks_read(word, &checks);
	default:
		return word.size > 0; /* 'W' */
	}
}

static bool is_letter(struct bytes form)
{
	return form.size == 1 && form.at[0] >= 'A' && form.at[0] <= 'Z';
}

/* Whether one of the alternatives fits. */
static bool word_fits(struct bytes form, struct bytes word)
{
	while (form.size > 0) {
		const uint8_t *bar = memchr(form.at, '|', form.size);
		struct bytes one = bar == NULL ? form : bytes_first(form, (size_t)(bar - form.at));

		if (is_letter(one) ? letter_fits((char)one.at[0], word) : bytes_same(one, word))
			return true;
		form = bytes_from(form, one.size + 1);
	}
	return false;
}

static bool to_the_end(struct bytes form)
{
	return is_letter(form) && memchr("CKVW", form.at[0], 4) != NULL;
}

/* Takes a part off `*value` that fits the form; the words of a value have `between` between. */
static bool part_take(struct bytes *value, struct bytes form, char between)
{
	const uint8_t *end = to_the_end(form) ? NULL : memchr(value->at, between, value->size);
	struct bytes word = end == NULL ? *value : bytes_first(*value, (size_t)(end - value->at));
	bool more = end != NULL;

	*value = bytes_from(*value, word.size + 1);
	return word_fits(form, word) && (!more || value->size > 0);
}

static bool value_fits(const char *spec, struct bytes value, char between)
{
	struct bytes forms = bytes_of(spec), form;

	while (text_word(&forms, &form)) {
		bool repeated = form.at[form.size - 1] == '+';

		form.size -= repeated;
		do
			if (value.size == 0 || !part_take(&value, form, between))
				return false;
		while (repeated && value.size > 0);
	}
	return value.size == 0;
}

static bool lines_fit(const struct record_form *form, struct text *lines)
{
	for (unsigned i = 0; i < LINES_MAX && form->line[i].name != NULL; i++) {
		const struct line_form *l = &form->line[i];
		struct bytes line, value;
		unsigned count = 0;

		while (count < l->most && text_peek(lines, &line) && text_field(line, l->name, &value)) {
			if (!value_fits(l->value, value, ' ') || !text_line(lines, &line))
				return false;
			count++;
		}
		if (count < l->least)
			return false;
	}
	return true;
}

static bool tail_fits(enum tail tail, struct text *lines, struct arena scratch)
{
	struct bytes line;

	while (tail != NOTHING && text_line(lines, &line)) {
		struct arena room = scratch;
		struct fault fault;
		struct rr rr;
		bool good = tail == RECORDS
		                    ? bytes_starts(line, BYTES("+ ")) &&
		                              rr_read_strict(bytes_from(line, 2), &room, &rr, &fault)
		                    : bytes_starts(line, BYTES("|"));

		if (!good)
			return false;
	}
	return lines->rest.size == 0;
}

static bool is_tombstone(struct text lines)
{
	struct bytes line, act;

	return text_line(&lines, &line) && text_field(line, "gone", &act) && letter_fits('A', act) &&
	       lines.rest.size == 0;
}

bool record_form_holds(struct bytes record, struct arena scratch)
{
	struct text lines = {.rest = record};
	const struct record_form *form;
	struct bytes key, rest;
	const char *why;
	struct apex apex;

	if (!text_line(&lines, &key) || key.size == 0 || key.size > RECORD_KEY_MAX)
		return false;
	form = form_of(key);
	if (form == NULL)
		return false;
	rest = bytes_from(key, bytes_of(form->kind).size);
	if (form->key[0] == '\0' ? rest.size > 0
	                         : !value_fits(form->key, bytes_from(rest, 1), '/'))
		return false;
	if (form->tombstones && is_tombstone(lines))
		return true;
	if (bytes_same(key, BYTES("apex"))) {
		struct text again = lines;
		if (!apex_read(&again, &apex, &why))
			return false;
	}
	return lines_fit(form, &lines) && tail_fits(form->tail, &lines, scratch);
}
