/* SPDX-License-Identifier: Apache-2.0 */
/* Notes, keys, checkpoints and tile paths, on the worked example of c2sp.org's formats. */
#include "note/note.h"

#include <stdio.h>

#include "note/checkpoint.h"
#include "note/tile.h"
#include "tap.h"

static const char LOG_KEY[] =
	"root.comity.example+8898d626+AYG2ds3Qc7EqqXmRePB0RxPPCYR3Z7528qjHqmartNs3";
static const char WITNESS_KEY[] =
	"root.comity.example/w/aurelia+b758e2bc+BL3dSnbItMNAEJozAyiyZ/Zn9wXaJptJM/eF2FdmaMeI";

/* Made by an independent program, with demo keys. */
static const char CHECKPOINT[] =
	"root.comity.example\n5\nIzRqZtlxqaQb5vlrsh4mIcVNL5xBJp1h6zg4lb7Ge0c=\n\n"
	"\xe2\x80\x94 root.comity.example iJjWJmmTzTo34UOiIkSrSdpuidhjCd6nJUVFSzLW2KDHthmCjGqyQEX97q0Kl"
	"/Nnq4PcO0LiI4FfMG6WL9rOztewVwo=\n"
	"\xe2\x80\x94 root.comity.example/w/aurelia t1jivAAAAABrAudQytpJ0CV9CIne0hfonOgDeXuoxNuhoXgyDUJsKt"
	"+GxR5HosXzEKIiZb3a4SfvLp1etktGbR25rABy03JqjWeIAA==\n";

static void keys(void)
{
	struct note_key key;
	char out[200], bad[200];
	struct writer w = {.at = (uint8_t *)out, .size = sizeof(out)};

	ok(note_key_read(bytes_of(LOG_KEY), &key) && key.type == NOTE_TYPE_ED25519, "a log key");
	note_key_write(&w, &key);
	ok(bytes_same(writer_bytes(&w), bytes_of(LOG_KEY)), "written as read");
	snprintf(bad, sizeof(bad), "%s", LOG_KEY);
	bad[0] = 'R';
	ok(!note_key_read(bytes_of(bad), &key), "the identifier binds the name");
	bad[0] = 'r';
	bad[sizeof(LOG_KEY) - 2] ^= 1;
	ok(!note_key_read(bytes_of(bad), &key), "and the key");
	ok(!note_key_read(BYTES(""), &key) && !note_key_read(BYTES("+"), &key) &&
	           !note_key_read(BYTES("a+8898d626"), &key) && !note_key_read(BYTES("a b+8898d626+AAAA"), &key),
	   "not a key");
}

static void notes(void)
{
	struct note note;
	struct note_key log, witness;
	struct checkpoint c;
	struct fault fault = {0};
	uint64_t time = 0;
	char changed[sizeof(CHECKPOINT)];

	if (!note_key_read(bytes_of(LOG_KEY), &log) || !note_key_read(bytes_of(WITNESS_KEY), &witness))
		bail_out("example keys do not read");
	ok(note_read(bytes_of(CHECKPOINT), &note, &fault) == OK && note.count == 2, "a checkpoint is a note");
	ok(checkpoint_read(note.text, &c, &fault) == OK && c.size == 5, "its text is a checkpoint");
	ok(note_signature_holds(&note.signature[0], &log, note.text), "signed by the log");
	ok(cosignature_holds(&note.signature[1], &witness, &c, &time) && time == 1795352400,
	   "cosigned by a witness at its time");
	ok(!note_signature_holds(&note.signature[1], &log, note.text) &&
	           !cosignature_holds(&note.signature[0], &witness, &c, &time),
	   "not by the other");
	memcpy(changed, CHECKPOINT, sizeof(changed));
	changed[20] = '6';
	ok(note_read(bytes_of(changed), &note, &fault) == OK &&
	           checkpoint_read(note.text, &c, &fault) == OK &&
	           !note_signature_holds(&note.signature[0], &log, note.text) &&
	           !cosignature_holds(&note.signature[1], &witness, &c, &time),
	   "another size has no signature");
}

static void refused(const char *text, uint32_t line, const char *what)
{
	struct note note;
	struct fault fault = {99, 99, NULL};

	ok(note_read(bytes_of(text), &note, &fault) == MISHAP_MALFORMED && fault.line == line &&
	           fault.why != NULL,
	   what);
}

#define SIG64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void refusals(void)
{
	struct note note;
	struct fault fault;

	ok(note_read(BYTES("x\n\n\xe2\x80\x94 a " SIG64 "\n"), &note, &fault) == OK, "the smallest note");
	ok(note_read(BYTES("x\n\ny\n\n\xe2\x80\x94 a " SIG64 "\n"), &note, &fault) == OK &&
	           bytes_same(note.text, BYTES("x\n\ny\n")),
	   "the last empty line ends the text");
	refused("x\n\xe2\x80\x94 a " SIG64 "\n", 0, "no empty line");
	refused("x\n\n", 2, "no signature");
	refused("x\ty\n\n\xe2\x80\x94 a " SIG64 "\n", 1, "a tab");
	refused("x\n\n\xe2\x80\x94 a " SIG64, 3, "no LF at the end");
	refused("x\n\n\xe2\x80\x94 b " SIG64 "\n\xe2\x80\x94 a " SIG64 "\n", 4, "not sorted");
	refused("x\n\n\xe2\x80\x94 a " SIG64 "\n\xe2\x80\x94 a " SIG64 "\n", 4, "one twice");
	refused("x\n\n\xe2\x80\x94 a " SIG64 " \n", 3, "a trailing blank");
	refused("x\n\n\xe2\x80\x94 a+b " SIG64 "\n", 3, "a plus in a name");
	refused("x\n\n\xe2\x80\x94 a AAAA\n", 3, "a signature too short");
	refused("x\n\n- a " SIG64 "\n", 3, "another dash");
}

static bool path_is(struct tile tile, const char *want)
{
	uint8_t at[100];
	struct writer w = {.at = at, .size = sizeof(at)};

	tile_path_write(&w, tile);
	return bytes_same(writer_bytes(&w), bytes_of(want));
}

static void tiles(void)
{
	ok(path_is((struct tile){0, 5, 256}, "tile/0/005"), "one group of digits");
	ok(path_is((struct tile){1, 1000, 256}, "tile/1/x001/000"), "two");
	ok(path_is((struct tile){0, 1234067, 12}, "tile/0/x001/x234/067.p/12"), "three, partial");
	ok(path_is((struct tile){TILE_ENTRIES, 0, 5}, "tile/entries/000.p/5"), "entries");
}

int main(void)
{
	keys();
	notes();
	refusals();
	tiles();
	return done_testing();
}
