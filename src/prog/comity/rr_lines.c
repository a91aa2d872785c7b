/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/rr_lines.h"

#include <stdio.h>
#include <string.h>

#include "act/act.h"
#include "base/sort.h"
#include "base/text.h"
#include "dns/dname.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"

#define TTL_NS 172800 /* what the root has for NS and addresses, and for DS */
#define TTL_DS 86400

void rr_lines_take(struct command *command, struct rr_lines *set, struct bytes lines)
{
	while (set->count < RR_LINES_MAX && act_record(&lines, &command->memory, &set->rr[set->count]))
		set->count++;
}

static bool complain(struct command *command, const struct rr_lines *set, struct bytes text, const char *en,
                     const char *zh)
{
	struct bytes why = bytes_of(say(command, en, zh));

	if (set->line > 0)
		fail(command, EXIT_NO, "line {0}: {1}: {2}", "第 {0} 行：{1}：{2}",
		     VALUES(number_text(command, set->line), text, why));
	else
		fail(command, EXIT_MISUSE, "{0}: {1}", "{0}：{1}", VALUES(text, why));
	return false;
}

unsigned line_words(struct bytes text, struct bytes word[LINE_WORDS_MAX])
{
	unsigned count = 0;
	size_t i = 0;

	while (i < text.size && text.at[i] != ';' && count < LINE_WORDS_MAX) {
		size_t start = i;

		while (i < text.size && text.at[i] != ';' && memchr(" \t\r", text.at[i], 3) == NULL)
			i++;
		if (i > start)
			word[count++] = (struct bytes){text.at + start, i - start};
		else
			i++;
	}
	return count;
}

/* A type in capitals or not. */
static bool type_of(struct bytes word, uint16_t *type)
{
	static const struct {
		const char *word;
		uint16_t type;
	} TYPES[] = {{"NS", TYPE_NS}, {"DS", TYPE_DS}, {"A", TYPE_A}, {"AAAA", TYPE_AAAA}};

	for (unsigned i = 0; i < 4; i++)
		if (word.size == strlen(TYPES[i].word) &&
		    strncasecmp((const char *)word.at, TYPES[i].word, word.size) == 0) {
			*type = TYPES[i].type;
			return true;
		}
	return false;
}

/* What a person wrote, taken apart. */
struct spoken {
	struct bytes owner;
	bool has_ttl;
	uint64_t ttl;
	uint16_t type;
	unsigned rest; /* index of the first word of RDATA */
};

static bool spoken_of(const struct bytes *word, unsigned count, struct bytes owner,
                      struct spoken *s)
{
	unsigned i = 0;

	*s = (struct spoken){.owner = owner};
	if (count > 0 && !type_of(word[0], &s->type) && !text_number(word[0], TTL_MAX, &s->ttl))
		s->owner = word[i++];
	if (i < count && text_number(word[i], TTL_MAX, &s->ttl)) {
		s->has_ttl = true;
		i++;
	}
	if (i < count && word[i].size == 2 && strncasecmp((const char *)word[i].at, "IN", 2) == 0)
		i++;
	if (i >= count || s->owner.size == 0 || !type_of(word[i], &s->type))
		return false;
	s->rest = i + 1;
	return true;
}

static void name_write(struct writer *w, struct bytes name)
{
	write_bytes(w, name);
	if (name.size == 0 || name.at[name.size - 1] != '.')
		write_text(w, ".");
}

/* The line as a master file has it: rr_read_text() is lenient about the rest. */
static struct bytes line_of(struct command *command, const struct spoken *s,
                            const struct bytes *word, unsigned count)
{
	struct writer w = writer_in(&command->memory);

	name_write(&w, s->owner);
	write_text(&w, " ");
	write_number(&w, s->has_ttl ? s->ttl : s->type == TYPE_DS ? TTL_DS : TTL_NS);
	write_text(&w, " IN ");
	type_write_text(&w, s->type);
	for (unsigned i = s->rest; i < count; i++) {
		/* A digest may be written in pieces. */
		if (s->type != TYPE_DS || i < s->rest + 4)
			write_text(&w, " ");
		if (s->type == TYPE_NS)
			name_write(&w, word[i]);
		else
			write_bytes(&w, word[i]);
	}
	return writer_keep(&w, &command->memory);
}

/* One TTL an RRset: that of the others, or for all of them what was said now. */
static void ttl_agree(struct rr_lines *set, struct rr *rr, bool said)
{
	for (unsigned i = 0; i < set->count; i++) {
		struct rr *other = &set->rr[i];

		if (other->type != rr->type || !bytes_same(other->owner, rr->owner))
			continue;
		if (said)
			other->ttl = rr->ttl;
		else
			rr->ttl = other->ttl;
	}
}

static bool has(const struct rr_lines *set, const struct rr *rr)
{
	for (unsigned i = 0; i < set->count; i++)
		if (rr_compare(&set->rr[i], rr) == 0)
			return true;
	return false;
}

bool rr_lines_add(struct command *command, struct rr_lines *set, struct bytes text,
                  struct bytes owner)
{
	struct bytes word[LINE_WORDS_MAX];
	unsigned count = line_words(text, word);
	struct fault fault;
	struct spoken s;
	struct rr rr;

