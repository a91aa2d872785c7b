/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A signer's vault, killed at every call that changes its disk: what left the signer because it was
 * kept, is kept; what was spent is written down; a head never goes back.
 */
#include "prog/signerd/vault.h"

#include <sodium.h>

#include "tap.h"

#include "base/hex.h"
#include "base/text.h"
#include "crash/trial.h"
#include "scratch.h"

#define ROUNDS 2

/* What has left the process, or is about to. */
static struct told {
	struct {
		bool ceremony, share;          /* its deal, its confirmation: the secret is kept */
		bool ending, ended;            /* the ceremony's seed is being forgotten; is */
		unsigned burned;               /* of two: shares were made with these nonces */
		bool setting, spoken;          /* the head is being set; the countersignature is out */
	} round[ROUNDS];
	bool leaving, left; /* the share of the first round */
} *told;

static uint8_t seal_key[VAULT_SECRET_SIZE];

static const char *name_of(const char *what, unsigned round)
{
	static char name[40];

	snprintf(name, sizeof(name), "%s-ksk-%u", what, round);
	return name;
}

static void secret_of(const char *name, uint8_t secret[VAULT_SECRET_SIZE])
{
	struct digest digest = sha256(bytes_of(name));

	memcpy(secret, digest.octet, VAULT_SECRET_SIZE);
}

static struct digest session_of(unsigned round, unsigned number)
{
	uint8_t octets[2] = {(uint8_t)round, (uint8_t)number};

	return sha256((struct bytes){octets, sizeof(octets)});
}

/* The signer stops where the disk fails, and says nothing more. */
static void must_keep(bool held)
{
	if (!held)
		_exit(0);
}

static void keep(const struct vault *vault, const char *name)
{
	uint8_t secret[VAULT_SECRET_SIZE];

	secret_of(name, secret);
	must_keep(vault_keep(vault, name, secret) == OK);
}

static bool burn(struct vault *vault, unsigned round, unsigned number)
{
	const uint8_t pool[16] = {(uint8_t)(round + 1)};
	struct digest session = session_of(round, number);
	enum mishap mishap;

	return vault_burn(vault, pool, 10 * number, 10, &session, &mishap);
}

/* What a custodian does in sessions and in a ceremony (signing/custodian.h). The sessions come first:
 * nothing else has synced the folder by then. */
static void round_go(struct vault *vault, unsigned round)
{
	struct digest seal = session_of(round, 99);

	for (unsigned i = 0; i < 2; i++) {
		must_keep(burn(vault, round, i));
		told->round[round].burned++;
	}
	keep(vault, name_of("ceremony", round));
	told->round[round].ceremony = true;
	keep(vault, name_of("share", round));
	told->round[round].share = true;
	told->round[round].ending = true;
	must_keep(vault_forget(vault, name_of("ceremony", round)) == OK);
	told->round[round].ended = true;
	told->round[round].setting = true;
	must_keep(vault_set_head(vault, 10 + round, &seal) == OK);
	told->round[round].spoken = true;
}

static const char *folder_of(const char *home)
{
	static char path[SCRATCH_PATH_MAX];

	snprintf(path, sizeof(path), "%s/signer", home);
	return path;
}

static void work(const char *home)
{
	struct vault vault;

	must_keep(vault_open(&vault, folder_of(home), seal_key) == OK);
	for (unsigned round = 0; round < ROUNDS; round++)
		round_go(&vault, round);
	told->leaving = true;
	must_keep(vault_forget(&vault, name_of("share", 0)) == OK);
	told->left = true;
}

/* ---- the judge ---- */

static bool complain(const char *what)
{
	fprintf(stderr, "%s\n", what);
	return false;
}

struct found {
	bool ceremony[ROUNDS], share[ROUNDS];
};

static bool see(void *context, const char *name, const uint8_t *secret)
{
	struct found *found = context;
	uint8_t wanted[VAULT_SECRET_SIZE];

	secret_of(name, wanted);
	for (unsigned round = 0; round < ROUNDS; round++) {
		if (strcmp(name, name_of("ceremony", round)) == 0)
			found->ceremony[round] = true;
		if (strcmp(name, name_of("share", round)) == 0)
			found->share[round] = true;
	}
	return memcmp(secret, wanted, sizeof(wanted)) == 0;
}

