/* SPDX-License-Identifier: Apache-2.0 */
/* What a charter says in numbers beside its rules: the times of arbitration, and how much batches change in a day. */
#include "charter/read.h"

/* The time that the line names, which is to be given for the first time. */
static enum mishap read_time_word(struct reader *reader, enum charter_time *time)
{
	struct cursor *cursor = &reader->cursor;
	struct bytes word = cursor_word(cursor);
	struct nearest nearest = nearest_to(word);
	unsigned i = 0;

	while (i < CHARTER_TIMES && !bytes_same(word, bytes_of(charter_time_word((enum charter_time)i))))
		nearest_try(&nearest, bytes_of(charter_time_word((enum charter_time)i++)));
	if (i == CHARTER_TIMES)
		return cursor_fault_near(cursor, "no time of an arbitration has this name", &nearest);
	if (reader->charter.time_article[i] != 0)
		return cursor_fault(cursor, "a time given twice");
	cursor->at += word.size;
	*time = (enum charter_time)i;
	return OK;
}

/* "arbitration TIME SPAN" */
static enum mishap read_arbitration(struct reader *reader, uint16_t article)
{
	struct cursor *cursor = &reader->cursor;
	enum charter_time time = TIME_ANSWER;
	struct nearest bound = {0};
	int64_t seconds = 0;
	size_t from;
	enum mishap m = read_time_word(reader, &time);

	if (m != OK)
		return m;
	from = cursor->at;
	m = read_span(reader, &seconds);
	if (m != OK)
		return m;
	if (seconds < CHARTER_TIME_MIN || seconds > CHARTER_TIME_MAX) {
		cursor->at = from + 1;
		bound.best = seconds < CHARTER_TIME_MIN ? BYTES("1m") : BYTES("366d");
		return cursor_fault_near(cursor, "a time of an arbitration is from 1 minute to 366 days", &bound);
	}
	reader->charter.times.seconds[time] = seconds;
	reader->charter.time_article[time] = article;
	return read_end(reader);
}

/* "batches NUMBER changes a day" */
static enum mishap read_batches(struct reader *reader, uint16_t article)
{
	struct cursor *cursor = &reader->cursor;
	uint64_t number = 0;
	enum mishap m;

	if (reader->charter.batches_article != 0) {
		cursor->at = 0;
		return cursor_fault(cursor, "a limit of batches given twice");
	}
	m = cursor_number(cursor, CHARTER_BATCHES_MAX, "expected a number of changes from 1 to 1000000", &number);
	if (m != OK)
		return m;
	if (!cursor_take(cursor, " changes a day"))
		return cursor_fault(cursor, "expected \"changes a day\"");
	reader->charter.batches = (uint32_t)number;
	reader->charter.batches_article = article;
	return read_end(reader);
}

bool parameter_ahead(const struct reader *reader)
{
	return ahead(reader, "arbitration ") || ahead(reader, "batches ");
}

enum mishap read_parameter(struct reader *reader, uint16_t article)
{
	enum mishap m = next_line(reader, "expected a time of arbitration or a limit of batches");

	if (m != OK)
		return m;
	if (cursor_take(&reader->cursor, "arbitration "))
		return read_arbitration(reader, article);
	reader->cursor.at += BYTES("batches ").size;
	return read_batches(reader, article);
}