	if (!spoken_of(word, count, owner, &s))
		return complain(command, set, text, "a record is OWNER [TTL] NS|DS|A|AAAA DATA",
		                "记录的写法是：名称 [TTL] NS|DS|A|AAAA 数据");
	if (!rr_read_text(line_of(command, &s, word, count), &command->memory, &rr, &fault))
		return complain(command, set, text, fault.why, fault.why);
	if (set->count == RR_LINES_MAX)
		return complain(command, set, text, "too many records", "记录过多");
	ttl_agree(set, &rr, s.has_ttl);
	if (!has(set, &rr))
		set->rr[set->count++] = rr;
	return true;
}

bool rr_lines_add_file(struct command *command, struct rr_lines *set, struct bytes content,
                       struct bytes owner)
{
	for (set->line = 1; content.size > 0; set->line++) {
		const uint8_t *end = memchr(content.at, '\n', content.size);
		struct bytes line = end == NULL ? content : bytes_first(content, (size_t)(end - content.at));
		struct bytes word[LINE_WORDS_MAX];

		if (line_words(line, word) > 0 && !rr_lines_add(command, set, line, owner))
			return false;
		content = bytes_from(content, line.size + 1);
	}
	set->line = 0;
	return true;
}

static void take_out(struct rr_lines *set, unsigned index)
{
	set->rr[index] = set->rr[--set->count];
}

bool rr_lines_remove(struct command *command, struct rr_lines *set, struct bytes text,
                     struct bytes owner)
{
	struct bytes word[LINE_WORDS_MAX];
	unsigned count = line_words(text, word), before = set->count;
	struct dname name;
	struct fault fault;
	struct spoken s;
	struct rr rr;
	bool whole;

	if (!spoken_of(word, count, owner, &s))
		return complain(command, set, text, "what to remove is OWNER TYPE [DATA]",
		                "要删除的写法是：名称 类型 [数据]");
	whole = s.rest == count;
	struct writer w = writer_in(&command->memory);
	name_write(&w, s.owner);
	if (dname_read_text(writer_keep(&w, &command->memory), &name) != OK ||
	    (!whole &&
	     !rr_read_text(line_of(command, &s, word, count), &command->memory, &rr, &fault)))
		return complain(command, set, text, "not a record", "不是记录");
	for (unsigned i = set->count; i-- > 0;)
		if (whole ? set->rr[i].type == s.type && bytes_same(set->rr[i].owner, dname_bytes(&name))
		          : rr_compare(&set->rr[i], &rr) == 0)
			take_out(set, i);
	return set->count < before || complain(command, set, text, "no such record stands", "没有这样的记录");
}

void rr_lines_remove_type(struct rr_lines *set, uint16_t type)
{
	for (unsigned i = set->count; i-- > 0;)
		if (set->rr[i].type == type)
			take_out(set, i);
}

void rr_lines_remove_orphans(struct rr_lines *set, const struct rr_lines *before)
{
	for (unsigned i = set->count; i-- > 0;) {
		bool address = set->rr[i].type == TYPE_A || set->rr[i].type == TYPE_AAAA, named = false;

		for (unsigned k = 0; k < set->count; k++)
			named = named || (set->rr[k].type == TYPE_NS &&
			                  bytes_same(set->rr[k].rdata, set->rr[i].owner));
		if (address && !named && has(before, &set->rr[i]))
			take_out(set, i);
	}
}

static int by_order(const void *a, const void *b, const void *context)
{
	(void)context;
	return rr_compare(a, b);
}

struct bytes rr_lines_text(struct command *command, struct rr_lines *set)
{
	struct writer w = writer_in(&command->memory);

	sort(set->rr, set->count, sizeof(set->rr[0]), by_order, NULL);
	for (unsigned i = 0; i < set->count; i++)
		act_write_record(&w, &set->rr[i]);
	return writer_keep(&w, &command->memory);
}

static bool has_line(struct bytes lines, struct bytes line)
{
	struct text text = {.rest = lines};
	struct bytes other;

	while (text_line(&text, &other))
		if (bytes_same(other, line))
			return true;
	return false;
}

static void tell_only_in(const struct command *command, struct bytes lines, struct bytes others,
                         unsigned mark, const char *sign, const char *colour)
{
	struct text text = {.rest = lines};
	struct bytes line;

	while (text_line(&text, &line)) {
		struct bytes shown;

		if (has_line(others, line))
			continue;
		shown = join_text(command, bytes_of(sign), safe_text(command, bytes_from(line, mark)));
		shown = painted(command, colour, shown);
		fwrite(shown.at, 1, shown.size, stdout);
		putchar('\n');
	}
}

void tell_difference(const struct command *command, struct bytes before, struct bytes after,
                     unsigned mark)
{
	tell_only_in(command, before, after, mark, "  - ", "31");
	tell_only_in(command, after, before, mark, "  + ", "32");
}

void print_records(const struct command *command, struct bytes lines)
{
	struct text text = {.rest = lines};
	struct bytes line;

	while (text_line(&text, &line)) {
		print_text(command, bytes_from(line, 2));
		putchar('\n');
	}
}

void json_records(struct command *command, const char *key, struct bytes lines)
{
	struct text text = {.rest = lines};
	struct bytes line;

	json_array(command, key);
	while (text_line(&text, &line))
		json_text(command, NULL, bytes_from(line, 2));
	json_close_array(command);
}

struct bytes name_argument(struct command *command, const char *argument)
{
	struct writer w = writer_in(&command->memory);

	for (const char *c = argument; *c != '\0'; c++)
		write_octet(&w, dname_lower((uint8_t)*c));
	if (w.used == 0 || w.at[w.used - 1] != '.')
		write_octet(&w, '.');
	return writer_keep(&w, &command->memory);
}
