/* SPDX-License-Identifier: Apache-2.0 */
#include "note/checkpoint.h"

#include "base/base64.h"
#include "base/must.h"
#include "base/text.h"
#include "curve/ces1.h"

void checkpoint_write(struct writer *writer, const struct checkpoint *checkpoint)
{
	write_bytes(writer, checkpoint->origin);
	write_octet(writer, '\n');
	write_number(writer, checkpoint->size);
	write_octet(writer, '\n');
	write_base64(writer, digest_bytes(&checkpoint->root));
	write_octet(writer, '\n');
}

static enum mishap refuse(struct fault *fault, const struct text *lines, const char *why)
{
	*fault = (struct fault){lines->line, 0, why};
	return MISHAP_MALFORMED;
}

enum mishap checkpoint_read(struct bytes text, struct checkpoint *checkpoint,
                            struct fault *fault)
{
	struct text lines = {.rest = text};
	struct checkpoint c = {0};
	struct bytes line;
	size_t size = 0;

	if (!text_line(&lines, &c.origin) || !note_key_name_valid(c.origin))
		return refuse(fault, &lines, "not an origin");
	if (!text_line(&lines, &line) || !text_number(line, INT64_MAX, &c.size))
		return refuse(fault, &lines, "not a tree size");
	if (!text_line(&lines, &line) ||
	    !base64_read(line, c.root.octet, DIGEST_SIZE, &size) || size != DIGEST_SIZE)
		return refuse(fault, &lines, "not a root hash");
	if (lines.rest.size != 0)
		return refuse(fault, &lines, "a checkpoint of ours has three lines");
	*checkpoint = c;
	return OK;
}

void cosigned_write(struct writer *writer, const struct checkpoint *checkpoint, uint64_t time)
{
	write_text(writer, "cosignature/v1\ntime ");
	write_number(writer, time);
	write_octet(writer, '\n');
	checkpoint_write(writer, checkpoint);
}

bool cosignature_holds(const struct note_signature *signature, const struct note_key *key,
                       const struct checkpoint *checkpoint, uint64_t *time)
{
	uint8_t message[COSIGNED_SIZE_MAX];
	struct writer w = {.at = message, .size = sizeof(message)};
	uint64_t t = 0;

	if (!note_signature_by(signature, key) || key->type != NOTE_TYPE_COSIGNATURE ||
	    signature->size != 72)
		return false;
	for (unsigned i = 0; i < 8; i++)
		t = t << 8 | signature->octet[i];
	cosigned_write(&w, checkpoint, t);
	must(!w.full);
	if (!ces1_verify(key->public_key, writer_bytes(&w), signature->octet + 8))
		return false;
	*time = t;
	return true;
}
