/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/signerd/vault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/text.h"
#include "base/writer.h"
#include "host/file.h"

#define SEALED_HEAD "comity-sealed/1\n"
#define HEAD_SIZE   (sizeof(SEALED_HEAD) - 1)
#define SEALED_SIZE                                                                          \
	(HEAD_SIZE + crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + VAULT_SECRET_SIZE)

static enum mishap tell(const char *path, const char *what)
{
	fprintf(stderr, "comity-signerd: %s: %s\n", path, what);
	return MISHAP_MALFORMED;
}

static enum mishap seal_key_ready(struct vault *vault)
{
	uint8_t memory[64] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	char path[FILE_PATH_MAX];
	struct bytes content = {NULL, 0};
	bool missing = false;
	enum mishap mishap;

	if (!file_path(path, vault->folder, "seal.key"))
		return MISHAP_LIMIT;
	mishap = file_read(path, VAULT_SECRET_SIZE, &arena, &content, &missing);
	if (mishap == OK && missing) {
		randombytes_buf(vault->seal_key, VAULT_SECRET_SIZE);
		return file_write(path, 0400, (struct bytes){vault->seal_key, VAULT_SECRET_SIZE}, true);
	}
	if (mishap == OK && content.size != VAULT_SECRET_SIZE)
		mishap = tell(path, "is not 32 octets");
	if (mishap == OK)
		memcpy(vault->seal_key, content.at, VAULT_SECRET_SIZE);
	sodium_memzero(memory, sizeof(memory));
	return mishap;
}

/* A line that was torn by a crash is ended: the next one is not to be part of it. */
static bool line_is_whole(int file)
{
	off_t size = lseek(file, 0, SEEK_END);
	char last;

	return size == 0 || (size > 0 && pread(file, &last, 1, size - 1) == 1 &&
	                     (last == '\n' || file_write_all(file, BYTES("\n")) == OK));
}

static enum mishap burned_fail(const char *path)
{
	fprintf(stderr, "comity-signerd: %s: %s\n", path,
	        errno == EWOULDBLOCK ? "another signer of this home is running" : strerror(errno));
	return MISHAP_IO;
}

/* Two that sign from one home would spend a nonce twice. The lock goes with the descriptor. */
static enum mishap burned_open(struct vault *vault)
{
	char path[FILE_PATH_MAX];

	if (!file_path(path, vault->folder, "burned"))
		return MISHAP_LIMIT;
	vault->burned = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (vault->burned < 0 || flock(vault->burned, LOCK_EX | LOCK_NB) != 0 ||
	    !line_is_whole(vault->burned))
		return burned_fail(path);
	return file_sync_name(path);
}

enum mishap vault_open(struct vault *vault, const char *folder, uint8_t *seal_key)
{
	enum mishap mishap;

	*vault = (struct vault){.seal_key = seal_key, .burned = -1};
	snprintf(vault->folder, sizeof(vault->folder), "%s", folder);
	mishap = file_make_folder(folder, 0700);
	if (mishap == OK)
		mishap = burned_open(vault);
	return mishap == OK ? seal_key_ready(vault) : mishap;
}

enum mishap vault_keep(const struct vault *vault, const char *name,
                       const uint8_t secret[VAULT_SECRET_SIZE])
{
	uint8_t sealed[SEALED_SIZE], *nonce = sealed + HEAD_SIZE;
	char path[FILE_PATH_MAX];

	if (!file_path(path, vault->folder, name))
		return MISHAP_IO;
	memcpy(sealed, SEALED_HEAD, HEAD_SIZE);
	randombytes_buf(nonce, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, secret, VAULT_SECRET_SIZE, nonce,
	                      vault->seal_key);
	return file_write(path, 0600, (struct bytes){sealed, sizeof(sealed)}, true);
}

enum mishap vault_forget(const struct vault *vault, const char *name)
{
	char path[FILE_PATH_MAX];

	if (!file_path(path, vault->folder, name))
		return MISHAP_IO;
	if (unlink(path) != 0 && errno != ENOENT) {
		fprintf(stderr, "comity-signerd: %s: %s\n", path, strerror(errno));
		return MISHAP_IO;
	}
	return file_sync_name(path);
}

static enum mishap open_sealed(const struct vault *vault, const char *name,
                               uint8_t secret[VAULT_SECRET_SIZE])
{
	uint8_t memory[SEALED_SIZE + 64] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes content = {NULL, 0};
	char path[FILE_PATH_MAX];
	const uint8_t *nonce;
	enum mishap mishap;

	if (!file_path(path, vault->folder, name))
		return MISHAP_IO;
	mishap = file_read(path, SEALED_SIZE, &arena, &content, NULL);
	if (mishap != OK)
		return mishap;
	if (content.size != SEALED_SIZE || !bytes_starts(content, BYTES(SEALED_HEAD)))
		return tell(path, "is no sealed file");
	nonce = content.at + HEAD_SIZE;
	if (crypto_secretbox_open_easy(secret, nonce + crypto_secretbox_NONCEBYTES,
	                               crypto_secretbox_MACBYTES + VAULT_SECRET_SIZE, nonce,
	                               vault->seal_key) != 0)
		return tell(path, "does not open with seal.key");
	return OK;
}

