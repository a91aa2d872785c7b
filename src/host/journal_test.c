/* SPDX-License-Identifier: Apache-2.0 */
/* The journal after every way in which a disk can leave its end, and after damage that no crash makes. */
#include "host/journal.h"

#include <string.h>
#include <sys/wait.h>

#include "tap.h"

#include "dice.h"
#include "scratch.h"

#define FRAMES 12
#define HEAD   9 /* octets before the body of a frame */

/* What a reader has seen. */
struct seen {
	unsigned frames;
	unsigned stop_at; /* says stop at this frame; 0: never */
	bool same;        /* every frame was the one that was appended */
};

/* The frame of that number: sizes 0 to 400, every type. */
static struct bytes frame(unsigned number, enum journal_type *type)
{
	static uint8_t body[400];
	size_t size = number * 67 % sizeof(body);

	for (size_t i = 0; i < size; i++)
		body[i] = (uint8_t)(number * 31 + i * i);
	*type = 1 + number % 4;
	return (struct bytes){body, size};
}

static bool see(void *context, enum journal_type type, struct bytes body)
{
	struct seen *seen = context;
	enum journal_type want;
	struct bytes octets = frame(seen->frames++, &want);

	seen->same = seen->same && type == want && bytes_same(body, octets);
	return seen->frames != seen->stop_at;
}

static enum mishap append(struct journal *journal, unsigned number, bool synced)
{
	enum journal_type type;
	struct bytes body = frame(number, &type);

	return journal_append(journal, type, body, synced);
}

/* Opens the folder and closes it again; what was seen. */
static enum mishap look(const char *folder, struct seen *seen)
{
	struct journal journal;
	enum mishap mishap;

	*seen = (struct seen){.same = true};
	mishap = journal_open(&journal, folder, see, seen);
	journal_close(&journal);
	return mishap;
}

/* A journal of FRAMES frames in `folder`; its only segment. */
static struct bytes made(const char *folder)
{
	struct seen seen = {.same = true};
	struct journal journal;
	char path[SCRATCH_PATH_MAX];
	bool good = journal_open(&journal, folder, see, &seen) == OK;

	for (unsigned i = 0; i < FRAMES; i++)
		good = good && append(&journal, i, i % 3 == 0) == OK;
	good = good && journal.frames == FRAMES && journal.total == journal.size;
	journal_close(&journal);
	if (!good)
		bail_out("the journal does not take frames");
	snprintf(path, sizeof(path), "%s/000000.seg", folder);
	return scratch_read(path);
}

/* Where frame `number` begins. */
static size_t offset(unsigned number)
{
	enum journal_type type;
	size_t at = 0;

	for (unsigned i = 0; i < number; i++)
		at += HEAD + frame(i, &type).size;
	return at;
}

static void append_and_reopen(void)
{
	struct bytes octets = made(scratch("a"));
	struct seen seen = {.same = true, .stop_at = 5};
	struct journal journal;

	ok(octets.size == offset(FRAMES), "frames stand one behind another");
	scratch_free(octets);
	ok(look(scratch("a"), &seen) == OK && seen.frames == FRAMES && seen.same,
	   "what was appended is read again");
	seen = (struct seen){.same = true, .stop_at = 5};
	ok(journal_open(&journal, scratch("a"), see, &seen) == MISHAP_LIMIT && seen.frames == 5,
	   "a reader that says stop stops the reading");
	journal_close(&journal);
	seen = (struct seen){.same = true};
	ok(journal_look(scratch("nowhere"), see, &seen) == OK && seen.frames == 0,
	   "looking where there is none finds nothing, and makes nothing");
	ok(access(scratch("nowhere"), F_OK) != 0, "not even a folder");
}

/* The journal with these octets in its segment: how many frames are there then. */
struct after {
	enum mishap mishap;
	struct seen seen;
	bool untouched; /* the file is as it was given */
	size_t size;
};

static struct after opened_with(const char *folder, struct bytes octets)
{
	char path[SCRATCH_PATH_MAX];
	struct after after;
	struct bytes now;

	snprintf(path, sizeof(path), "%s/000000.seg", folder);
	scratch_write(path, octets);
	after.mishap = look(folder, &after.seen);
	now = scratch_read(path);
	after.untouched = bytes_same(now, octets);
	after.size = now.size;
	scratch_free(now);
	return after;
}

