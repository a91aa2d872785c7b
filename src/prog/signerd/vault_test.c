/* SPDX-License-Identifier: Apache-2.0 */
/* What a signer keeps: sealed, found again, and never spent twice. */
#include "prog/signerd/vault.h"

#include <sodium.h>

#include "tap.h"

#include "scratch.h"

static uint8_t seal_key[VAULT_SECRET_SIZE];

static struct vault opened(const char *folder)
{
	struct vault vault;

	sodium_memzero(seal_key, sizeof(seal_key));
	if (vault_open(&vault, folder, seal_key) != OK)
		bail_out("no vault");
	return vault;
}

static void closed(struct vault *vault)
{
	close(vault->burned);
	free(vault->range);
}

struct kept {
	unsigned count;
	char name[4][40];
	uint8_t secret[4][VAULT_SECRET_SIZE];
	bool refuse;
};

static bool see(void *context, const char *name, const uint8_t *secret)
{
	struct kept *kept = context;

	if (kept->count == 4)
		return false;
	snprintf(kept->name[kept->count], 40, "%s", name);
	memcpy(kept->secret[kept->count++], secret, VAULT_SECRET_SIZE);
	return !kept->refuse;
}

static bool has(const struct kept *kept, const char *name, uint8_t octet)
{
	for (unsigned i = 0; i < kept->count; i++)
		if (strcmp(kept->name[i], name) == 0)
			return kept->secret[i][0] == octet && kept->secret[i][31] == octet;
	return false;
}

static bool holds_plain(const char *path, const uint8_t *secret)
{
	struct bytes content = scratch_read(path);
	bool found = content.at != NULL &&
	             memmem(content.at, content.size, secret, VAULT_SECRET_SIZE) != NULL;

	scratch_free(content);
	return found;
}

static void keeping(void)
{
	uint8_t one[VAULT_SECRET_SIZE], two[VAULT_SECRET_SIZE];
	struct vault vault = opened(scratch("v"));
	struct kept kept = {0};
	struct stat st;

	memset(one, 1, sizeof(one));
	memset(two, 2, sizeof(two));
	ok(stat(scratch("v/seal.key"), &st) == 0 && (st.st_mode & 0777) == 0400 && st.st_size == 32,
	   "a first start makes the key that seals");
	ok(vault_each(&vault, see, &kept) == OK && kept.count == 0, "there is nothing in it yet");
	ok(vault_keep(&vault, "share-zsk-1", one) == OK &&
	           vault_keep(&vault, "ceremony-ksk-2", one) == OK &&
	           vault_keep(&vault, "ceremony-ksk-2", two) == OK,
	   "secrets are kept; one in place of another");
	ok(!holds_plain(scratch("v/share-zsk-1"), one) && !holds_plain(scratch("v/ceremony-ksk-2"), two),
	   "and are not there for everybody to read");
	ok(stat(scratch("v/share-zsk-1"), &st) == 0 && (st.st_mode & 0777) == 0600,
	   "their files are for their owner only");
	closed(&vault);
	vault = opened(scratch("v"));
	scratch_write(scratch("v/share-zsk-9.new"), BYTES("a rest"));
	scratch_write(scratch("v/notes"), BYTES("something else"));
	ok(vault_each(&vault, see, &kept) == OK && kept.count == 2 && has(&kept, "share-zsk-1", 1) &&
	           has(&kept, "ceremony-ksk-2", 2),
	   "they are there at the next start; rests and other files are passed over");
	kept = (struct kept){.refuse = true};
	ok(vault_each(&vault, see, &kept) == MISHAP_MALFORMED, "one that nobody knows is told");
	ok(vault_forget(&vault, "share-zsk-1") == OK && vault_forget(&vault, "share-zsk-1") == OK,
	   "what is forgotten is gone, once or twice");
	kept = (struct kept){0};
	ok(vault_each(&vault, see, &kept) == OK && kept.count == 1, "and nothing else is");
	closed(&vault);
}

static void sealed(void)
{
	struct vault vault = opened(scratch("v"));
	struct bytes whole = scratch_read(scratch("v/ceremony-ksk-2"));
	struct kept kept = {0};
	unsigned refused = 0;
	uint8_t *octets = malloc(whole.size);

	for (size_t at = 0; at < whole.size; at++) {
		memcpy(octets, whole.at, whole.size);
		octets[at] ^= 0x10;
		scratch_write(scratch("v/ceremony-ksk-2"), (struct bytes){octets, whole.size});
		refused += vault_each(&vault, see, &kept) == MISHAP_MALFORMED;
	}
	for (size_t size = 0; size < whole.size; size++) {
		scratch_write(scratch("v/ceremony-ksk-2"), bytes_first(whole, size));
		refused += vault_each(&vault, see, &kept) == MISHAP_MALFORMED;
	}
	ok(refused == 2 * whole.size && kept.count == 0,
	   "a sealed file that was changed or cut does not open, and nothing comes of it");
	scratch_write(scratch("v/ceremony-ksk-2"), whole);
	vault.seal_key[5] ^= 1;
	ok(vault_each(&vault, see, &kept) == MISHAP_MALFORMED, "nor does one with another key");
	vault.seal_key[5] ^= 1;
	ok(vault_each(&vault, see, &kept) == OK && kept.count == 1, "as it was it does");
	closed(&vault);
	chmod(scratch("v/seal.key"), 0600);
	scratch_write(scratch("v/seal.key"), BYTES("short"));
	ok(vault_open(&vault, scratch("v"), seal_key) == MISHAP_MALFORMED,
	   "a key that is not 32 octets is no key");
	free(octets);
	scratch_free(whole);
}