/* A secret that others rely on is there; one that was forgotten is gone. */
static bool secrets_are_right(const struct vault *vault)
{
	struct found found = {{false}, {false}};

	if (vault_each(vault, see, &found) != OK)
		return complain("a secret that is none");
	for (unsigned round = 0; round < ROUNDS; round++) {
		bool leaving = round == 0 && told->leaving, left = round == 0 && told->left;

		if (told->round[round].ceremony && !told->round[round].ending && !found.ceremony[round])
			return complain("the seed of a ceremony is gone");
		if (told->round[round].share && !leaving && !found.share[round])
			return complain("a share is gone");
		if ((told->round[round].ended && found.ceremony[round]) || (left && found.share[round]))
			return complain("a secret that was forgotten is there");
	}
	return true;
}

/* Whether these nonces stand in the burn log, in a line of their own. */
static bool is_written_down(const char *home, unsigned round, unsigned number)
{
	char path[SCRATCH_PATH_MAX], wanted[200], session[65] = "";
	struct digest digest = session_of(round, number);
	struct bytes log, line;
	struct text lines;
	bool found = false;

	hex_write(session, digest_bytes(&digest));
	snprintf(wanted, sizeof(wanted), "%02x000000000000000000000000000000 %u 10 %s", round + 1,
	         10 * number, session);
	snprintf(path, sizeof(path), "%.900s/burned", folder_of(home));
	log = scratch_read(path);
	lines = (struct text){.rest = log};
	while (text_line(&lines, &line))
		found = found || bytes_same(line, bytes_of(wanted));
	scratch_free(log);
	return found;
}

static bool burns_are_right(const char *home)
{
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < told->round[round].burned; i++)
			if (!is_written_down(home, round, i))
				return complain("nonces were used that are not written down");
	return true;
}

/* The head is that of the last countersignature, or of the one that was about to leave. */
static bool head_is_right(const struct vault *vault)
{
	unsigned least = 0, most = 0;
	struct digest seal, wanted;
	enum mishap mishap;
	uint64_t height = 0;
	bool any = vault_head(vault, &height, &seal, &mishap);

	for (unsigned round = 0; round < ROUNDS; round++) {
		least = told->round[round].spoken ? 10 + round : least;
		most = told->round[round].setting ? 10 + round : most;
	}
	if (mishap != OK)
		return complain("the head does not read");
	if (!any)
		return least == 0 || complain("the head is gone");
	if (height < least || height > most)
		return complain("another head");
	wanted = session_of((unsigned)height - 10, 99);
	return digest_same(&seal, &wanted) || complain("a head with another seal");
}

static bool judge(const char *home, enum crash_way way, enum crash_left left)
{
	struct digest seal = session_of(7, 99);
	struct vault vault;
	uint64_t height;
	enum mishap mishap;

	(void)way, (void)left;
	if (vault_open(&vault, folder_of(home), seal_key) != OK)
		return complain("it does not start again");
	if (!secrets_are_right(&vault) || !burns_are_right(home) || !head_is_right(&vault))
		return false;
	keep(&vault, name_of("share", 1));
	if (!burn(&vault, 7, 0) || !is_written_down(home, 7, 0) || vault_set_head(&vault, 90, &seal) != OK ||
	    !vault_head(&vault, &height, &seal, &mishap) || height != 90)
		return complain("it does not go on");
	return true;
}

static void learn(const char *home)
{
	(void)home;
	if (!told->left)
		bail_out("the work was not done");
}

int main(void)
{
	struct trial trial = {NULL, NULL, sizeof(*told), work, learn, judge};
	struct trial_count count;
	char line[200];

	if (sodium_init() < 0)
		bail_out("libsodium does not start");
	told = trial_share(sizeof(*told));
	trial.told = told;
	trial.template = scratch("empty");
	mkdir(trial.template, 0755);
	count = trial_all(&trial, scratch(""));
	snprintf(line, sizeof(line), "a vault: %u restarts behind %u calls, all as they should be",
	         count.runs, count.calls);
	ok(count.runs > 0 && count.failed == 0, line);
	return done_testing();
}
