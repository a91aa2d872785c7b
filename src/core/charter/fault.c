/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/fault.h"

#define WORD_MAX  32 /* longer words get no suggestion */
#define FOUND_MAX 64 /* longer finds are not shown */

static bool showable(struct bytes found)
{
	for (size_t i = 0; i < found.size; i++)
		if (found.at[i] < 0x20 || found.at[i] > 0x7e)
			return false;
	return found.size != 0 && found.size <= FOUND_MAX;
}

static void write_quoted(struct bytes word, struct writer *writer)
{
	write_octet(writer, '"');
	write_bytes(writer, word);
	write_octet(writer, '"');
}

void charter_fault_write(const struct charter_fault *fault, struct writer *writer)
{
	if (fault->at.line != 0) {
		write_text(writer, "line ");
		write_number(writer, fault->at.line);
	}
	if (fault->at.column != 0) {
		write_text(writer, ", column ");
		write_number(writer, fault->at.column);
	}
	if (fault->at.line != 0)
		write_text(writer, ": ");
	write_text(writer, fault->at.why);
	if (showable(fault->found)) {
		write_text(writer, ": ");
		write_quoted(fault->found, writer);
	}
	if (fault->suggestion.size != 0) {
		write_text(writer, " (did you mean ");
		write_quoted(fault->suggestion, writer);
		write_text(writer, "?)");
	}
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* One change in three octets is near, and never more than three. */
struct nearest nearest_to(struct bytes word)
{
	unsigned near = word.size < 8 ? (unsigned)(word.size + 1) / 3 : 3;

	return (struct nearest){.word = word, .distance = near + 1};
}

/* Edit distance, a swap of neighbours counted once; both words have at most WORD_MAX octets. */
static unsigned distance(struct bytes a, struct bytes b)
{
	unsigned row[3][WORD_MAX + 1]; /* for a's first i - 2, i - 1 and i octets */

	for (unsigned j = 0; j <= b.size; j++)
		row[0][j] = j;
	for (unsigned i = 1; i <= a.size; i++) {
		unsigned *now = row[i % 3], *before = row[(i + 2) % 3],
			 *earlier = row[(i + 1) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= b.size; j++) {
			unsigned differ = a.at[i - 1] != b.at[j - 1];

			now[j] =
				least(before[j - 1] + differ, least(before[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1])
				now[j] = least(now[j], earlier[j - 2] + 1);
		}
	}
	return row[a.size % 3][b.size];
}

void nearest_try(struct nearest *nearest, struct bytes candidate)
{
	unsigned d;

	if (nearest->word.size == 0 || nearest->word.size > WORD_MAX ||
	    candidate.size > WORD_MAX)
		return;
	d = distance(nearest->word, candidate);
	if (d < nearest->distance) {
		nearest->best = candidate;
		nearest->distance = d;
	}
}