enum mishap vault_each(const struct vault *vault,
                       bool (*each)(void *context, const char *name, const uint8_t *secret),
                       void *context)
{
	uint8_t secret[VAULT_SECRET_SIZE];
	DIR *folder = opendir(vault->folder);
	enum mishap mishap = OK;
	const struct dirent *entry;

	if (folder == NULL)
		return MISHAP_IO;
	while (mishap == OK && (entry = readdir(folder)) != NULL) {
		struct bytes name = bytes_of(entry->d_name);

		if ((!bytes_starts(name, BYTES("share-")) && !bytes_starts(name, BYTES("ceremony-"))) ||
		    memchr(name.at, '.', name.size) != NULL)
			continue;
		mishap = open_sealed(vault, entry->d_name, secret);
		if (mishap == OK && !each(context, entry->d_name, secret))
			mishap = tell(entry->d_name, "is no secret of ours");
	}
	closedir(folder);
	sodium_memzero(secret, sizeof(secret));
	return mishap;
}

static bool spent_on_another(const struct vault *vault, uint32_t first, uint32_t count,
                             const struct digest *session)
{
	for (unsigned i = 0; i < vault->ranges; i++)
		if (first < vault->range[i].first + vault->range[i].count &&
		    vault->range[i].first < first + count &&
		    !digest_same(&vault->range[i].session, session))
			return true;
	return false;
}

bool vault_burn(struct vault *vault, const uint8_t pool[16], uint32_t first, uint32_t count,
                const struct digest *session, enum mishap *mishap)
{
	char line[200];
	struct writer w = {.at = (uint8_t *)line, .size = sizeof(line)};

	*mishap = OK;
	if (memcmp(vault->pool, pool, sizeof(vault->pool)) != 0) {
		memcpy(vault->pool, pool, sizeof(vault->pool));
		vault->ranges = 0;
	}
	if (spent_on_another(vault, first, count, session))
		return false;
	write_hex(&w, (struct bytes){pool, 16});
	write_text(&w, " ");
	write_number(&w, first);
	write_text(&w, " ");
	write_number(&w, count);
	write_text(&w, " ");
	write_digest(&w, session);
	write_text(&w, "\n");
	if (file_write_all(vault->burned, writer_bytes(&w)) != OK || fdatasync(vault->burned) != 0) {
		fprintf(stderr, "comity-signerd: the burn log cannot be written: %s\n", strerror(errno));
		*mishap = MISHAP_IO;
		return false;
	}
	if (vault->ranges == vault->room) {
		vault->room = vault->room == 0 ? 64 : 2 * vault->room;
		vault->range = realloc(vault->range, vault->room * sizeof(*vault->range));
		if (vault->range == NULL)
			memory_fail(vault->room * sizeof(*vault->range));
	}
	vault->range[vault->ranges].first = first;
	vault->range[vault->ranges].count = count;
	vault->range[vault->ranges++].session = *session;
	return true;
}

static enum mishap set_federation(const char *path, const struct digest *genesis)
{
	char text[100];
	struct writer w = {.at = (uint8_t *)text, .size = sizeof(text)};

	write_field_digest(&w, "genesis", genesis);
	return file_write(path, 0600, writer_bytes(&w), true);
}

bool vault_of(const struct vault *vault, const struct digest *genesis, enum mishap *mishap)
{
	uint8_t memory[128] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct text lines = {.rest = {NULL, 0}};
	struct bytes line, value;
	char path[FILE_PATH_MAX];
	bool missing = false;
	struct digest kept;

	*mishap = MISHAP_IO;
	if (!file_path(path, vault->folder, "federation"))
		return false;
	*mishap = file_read(path, 100, &arena, &lines.rest, &missing);
	if (*mishap == OK && missing) {
		*mishap = set_federation(path, genesis);
		return *mishap == OK;
	}
	if (*mishap != OK)
		return false;
	if (!text_line(&lines, &line) || !text_field(line, "genesis", &value) ||
	    !hex_read(value, kept.octet, DIGEST_SIZE) || lines.rest.size != 0) {
		*mishap = tell(path, "does not read: refusing to sign anything");
		return false;
	}
	return digest_same(&kept, genesis);
}

bool vault_head(const struct vault *vault, uint64_t *height, struct digest *seal,
                enum mishap *mishap)
{
	uint8_t memory[256] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	struct text lines = {.rest = {NULL, 0}};
	struct bytes line, value;
	char path[FILE_PATH_MAX];
	bool missing = false;

	*mishap = MISHAP_IO;
	if (!file_path(path, vault->folder, "head"))
		return false;
	*mishap = file_read(path, 200, &arena, &lines.rest, &missing);
	if (*mishap != OK || missing)
		return false;
	if (!text_line(&lines, &line) || !text_field(line, "height", &value) ||
	    !text_number(value, INT64_MAX, height) || !text_line(&lines, &line) ||
	    !text_field(line, "seal", &value) || !hex_read(value, seal->octet, DIGEST_SIZE) ||
	    lines.rest.size != 0) {
		*mishap = tell(path, "does not read: refusing to countersign anything");
		return false;
	}
	return true;
}

enum mishap vault_set_head(const struct vault *vault, uint64_t height, const struct digest *seal)
{
	char text[200], path[FILE_PATH_MAX];
	struct writer w = {.at = (uint8_t *)text, .size = sizeof(text)};

	write_field_number(&w, "height", height);
	write_field_digest(&w, "seal", seal);
	if (!file_path(path, vault->folder, "head"))
		return MISHAP_IO;
	return file_write(path, 0600, writer_bytes(&w), true);
}