static void one_at_a_time(void)
{
	struct vault vault = opened(scratch("o")), second;

	ok(vault_open(&second, scratch("o"), seal_key) == MISHAP_IO, "a second signer of the home does not start");
	close(second.burned);
	closed(&vault);
	vault = opened(scratch("o"));
	ok(vault.burned >= 0, "after the first one is gone it does");
	closed(&vault);
}

static void burning(void)
{
	const uint8_t pool[16] = {1}, other[16] = {2};
	struct digest a = sha256(BYTES("a")), b = sha256(BYTES("b"));
	struct vault vault = opened(scratch("b"));
	enum mishap mishap;
	struct bytes before, after;

	ok(vault_burn(&vault, pool, 10, 5, &a, &mishap) && mishap == OK, "nonces are spent");
	ok(vault_burn(&vault, pool, 10, 5, &a, &mishap), "on one session as often as it asks");
	before = scratch_read(scratch("b/burned"));
	ok(!vault_burn(&vault, pool, 10, 5, &b, &mishap) && mishap == OK, "and on no other");
	ok(!vault_burn(&vault, pool, 14, 1, &b, &mishap) && !vault_burn(&vault, pool, 6, 5, &b, &mishap) &&
	           !vault_burn(&vault, pool, 0, 100, &b, &mishap) &&
	           !vault_burn(&vault, pool, 12, 1, &b, &mishap),
	   "not one of them");
	after = scratch_read(scratch("b/burned"));
	ok(bytes_same(before, after), "what is refused is not written down");
	ok(vault_burn(&vault, pool, 15, 5, &b, &mishap) && vault_burn(&vault, pool, 5, 5, &b, &mishap),
	   "their neighbours are free");
	ok(vault_burn(&vault, other, 10, 5, &b, &mishap), "so are those of another pool");
	scratch_free(before);
	scratch_free(after);
	closed(&vault);
}

static void burn_log(void)
{
	const uint8_t pool[16] = {3};
	struct digest a = sha256(BYTES("a"));
	struct bytes whole = scratch_read(scratch("b/burned")), now;
	struct vault vault;
	enum mishap mishap;
	char line[200];
	bool good;

	scratch_write(scratch("b/burned"), bytes_first(whole, whole.size - 7));
	vault = opened(scratch("b"));
	good = vault_burn(&vault, pool, 1, 2, &a, &mishap);
	now = scratch_read(scratch("b/burned"));
	snprintf(line, sizeof(line), "\n03000000000000000000000000000000 1 2 ");
	ok(good && memmem(now.at, now.size, line, strlen(line)) != NULL,
	   "a line of the log that was torn does not swallow the next one");
	closed(&vault);
	vault = opened(scratch("b"));
	close(vault.burned);
	vault.burned = open("/dev/full", O_WRONLY | O_CLOEXEC);
	ok(!vault_burn(&vault, pool, 1, 2, &a, &mishap) && mishap == MISHAP_IO,
	   "what cannot be written down is not spent, and is told apart from a refusal");
	closed(&vault);
	scratch_free(whole);
	scratch_free(now);
}

static void heads(void)
{
	struct digest a = sha256(BYTES("a")), seal;
	struct vault vault = opened(scratch("h"));
	uint64_t height = 7;
	enum mishap mishap;
	struct bytes whole;
	unsigned refused = 0;

	ok(!vault_head(&vault, &height, &seal, &mishap) && mishap == OK, "at first nothing was signed");
	ok(vault_set_head(&vault, 4, &a) == OK && vault_set_head(&vault, 5, &a) == OK &&
	           vault_head(&vault, &height, &seal, &mishap) && height == 5 && digest_same(&seal, &a),
	   "the last that was is kept");
	whole = scratch_read(scratch("h/head"));
	for (size_t size = 0; size < whole.size; size++) {
		scratch_write(scratch("h/head"), bytes_first(whole, size));
		refused += !vault_head(&vault, &height, &seal, &mishap) && mishap == MISHAP_MALFORMED;
	}
	ok(refused == whole.size, "one that cannot be read is not taken for none");
	scratch_free(whole);
	closed(&vault);
}

/* A home that names no federation yet must not have its shares led into two. */
static void federations(void)
{
	struct digest a = sha256(BYTES("a")), b = sha256(BYTES("b"));
	struct vault vault = opened(scratch("f"));
	enum mishap mishap;

	ok(vault_of(&vault, &a, &mishap) && mishap == OK && vault_of(&vault, &a, &mishap),
	   "a vault is of the first federation it meets");
	ok(!vault_of(&vault, &b, &mishap) && mishap == OK, "and of no other");
	closed(&vault);
	vault = opened(scratch("f"));
	ok(!vault_of(&vault, &b, &mishap) && mishap == OK && vault_of(&vault, &a, &mishap),
	   "also after a restart");
	scratch_write(scratch("f/federation"), BYTES("genesis: 12\n"));
	ok(!vault_of(&vault, &a, &mishap) && mishap == MISHAP_MALFORMED,
	   "what cannot be read is not taken for none");
	closed(&vault);
}

int main(void)
{
	if (sodium_init() < 0)
		bail_out("libsodium does not start");
	keeping();
	sealed();
	one_at_a_time();
	burning();
	burn_log();
	heads();
	federations();
	return done_testing();
}