/* Exactly the whole frames are there, and the file ends with them. */
static bool mended_to(const struct after *after, unsigned frames)
{
	return after->mishap == OK && after->seen.frames == frames && after->seen.same &&
	       after->size == offset(frames);
}

static bool refused(const struct after *after)
{
	return after->mishap == MISHAP_MALFORMED && after->untouched;
}

static void torn_by_truncation(void)
{
	struct bytes whole = made(scratch("t"));
	bool good = true;

	for (unsigned frames = 0; frames < FRAMES; frames++)
		for (size_t size = offset(frames); size < offset(frames + 1); size++) {
			struct after after = opened_with(scratch("t"), bytes_first(whole, size));
			good = good && mended_to(&after, frames);
		}
	ok(good, "cut off anywhere, what was whole is there and the rest is gone");
	scratch_free(whole);
}

static void torn_by_tails(void)
{
	struct bytes whole = made(scratch("g"));
	bool zeros = true, garbage = true;
	uint8_t *longer = malloc(whole.size + 5000);

	for (unsigned round = 0; round < 300; round++) {
		size_t more = round < 100 ? round + 1 : 1 + dice_below(5000);
		size_t kept = round % 2 == 0 ? whole.size
		                             : offset(FRAMES - 1) + dice_below(whole.size -
		                                                               offset(FRAMES - 1));
		unsigned frames = kept == whole.size ? FRAMES : FRAMES - 1;
		struct after after;

		memcpy(longer, whole.at, kept);
		memset(longer + kept, 0, more);
		after = opened_with(scratch("g"), (struct bytes){longer, kept + more});
		zeros = zeros && mended_to(&after, frames);
		dice_fill(longer + kept, more);
		after = opened_with(scratch("g"), (struct bytes){longer, kept + more});
		garbage = garbage && mended_to(&after, frames);
	}
	ok(zeros, "zeros behind the last frame, or in place of its end, are cut off");
	ok(garbage, "so is garbage");
	free(longer);
	scratch_free(whole);
}

static void flipped(void)
{
	struct bytes whole = made(scratch("f"));
	uint8_t *octets = malloc(whole.size + 40);
	bool last = true, middle = true, both = true;

	for (size_t at = 0; at < whole.size; at++)
		for (unsigned bit = 0; bit < 8; bit += at < offset(FRAMES - 1) ? 5 : 1) {
			struct after after;

			memcpy(octets, whole.at, whole.size);
			octets[at] ^= (uint8_t)(1u << bit);
			after = opened_with(scratch("f"), (struct bytes){octets, whole.size});
			if (at >= offset(FRAMES - 1))
				last = last && mended_to(&after, FRAMES - 1);
			else
				middle = middle && refused(&after);
			if (at >= offset(FRAMES - 1) || at % 7 != 0)
				continue;
			dice_fill(octets + whole.size, 40);
			after = opened_with(scratch("f"), (struct bytes){octets, whole.size + 40});
			both = both && refused(&after);
		}
	ok(last, "a last frame with a flipped octet is a rest, and cut off");
	ok(middle, "one before it is damage: refused, and nothing is touched");
	ok(both, "damage is damage also when the end is torn");
	free(octets);
	scratch_free(whole);
}

/* A block that is synced, and voices that are not; where each one begins. Of text, as they are. */
#define VOICES 12
static struct bytes spoken(const char *folder, size_t begins[VOICES + 1])
{
	struct seen seen = {.same = true};
	struct journal journal;
	uint8_t text[900];
	char path[SCRATCH_PATH_MAX];
	bool good = journal_open(&journal, folder, see, &seen) == OK;

	memset(text, 'b', sizeof(text));
	good = good && journal_append(&journal, JOURNAL_BLOCK, (struct bytes){text, 700}, true) == OK;
	for (unsigned i = 0; i < VOICES; i++) {
		begins[i] = journal.size;
		memset(text, 'k' + (int)i, sizeof(text));
		good = good &&
		       journal_append(&journal, JOURNAL_VOICE, (struct bytes){text, 500 + 31 * i}, false) == OK;
	}
	begins[VOICES] = journal.size;
	journal_close(&journal);
	if (!good)
		bail_out("the journal does not take voices");
	snprintf(path, sizeof(path), "%s/000000.seg", folder);
	return scratch_read(path);
}

