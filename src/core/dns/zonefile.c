/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonefile.h"

#include "dns/dname.h"
#include "dns/rdata.h"
#include "dns/words.h"

struct file {
	struct words words;
	struct arena *arena;
	struct dname origin;
	bool has_origin;
	uint32_t ttl; /* of records that say none */
	bool has_ttl;
	bool ttl_is_said; /* by $TTL, and not by the record before */
	struct rr *rr;    /* room for one a line */
	uint32_t *line;   /* that each of them begins in */
	size_t count;
	struct bytes
		owner_word; /* of the record before, relative to the same origin; or none */
	const char *why;
};

static bool fault(struct file *f, const char *why)
{
	f->why = why;
	return false;
}

static struct bytes origin_of(const struct file *f)
{
	return f->has_origin ? dname_bytes(&f->origin) : (struct bytes){NULL, 0};
}

/* The next word, which must be there and without quotes. */
static bool take(struct file *f, struct bytes *word, const char *missing)
{
	enum words_next next = words_next(&f->words, word, &f->why);

	if (next != WORDS_ONE)
		return next == WORDS_END && fault(f, missing);
	return !f->words.quoted || fault(f, "a quoted string where none belongs");
}

static bool read_name(struct file *f, struct bytes word, struct dname *name)
{
	enum mishap m = dname_read_relative(word, origin_of(f), name);

	if (m == OK)
		return true;
	if (m == MISHAP_LIMIT)
		return fault(f, "a name, or a label of it, that is too long");
	return fault(f, f->has_origin ? "not a domain name"
	                              : "not a domain name, or one relative to no origin");
}

/* ---- directives ---- */

static bool ends(struct file *f)
{
	struct bytes word;
	enum words_next next = words_next(&f->words, &word, &f->why);

	return next == WORDS_END || (next == WORDS_ONE && fault(f, "a word too many"));
}

static bool read_origin(struct file *f)
{
	struct bytes word;
	struct dname origin;

	if (!take(f, &word, "no name behind $ORIGIN") || !read_name(f, word, &origin))
		return false;
	f->origin = origin;
	f->has_origin = true;
	f->owner_word = (struct bytes){NULL, 0};
	return ends(f);
}

/* RFC 2308 section 4 */
static bool read_default_ttl(struct file *f)
{
	struct bytes word;

	if (!take(f, &word, "no time behind $TTL"))
		return false;
	if (!ttl_read(word, TTL_MAX, &f->ttl))
		return fault(f, "not a time to live");
	f->has_ttl = f->ttl_is_said = true;
	return ends(f);
}

/* True when `word` is `capitals` in whatever case. */
static bool is_word(struct bytes word, struct bytes capitals)
{
	if (word.size != capitals.size)
		return false;
	for (size_t i = 0; i < word.size; i++)
		if (dname_lower(word.at[i]) != dname_lower(capitals.at[i]))
			return false;
	return true;
}

static bool read_directive(struct file *f, struct bytes word)
{
	if (is_word(word, BYTES("$ORIGIN")))
		return read_origin(f);
	if (is_word(word, BYTES("$TTL")))
		return read_default_ttl(f);
	if (is_word(word, BYTES("$INCLUDE")))
		return fault(f, "$INCLUDE: put the file in its place");
	return fault(f, "a directive that is not read here");
}

/* ---- records ---- */

/* An owner: the one before where the line begins with a blank or names it again. */
static bool read_owner(struct file *f, struct bytes word, struct rr *rr)
{
	struct dname owner;

	if (f->count != 0 && f->owner_word.size != 0 && bytes_same(word, f->owner_word)) {
		rr->owner = f->rr[f->count - 1].owner;
		return true;
	}
	if (!read_name(f, word, &owner))
		return false;
	f->owner_word = word;
	if (f->count != 0 && bytes_same(f->rr[f->count - 1].owner, dname_bytes(&owner)))
		rr->owner = f->rr[f->count - 1].owner;
	else
		rr->owner = arena_copy(f->arena, dname_bytes(&owner));
	return true;
}

/* RFC 3597 section 5: CLASS and a number; the other classes by their words. */
static bool is_other_class(struct bytes word)
{
	return is_word(word, BYTES("CH")) || is_word(word, BYTES("HS")) ||
	       is_word(word, BYTES("CS")) ||
	       (word.size > 5 && is_word(bytes_first(word, 5), BYTES("CLASS")));
}

