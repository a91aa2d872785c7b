/* SPDX-License-Identifier: Apache-2.0 */
#include "host/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/file.h"

#define LOST_ZEROS 16 /* octets; frames are text behind a head of nine */

static enum mishap tell(const char *path, const char *what)
{
	fprintf(stderr, "comity: %s: %s: %s\n", path, what, strerror(errno));
	return MISHAP_IO;
}

uint32_t journal_crc(uint32_t crc, struct bytes bytes)
{
	static uint32_t table[256];

	if (table[1] == 0)
		for (uint32_t i = 0; i < 256; i++) {
			table[i] = i;
			for (int bit = 0; bit < 8; bit++)
				table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0x82f63b78 : 0);
		}
	crc = ~crc;
	for (size_t i = 0; i < bytes.size; i++)
		crc = crc >> 8 ^ table[(crc ^ bytes.at[i]) & 0xff];
	return ~crc;
}

static void put32(uint8_t *to, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get32(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

static void segment_path(char path[FILE_PATH_MAX], const char *folder, uint32_t segment)
{
	/* The folder was shorter when the journal was opened. */
	if (snprintf(path, FILE_PATH_MAX, "%s/%06u.seg", folder, segment) >= FILE_PATH_MAX)
		path[FILE_PATH_MAX - 1] = '\0';
}

void journal_head(uint8_t head[JOURNAL_HEAD_SIZE], enum journal_type type, struct bytes body)
{
	put32(head, (uint32_t)body.size);
	head[8] = (uint8_t)type;
	put32(head + 4, journal_crc(journal_crc(0, (struct bytes){head + 8, 1}), body));
}

bool journal_take(struct bytes *rest, enum journal_type *type, struct bytes *body)
{
	uint32_t size;

	if (rest->size < JOURNAL_HEAD_SIZE)
		return false;
	size = get32(rest->at);
	if (size > JOURNAL_FRAME_MAX || size > rest->size - JOURNAL_HEAD_SIZE ||
	    get32(rest->at + 4) != journal_crc(0, (struct bytes){rest->at + 8, (size_t)size + 1}))
		return false;
	*type = rest->at[8];
	*body = (struct bytes){rest->at + JOURNAL_HEAD_SIZE, size};
	*rest = bytes_from(*rest, JOURNAL_HEAD_SIZE + size);
	return true;
}

/* A sector that was lost has more of them in a row than any frame. */
static bool has_zeros(struct bytes octets)
{
	size_t zeros = 0;

	for (size_t i = 0; i < octets.size && zeros < LOST_ZEROS; i++)
		zeros = octets.at[i] == 0 ? zeros + 1 : 0;
	return zeros == LOST_ZEROS;
}

bool journal_rest_is_torn(struct bytes rest)
{
	bool voices_only = rest.size < JOURNAL_HEAD_SIZE || rest.at[8] == 0 || rest.at[8] == JOURNAL_VOICE;
	size_t bad = 0; /* where no frame checks, from here on */
	enum journal_type type;
	struct bytes body;

	for (size_t at = 1; at + JOURNAL_HEAD_SIZE <= rest.size;) {
		struct bytes behind = bytes_from(rest, at);

		if (!journal_take(&behind, &type, &body) || body.size == 0) {
			at++;
			continue;
		}
		if (!voices_only || type != JOURNAL_VOICE ||
		    (bad < at && !has_zeros(bytes_first(bytes_from(rest, bad), at - bad))))
			return false;
		bad = at = rest.size - behind.size;
	}
	return true;
}

struct reading {
	journal_reader *reader;
	void *context;
	uint64_t frames;
};

/* Reads one segment; `*good` is how many octets of it are whole frames. */
static enum mishap segment_read(const char *path, struct bytes content, struct reading *reading,
                                size_t *good)
{
	enum journal_type type = JOURNAL_BLOCK;
	struct bytes rest = content, body;

	*good = 0;
	while (journal_take(&rest, &type, &body)) {
		reading->frames++;
		if (!reading->reader(reading->context, type, body)) {
			fprintf(stderr, "comity: %s: not accepted at octet %zu\n", path, *good);
			return MISHAP_LIMIT;
		}
		*good = content.size - rest.size;
	}
	return OK;
}

/* Opens a segment and maps what it holds, which may be nothing. */
static enum mishap segment_map(const char *path, bool writable, int *file, struct bytes *content)
{
	struct stat st = {.st_size = 0};
	void *at = MAP_FAILED;

	*content = (struct bytes){NULL, 0};
	*file = open(path, writable ? O_RDWR | O_CLOEXEC : O_RDONLY | O_CLOEXEC);
	if (*file < 0)
		return tell(path, "cannot be read");
	if (fstat(*file, &st) == 0) {
		if (st.st_size == 0)
			return OK;
		at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, *file, 0);
	}
	if (at == MAP_FAILED) {
		tell(path, "cannot be read");
		close(*file);
		return MISHAP_IO;
	}
	*content = (struct bytes){at, (size_t)st.st_size};
	return OK;
}

static void segment_unmap(int file, struct bytes content)
{
	if (content.size > 0)
		munmap((void *)(uintptr_t)content.at, content.size);
	close(file);
}

/* One segment of the journal; the last one may end in a torn rest, which `mend` cuts off. */
static enum mishap segment_open(const char *path, bool last, bool mend, struct reading *reading,
                                uint64_t *size)
{
	struct bytes content;
	enum mishap mishap;
	size_t good;
	int file;

	if (segment_map(path, mend, &file, &content) != OK)
		return MISHAP_IO;
	mishap = segment_read(path, content, reading, &good);
	if (mishap == OK && good < content.size) {
		if (!last || !journal_rest_is_torn(bytes_from(content, good))) {
			fprintf(stderr, "comity: %s: damaged at octet %zu\n", path, good);
			mishap = MISHAP_MALFORMED;
		} else if (mend && (ftruncate(file, (off_t)good) != 0 || fsync(file) != 0)) {
			mishap = tell(path, "cannot be mended");
		}
	}
	segment_unmap(file, content);
	*size = good;
	return mishap;
}

static bool segment_there(const char *folder, uint32_t segment)
{
	char path[FILE_PATH_MAX];

	segment_path(path, folder, segment);
	return access(path, F_OK) == 0;
}

/* A segment of that number or a later one: where reading ended, none may stand. */
static bool segment_beyond(const char *folder, uint32_t first)
{
	DIR *at = opendir(folder);
	const struct dirent *entry;
	bool beyond = false;

	while (at != NULL && !beyond && (entry = readdir(at)) != NULL) {
		const char *name = entry->d_name;

		beyond = strlen(name) == 10 && strspn(name, "0123456789") == 6 &&
		         strcmp(name + 6, ".seg") == 0 && strtoul(name, NULL, 10) >= first;
	}
	if (at != NULL)
		closedir(at);
	return beyond;
}

static enum mishap read_all(const char *folder, bool mend, struct reading *reading,
                            uint32_t *last, uint64_t *size, uint64_t *total)
{
	char path[FILE_PATH_MAX];
	uint32_t s = 0;

	*last = 0;
	*size = *total = 0;
	for (; segment_there(folder, s); s++) {
		enum mishap mishap;

		segment_path(path, folder, s);
		mishap = segment_open(path, !segment_there(folder, s + 1), mend, reading, size);
		if (mishap != OK)
			return mishap;
		*total += *size;
		*last = s;
	}
	if (segment_beyond(folder, s)) {
		segment_path(path, folder, s);
		fprintf(stderr, "comity: %s: is missing, and later ones are there\n", path);
		return MISHAP_MALFORMED;
	}
	return OK;
}

static enum mishap segment_begin(struct journal *journal, uint32_t segment)
{
	char path[FILE_PATH_MAX];
	bool synced;
	int folder;

	segment_path(path, journal->folder, segment);
	if (journal->file >= 0)
		close(journal->file);
	journal->file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
	if (journal->file < 0)
		return tell(path, "cannot be written");
	folder = open(journal->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	synced = folder >= 0 && fsync(folder) == 0;
	if (!synced)
		tell(journal->folder, "cannot be synced");
	if (folder >= 0)
		close(folder);
	journal->segment = segment;
	return synced ? OK : MISHAP_IO;
}

enum mishap journal_open(struct journal *journal, const char *folder, journal_reader *reader,
                         void *context)
{
	struct reading reading = {reader, context, 0};
	char path[FILE_PATH_MAX];
	uint32_t last;
	enum mishap mishap;

	*journal = (struct journal){.lock = -1, .file = -1};
	if (snprintf(journal->folder, sizeof(journal->folder), "%s", folder) >=
	    (int)sizeof(journal->folder)) {
		errno = ENAMETOOLONG;
		return tell(folder, "cannot be opened");
	}
	mishap = file_make_folder(folder, 0750);
	if (mishap != OK)
		return mishap;
	if (!file_path(path, folder, "lock"))
		return MISHAP_LIMIT;
	journal->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (journal->lock < 0 || flock(journal->lock, LOCK_EX | LOCK_NB) != 0)
		return tell(path, "another process has it");
	mishap = read_all(folder, true, &reading, &last, &journal->size, &journal->total);
	journal->frames = reading.frames;
	return mishap != OK ? mishap : segment_begin(journal, last);
}

static enum mishap frame_append(struct journal *journal, enum journal_type type,
                                struct bytes body, bool synced)
{
	uint8_t head[JOURNAL_HEAD_SIZE];
	enum mishap mishap;

	if (journal->size >= JOURNAL_SEGMENT_MAX) {
		if (fdatasync(journal->file) != 0)
			return tell(journal->folder, "cannot be synced");
		mishap = segment_begin(journal, journal->segment + 1);
		if (mishap != OK)
			return mishap;
		journal->size = 0;
	}
	/* What a power cut left of voices must not stand before a block that is whole. */
	if (synced && journal->unsynced && fdatasync(journal->file) != 0)
		return tell(journal->folder, "cannot be synced");
	journal_head(head, type, body);
	if (file_write_all(journal->file, (struct bytes){head, sizeof(head)}) != OK ||
	    file_write_all(journal->file, body) != OK)
		return tell(journal->folder, "cannot be written");
	if (synced && fdatasync(journal->file) != 0)
		return tell(journal->folder, "cannot be synced");
	journal->unsynced = !synced;
	return OK;
}

enum mishap journal_append(struct journal *journal, enum journal_type type, struct bytes body,
                           bool synced)
{
	if (body.size > JOURNAL_FRAME_MAX)
		return MISHAP_LIMIT;
	/* Behind a frame that may stand there by half, another one would make it damage. */
	if (journal->broken)
		return MISHAP_IO;
	if (frame_append(journal, type, body, synced) != OK) {
		journal->broken = true;
		return MISHAP_IO;
	}
	journal->size += JOURNAL_HEAD_SIZE + body.size;
	journal->total += JOURNAL_HEAD_SIZE + body.size;
	journal->frames++;
	return OK;
}

bool journal_is_read(const struct journal *journal, const struct journal_cursor *cursor)
{
	return cursor->segment == journal->segment && cursor->at == journal->size;
}

/* Frames of one segment from the cursor on; `*left` octets are still to be read. */
static enum mishap piece_read(struct bytes content, struct journal_cursor *cursor, size_t *left,
                              journal_reader *reader, void *context)
{
	enum journal_type type = JOURNAL_BLOCK;
	struct bytes rest = bytes_from(content, (size_t)cursor->at), body;

	while (*left > 0 && rest.size > 0) {
		size_t size = rest.size;

		if (!journal_take(&rest, &type, &body))
			return MISHAP_MALFORMED;
		size -= rest.size;
		cursor->at += size;
		*left -= size < *left ? size : *left;
		if (!reader(context, type, body))
			return MISHAP_LIMIT;
	}
	return OK;
}

static enum mishap segment_read_on(const struct journal *journal, struct journal_cursor *cursor,
                                   size_t *left, journal_reader *reader, void *context)
{
	char path[FILE_PATH_MAX];
	struct bytes mapped, content;
	enum mishap mishap;
	int file;

	segment_path(path, journal->folder, cursor->segment);
	if (segment_map(path, false, &file, &mapped) != OK)
		return MISHAP_IO;
	content = mapped;
	/* What an append that failed left behind is not of the journal. */
	if (cursor->segment == journal->segment && content.size > journal->size)
		content.size = (size_t)journal->size;
	mishap = cursor->at > content.size ? MISHAP_MALFORMED
	                                   : piece_read(content, cursor, left, reader, context);
	if (mishap == MISHAP_MALFORMED)
		fprintf(stderr, "comity: %s: damaged at octet %llu\n", path,
		        (unsigned long long)cursor->at);
	else if (mishap == OK && cursor->at == content.size && cursor->segment < journal->segment)
		*cursor = (struct journal_cursor){cursor->segment + 1, 0};
	segment_unmap(file, mapped);
	return mishap;
}

enum mishap journal_read_on(const struct journal *journal, struct journal_cursor *cursor,
                            size_t most, journal_reader *reader, void *context)
{
	enum mishap mishap = OK;

	while (mishap == OK && most > 0 && !journal_is_read(journal, cursor))
		mishap = segment_read_on(journal, cursor, &most, reader, context);
	return mishap;
}

enum mishap journal_look(const char *folder, journal_reader *reader, void *context)
{
	struct reading reading = {reader, context, 0};
	uint64_t size, total;
	uint32_t last;

	return read_all(folder, false, &reading, &last, &size, &total);
}

void journal_close(struct journal *journal)
{
	if (journal->file >= 0)
		close(journal->file);
	if (journal->lock >= 0)
		close(journal->lock);
	journal->file = journal->lock = -1;
}