static bool see_any(void *context, enum journal_type type, struct bytes body)
{
	(void)type, (void)body;
	(*(unsigned *)context)++;
	return true;
}

/* How the journal opens with these octets, and how many frames it has then. */
static enum mishap reopened(const char *folder, struct bytes octets, unsigned *frames)
{
	char path[SCRATCH_PATH_MAX];
	struct journal journal;
	enum mishap mishap;

	snprintf(path, sizeof(path), "%s/000000.seg", folder);
	scratch_write(path, octets);
	*frames = 0;
	mishap = journal_open(&journal, folder, see_any, frames);
	if (mishap == OK && journal_append(&journal, JOURNAL_BLOCK, BYTES("more"), true) != OK)
		mishap = MISHAP_IO;
	journal_close(&journal);
	return mishap;
}

/* Voices are not synced: a power cut may leave any sectors of them, and zeros for the others. */
static void torn_voices(void)
{
	size_t begins[VOICES + 1];
	struct bytes whole = spoken(scratch("v"), begins);
	size_t sectors = (whole.size + 511) / 512;
	uint8_t *octets = malloc(whole.size);
	bool lost = true, damaged = true;
	unsigned frames;

	for (unsigned round = 0; round < 2 * sectors; round++) {
		unsigned first = VOICES;

		memcpy(octets, whole.at, whole.size);
		for (size_t s = 0; s < sectors; s++) {
			size_t from = 512 * s < begins[0] ? begins[0] : 512 * s;
			size_t to = 512 * (s + 1) < whole.size ? 512 * (s + 1) : whole.size;

			if (from >= to || (round < sectors ? s != round : dice_below(4) != 0))
				continue;
			memset(octets + from, 0, to - from);
			for (unsigned i = 0; i < first; i++)
				if (from < begins[i + 1])
					first = i;
		}
		lost = lost && reopened(scratch("v"), (struct bytes){octets, whole.size}, &frames) == OK &&
		       frames == 1 + first &&
		       journal_look(scratch("v"), see_any, &frames) == OK && frames == 2 * (1 + first) + 1;
	}
	ok(lost, "of voices that were torn those before the first gap are kept, and the journal goes on");
	for (size_t at = 0; at < begins[VOICES - 1]; at += 97) {
		memcpy(octets, whole.at, whole.size);
		octets[at] ^= 1;
		damaged = damaged &&
		          reopened(scratch("v"), (struct bytes){octets, whole.size}, &frames) == MISHAP_MALFORMED;
	}
	ok(damaged, "where nothing was lost and an octet is another, it is damage");
	memcpy(octets, whole.at, whole.size);
	memset(octets + 20, 0, 512);
	ok(reopened(scratch("v"), (struct bytes){octets, whole.size}, &frames) == MISHAP_MALFORMED,
	   "a block was synced: when part of it is gone with voices behind, it is damage");
	free(octets);
	scratch_free(whole);
}

static void mended_takes_more(void)
{
	struct bytes whole = made(scratch("m"));
	struct seen seen;
	struct journal journal;
	char path[SCRATCH_PATH_MAX];
	bool good = true;

	for (size_t cut = 1; cut < whole.size - offset(FRAMES - 1); cut += 13) {
		snprintf(path, sizeof(path), "%s/000000.seg", scratch("m"));
		scratch_write(path, bytes_first(whole, whole.size - cut));
		seen = (struct seen){.same = true};
		good = good && journal_open(&journal, scratch("m"), see, &seen) == OK &&
		       append(&journal, FRAMES - 1, true) == OK;
		journal_close(&journal);
		good = good && look(scratch("m"), &seen) == OK && seen.frames == FRAMES && seen.same;
	}
	ok(good, "a mended journal goes on where it was whole");
	scratch_free(whole);
}

/* In a process of its own: a lock of the same process is another one. */
static bool another_can_open(const char *folder)
{
	struct seen seen = {.same = true};
	struct journal journal;
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(journal_open(&journal, folder, see, &seen) == OK ? 1 : 0);
	waitpid(child, &status, 0);
	return WEXITSTATUS(status) != 0;
}

