/* SPDX-License-Identifier: Apache-2.0 */
#include "note/note.h"

#include <string.h>

#include "base/base64.h"
#include "base/text.h"
#include "curve/ces1.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a blank */

static enum mishap refuse(struct fault *fault, uint32_t line, const char *why)
{
	*fault = (struct fault){line, 0, why};
	return MISHAP_MALFORMED;
}

/* Where the text ends: after the last LF that an empty line follows. 0 when there is none. */
static size_t text_size(struct bytes octets)
{
	for (size_t i = octets.size; i >= 2; i--)
		if (octets.at[i - 1] == '\n' && octets.at[i - 2] == '\n')
			return i - 1;
	return 0;
}

static uint32_t count_lines(struct bytes text)
{
	uint32_t lines = 0;

	for (size_t i = 0; i < text.size; i++)
		lines += text.at[i] == '\n';
	return lines;
}

static bool signature_read(struct bytes line, struct note_signature *signature)
{
	uint8_t blob[NOTE_KEY_ID_SIZE + NOTE_SIGNATURE_SIZE_MAX];
	struct bytes rest, word;
	size_t size;

	if (!bytes_starts(line, BYTES(DASH)))
		return false;
	rest = bytes_from(line, sizeof(DASH) - 1);
	if (!text_word(&rest, &signature->name) || !note_key_name_valid(signature->name) ||
	    !text_word(&rest, &word) || rest.size != 0)
		return false;
	if (!base64_read(word, blob, sizeof(blob), &size) ||
	    (size != NOTE_KEY_ID_SIZE + 64 && size != NOTE_KEY_ID_SIZE + NOTE_SIGNATURE_SIZE_MAX))
		return false;
	memcpy(signature->id, blob, NOTE_KEY_ID_SIZE);
	signature->size = (uint8_t)(size - NOTE_KEY_ID_SIZE);
	memcpy(signature->octet, blob + NOTE_KEY_ID_SIZE, signature->size);
	return true;
}

enum mishap note_read(struct bytes octets, struct note *note, struct fault *fault)
{
	struct note n = {0};
	struct text lines;
	struct bytes line;

	if (octets.size > NOTE_SIZE_MAX) {
		*fault = (struct fault){0, 0, "a note has at most 49152 octets"};
		return MISHAP_LIMIT;
	}
	for (size_t i = 0; i < octets.size; i++)
		if (octets.at[i] < ' ' && octets.at[i] != '\n')
			return refuse(fault, count_lines(bytes_first(octets, i)) + 1,
			              "a control character");
	n.text = bytes_first(octets, text_size(octets));
	if (n.text.size < 2)
		return refuse(fault, 0, "no empty line between text and signatures");
	lines = (struct text){bytes_from(octets, n.text.size + 1), count_lines(n.text) + 1};
	while (text_line(&lines, &line)) {
		if (n.count == NOTE_SIGNATURES_MAX)
			return refuse(fault, lines.line, "more than 16 signature lines");
		if (!signature_read(line, &n.signature[n.count]))
			return refuse(fault, lines.line, "not a signature line");
		if (n.count > 0 && bytes_compare(n.signature[n.count - 1].name,
		                                 n.signature[n.count].name) >= 0)
			return refuse(fault, lines.line, "signature lines not sorted by name, or one twice");
		n.count++;
	}
	if (lines.rest.size != 0)
		return refuse(fault, lines.line + 1, "the last line does not end");
	if (n.count == 0)
		return refuse(fault, lines.line, "no signature line");
	*note = n;
	return OK;
}

void note_signature_write(struct writer *writer, const struct note_key *key,
                          struct bytes signature)
{
	uint8_t blob[NOTE_KEY_ID_SIZE + NOTE_SIGNATURE_SIZE_MAX];
	struct writer b = {.at = blob, .size = sizeof(blob)};

	write_bytes(&b, (struct bytes){key->id, NOTE_KEY_ID_SIZE});
	write_bytes(&b, signature);
	write_text(writer, DASH);
	write_bytes(writer, key->name);
	write_octet(writer, ' ');
	write_base64(writer, writer_bytes(&b));
	write_octet(writer, '\n');
}

bool note_signature_by(const struct note_signature *signature, const struct note_key *key)
{
	return bytes_same(signature->name, key->name) &&
	       memcmp(signature->id, key->id, NOTE_KEY_ID_SIZE) == 0;
}

bool note_signature_holds(const struct note_signature *signature, const struct note_key *key,
                          struct bytes text)
{
	return note_signature_by(signature, key) && key->type == NOTE_TYPE_ED25519 &&
	       signature->size == 64 && ces1_verify(key->public_key, text, signature->octet);
}