static bool is_class_in(struct bytes word)
{
	return is_word(word, BYTES("IN")) || is_word(word, BYTES("CLASS1"));
}

/* TTL and class, in either order, each at most once, then the type. */
static bool read_head(struct file *f, struct rr *rr)
{
	bool has_class = false, has_ttl = false;
	struct bytes word;

	for (;;) {
		if (!take(f, &word, "a record without a type"))
			return false;
		if (!has_ttl && word.at[0] >= '0' && word.at[0] <= '9') {
			if (!ttl_read(word, TTL_MAX, &rr->ttl))
				return fault(f, "not a time to live");
			has_ttl = true;
		} else if (!has_class && is_class_in(word)) {
			has_class = true;
		} else if (type_read_word(word, &rr->type)) {
			break;
		} else {
			return fault(f, is_other_class(word) ? "a class besides IN"
			                                     : "not a record type");
		}
	}
	if (!has_ttl && !f->has_ttl)
		return fault(f, "no time to live, neither here nor before");
	if (!has_ttl)
		rr->ttl = f->ttl;
	else if (!f->ttl_is_said) /* RFC 1035 section 5.1 */
		f->ttl = rr->ttl;
	f->has_ttl = true;
	return true;
}

/* RFC 6895 section 3.1: types of questions and of messages have no records. */
static bool is_of_zones(uint16_t type)
{
	return type != 0 && type != TYPE_OPT && (type < 128 || type > 255);
}

static bool read_data(struct file *f, struct rr *rr)
{
	struct writer wire = writer_in(f->arena);

	if (!is_of_zones(rr->type))
		return fault(f, "a type that no zone has");
	if (wire.size > RDATA_SIZE_MAX + 1)
		wire.size = RDATA_SIZE_MAX + 1;
	if (!rdata_read_words(rr->type, &f->words, origin_of(f), &wire, &f->why))
		return false;
	rr->rdata = writer_keep(&wire, f->arena);
	return true;
}

/* Of a line that begins with a blank, the owner is the one before. */
static bool keep_owner(struct file *f, const struct words *first, struct rr *rr)
{
	if (f->count == 0) {
		f->words = *first;
		return fault(f, "no owner, and none before");
	}
	rr->owner = f->rr[f->count - 1].owner;
	return true;
}

/* A line, or as many as its parentheses take: nothing, a directive or a record. */
static bool read_entry(struct file *f)
{
	bool blank = *f->words.at == ' ' || *f->words.at == '\t';
	struct words first = f->words;
	struct rr *rr = &f->rr[f->count];
	struct bytes word;
	enum words_next next = words_next(&first, &word, &f->why);

	if (!blank || next != WORDS_ONE)
		f->words = first;
	if (next != WORDS_ONE)
		return next == WORDS_END;
	if (first.quoted) {
		f->words = first;
		return fault(f, "a quoted string where none belongs");
	}
	if (!blank && word.at[0] == '$')
		return read_directive(f, word);
	f->line[f->count] = first.word_line;
	if (!(blank ? keep_owner(f, &first, rr) : read_owner(f, word, rr)) ||
	    !read_head(f, rr) || !read_data(f, rr))
		return false;
	f->count++;
	return true;
}

/* ---- the file ---- */

/* Every record and every directive ends a line. */
static size_t count_lines(struct bytes text)
{
	const uint8_t *line_end;
	size_t lines = 1;

	while (text.size != 0 && (line_end = memchr(text.at, '\n', text.size)) != NULL) {
		text = bytes_from(text, (size_t)(line_end - text.at) + 1);
		lines++;
	}
	return lines;
}

static bool read_all(struct file *f)
{
	while (f->words.at != f->words.end)
		if (!read_entry(f))
			return false;
	return true;
}

bool zone_file_read(struct bytes text, struct bytes origin, struct arena *arena,
                    struct rrset_list *zone, struct fault *fault)
{
	struct file f = {.words = words_over(text, false), .arena = arena};
	size_t lines = count_lines(text);

	if (origin.at != NULL) {
		f.origin = dname_of(origin);
		f.has_origin = true;
	}
	f.rr = arena_take_array(arena, lines, sizeof(*f.rr));
	f.line = arena_take_array(arena, lines, sizeof(*f.line));
	if (!read_all(&f)) {
		*fault = (struct fault){f.words.word_line, words_column(&f.words), f.why};
		return false;
	}
	if (rrset_list_make(f.rr, f.count, arena, zone, fault))
		return true;
	fault->line = f.line[fault->line - 1];
	return false;
}