static void locked(void)
{
	struct seen seen = {.same = true};
	struct journal journal;

	scratch_free(made(scratch("l")));
	if (journal_open(&journal, scratch("l"), see, &seen) != OK)
		bail_out("cannot be opened");
	ok(!another_can_open(scratch("l")), "while one process has it, no other can");
	journal_close(&journal);
	ok(another_can_open(scratch("l")), "and then one can");
}

/* Behind a frame that was not written whole nothing may stand: it would be damage. */
static void failed_is_final(void)
{
	struct seen seen = {.same = true};
	struct journal journal;
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC), kept;

	scratch_free(made(scratch("e")));
	if (full < 0 || journal_open(&journal, scratch("e"), see, &seen) != OK)
		bail_out("no /dev/full");
	kept = dup(journal.file);
	dup2(full, journal.file);
	ok(append(&journal, FRAMES, true) == MISHAP_IO, "a full disk is told");
	dup2(kept, journal.file);
	ok(append(&journal, FRAMES, true) == MISHAP_IO, "and nothing is appended after it");
	journal_close(&journal);
	ok(look(scratch("e"), &seen) == OK && seen.frames == FRAMES && seen.same,
	   "until it is opened anew");
	close(full);
	close(kept);
}

/* Large frames, to pass from one segment to the next. */
static bool see_large(void *context, enum journal_type type, struct bytes body)
{
	unsigned *count = context;

	*count += type == JOURNAL_BLOCK && body.size == JOURNAL_FRAME_MAX &&
	          body.at[0] == *count && body.at[body.size - 1] == *count;
	return true;
}

/* How many frames come in pieces of a few, from one segment into the next. */
static unsigned large_pieces(const struct journal *journal)
{
	struct journal_cursor at = {0, 0};
	unsigned seen = 0;

	while (!journal_is_read(journal, &at))
		if (journal_read_on(journal, &at, 3 * JOURNAL_FRAME_MAX, see_large, &seen) != OK)
			return 0;
	return seen;
}

static bool large_made(const char *folder, unsigned count)
{
	uint8_t *body = calloc(1, JOURNAL_FRAME_MAX);
	struct journal journal;
	unsigned seen = 0;
	bool good = journal_open(&journal, folder, see_large, &seen) == OK;

	for (unsigned i = 0; i < count && good; i++) {
		body[0] = body[JOURNAL_FRAME_MAX - 1] = (uint8_t)i;
		good = journal_append(&journal, JOURNAL_BLOCK,
		                      (struct bytes){body, JOURNAL_FRAME_MAX}, false) == OK;
	}
	good = good && journal.frames == count &&
	       journal.total == (uint64_t)count * (JOURNAL_FRAME_MAX + HEAD) &&
	       large_pieces(&journal) == count;
	journal_close(&journal);
	free(body);
	return good;
}

static enum mishap large_look(const char *folder, unsigned *seen)
{
	struct journal journal;
	enum mishap mishap;

	*seen = 0;
	mishap = journal_open(&journal, folder, see_large, seen);
	journal_close(&journal);
	return mishap;
}

/* Every frame once and in order, however large the pieces are, and while more is appended. */
static void pieces(void)
{
	static const size_t MOST[] = {1, 100, 1000, 1 << 20};
	struct journal_cursor at = {0, 0};
	struct seen seen = {.same = true};
	struct journal journal;
	bool good;

	for (unsigned m = 0; m < sizeof(MOST) / sizeof(MOST[0]); m++) {
		unsigned frames = 0, calls = 0;

		scratch_remove(scratch("p"));
		made(scratch("p"));
		seen = (struct seen){.same = true};
		good = journal_open(&journal, scratch("p"), see, &seen) == OK;
		at = (struct journal_cursor){0, 0};
		seen = (struct seen){.same = true};
		for (; good && !journal_is_read(&journal, &at); calls++) {
			frames = seen.frames;
			good = journal_read_on(&journal, &at, MOST[m], see, &seen) == OK && seen.frames > frames;
			if (calls == 0)
				good = good && append(&journal, FRAMES, false) == OK;
		}
		ok(good && seen.same && seen.frames == FRAMES + 1 && (m > 0 || calls == FRAMES + 1),
		   "a journal is read on piece by piece, with what is appended meanwhile");
		ok(journal_read_on(&journal, &at, MOST[m], see, &seen) == OK && seen.frames == FRAMES + 1,
		   "at its end nothing more comes");
		journal_close(&journal);
	}
	good = journal_open(&journal, scratch("p"), see, &(struct seen){.same = true}) == OK;
	at = (struct journal_cursor){0, 0};
	seen = (struct seen){.same = true, .stop_at = 3};
	ok(good && journal_read_on(&journal, &at, SIZE_MAX, see, &seen) == MISHAP_LIMIT && seen.frames == 3,
	   "a reader may stop it");
	seen.stop_at = 0;
	ok(journal_read_on(&journal, &at, SIZE_MAX, see, &seen) == OK && seen.same &&
	           seen.frames == FRAMES + 1,
	   "and go on behind the frame at which it stopped");
	at = (struct journal_cursor){0, 1};
	ok(journal_read_on(&journal, &at, SIZE_MAX, see, &seen) == MISHAP_MALFORMED && at.at == 1,
	   "where no frame begins is damage, told, and the cursor stays");
	journal_close(&journal);
}

static void segments(void)
{
	unsigned count = (unsigned)(2 * JOURNAL_SEGMENT_MAX / JOURNAL_FRAME_MAX) + 1, seen;
	char path[SCRATCH_PATH_MAX], away[SCRATCH_PATH_MAX];
	uint8_t octet;
	int file;

	snprintf(path, sizeof(path), "%s/000000.seg", scratch("s"));
	snprintf(away, sizeof(away), "%s/away", scratch("s"));
	ok(large_made(scratch("s"), count), "frames of more than two segments, read again in pieces");
	ok(access(scratch("s/000002.seg"), F_OK) == 0 && access(scratch("s/000003.seg"), F_OK) != 0,
	   "a segment is closed when it has passed its size");
	ok(large_look(scratch("s"), &seen) == OK && seen == count, "are read in order");

	rename(path, away);
	ok(large_look(scratch("s"), &seen) == MISHAP_MALFORMED && access(path, F_OK) != 0,
	   "a first segment that is gone is damage, and not an empty journal");
	rename(away, path);
	rename(scratch("s/000001.seg"), away);
	ok(large_look(scratch("s"), &seen) == MISHAP_MALFORMED, "so is one in the middle");
	rename(away, scratch("s/000001.seg"));

	if (truncate(path, (off_t)(JOURNAL_SEGMENT_MAX - 100)) != 0)
		bail_out("truncate");
	ok(large_look(scratch("s"), &seen) == MISHAP_MALFORMED,
	   "a torn end is damage where another segment follows");
	file = open(path, O_RDONLY | O_CLOEXEC);
	ok(lseek(file, 0, SEEK_END) == (off_t)(JOURNAL_SEGMENT_MAX - 100) && read(file, &octet, 1) == 0,
	   "and is left as it is");
	close(file);
	ok(journal_append(&(struct journal){.file = -1, .lock = -1}, JOURNAL_BLOCK,
	                  (struct bytes){NULL, JOURNAL_FRAME_MAX + 1}, false) == MISHAP_LIMIT,
	   "a frame that is too large is refused before anything is written");
}

/* RFC 3720 appendix B.4. */
static void crc(void)
{
	uint8_t octets[32] = {0};

	ok(journal_crc(0, (struct bytes){octets, 32}) == 0x8a9136aa, "32 octets of zeros");
	memset(octets, 0xff, sizeof(octets));
	ok(journal_crc(0, (struct bytes){octets, 32}) == 0x62a8ab43, "32 octets of ones");
	for (unsigned i = 0; i < 32; i++)
		octets[i] = (uint8_t)i;
	ok(journal_crc(0, (struct bytes){octets, 32}) == 0x46dd794e &&
	           journal_crc(journal_crc(0, (struct bytes){octets, 9}),
	                       (struct bytes){octets + 9, 23}) == 0x46dd794e,
	   "32 octets rising, at once and in parts");
}

int main(void)
{
	dice_seed();
	crc();
	append_and_reopen();
	torn_by_truncation();
	torn_by_tails();
	flipped();
	torn_voices();
	mended_takes_more();
	locked();
	failed_is_final();
	pieces();
	segments();
	return done_testing();
}
