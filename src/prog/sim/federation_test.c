/* SPDX-License-Identifier: Apache-2.0 */
/* A federation from its founding to signed releases, with parties that fail and parties that lie. */
#include "prog/sim/federation.h"

#include <stdlib.h>

#include "state/form.h"
#include "tap.h"

static struct bytes file_of(const char *path)
{
	const char *source = getenv("COMITY_SOURCE");
	char full[1000];
	FILE *file;
	struct arena memory = federation_memory(1 << 20);

	snprintf(full, sizeof(full), "%s/%s", source != NULL ? source : ".", path);
	file = fopen(full, "rb");
	if (file == NULL)
		bail_out(full);
	memory.used = fread(memory.at, 1, memory.size, file);
	fclose(file);
	return (struct bytes){memory.at, memory.used};
}

static struct federation *found(uint64_t seed)
{
	struct federation_options options = {
		.seed = seed,
		.parties = 7,
		.charter = file_of("examples/charters/seven-equals.charter"),
		.start = 1795352400,
		.verbose = getenv("COMITY_VERBOSE") != NULL,
	};

	printf("# seed %llu\n", (unsigned long long)seed);
	return federation_found(&options);
}

static const char *why_of(const struct receipt *receipt)
{
	static char why[2000];
	struct writer w = {.at = (uint8_t *)why, .size = sizeof(why) - 1};

	if (receipt->outcome == OUTCOME_REFUSED)
		refusal_write(&w, &receipt->refusal, false);
	else if (receipt->outcome == OUTCOME_MALFORMED)
		write_text(&w, receipt->fault.why);
	why[w.used] = '\0';
	return why;
}

static void server_act(struct federation *f, unsigned party, const char *name, const char *lines)
{
	struct act act = federation_act(f, party, ACT_SERVER);
	struct receipt receipt;

	act.field[0] = bytes_of(name);
	act.field[1] = BYTES("active");
	act.field[2] = BYTES("none");
	act.records = bytes_of(lines);
	federation_say(f, party, &act, &receipt);
	if (!ok(receipt.outcome == OUTCOME_ENTERED, "a party enters its root server"))
		printf("# %s\n", why_of(&receipt));
}

static bool groups_active(const struct federation *f)
{
	struct custody custody;

	custody_get(&f->sequencer.state, &custody);
	return custody.active[GROUP_KSK] != 0 && custody.active[GROUP_KSK_STANDBY] != 0 &&
	       custody.active[GROUP_ZSK] != 0;
}

/* Whoever gets these records from a node checks their form before reading them. */
static void records_hold(const struct federation *f)
{
	static uint8_t memory[ACT_SCRATCH_SIZE] __attribute__((aligned(16)));
	const struct state *state = &f->sequencer.state;
	bool all = true;

	for (size_t i = 1; i + 1 < state->count; i++) {
		struct bytes record = state_at(state, i);
		struct arena scratch = {memory, sizeof(memory), 0};

		if (record_form_holds(record, scratch))
			continue;
		all = false;
		printf("# %.*s\n", (int)record.size, (const char *)record.at);
	}
	ok(all, "every record has the form of its kind");
}

/* Records come and go within a ceremony, and within a job. */
static void records_hold_now(const struct federation *f)
{
	static uint64_t height;

	if (f->sequencer.height != height)
		records_hold(f);
	height = f->sequencer.height;
}

static bool first_groups(const struct federation *f)
{
	records_hold_now(f);
	return groups_active(f);
}

static bool has_first_release(const struct federation *f)
{
	records_hold_now(f);
	return federation_has_release(f);
}

static void first_release(void)
{
	struct federation *f = found(1);

	records_hold(f);
	ok(federation_until(f, first_groups, 60), "three keys that nobody holds");
	server_act(f, 0, "a.root-servers.", "+ a.root-servers. 518400 IN A 127.0.0.2\n");
	ok(federation_until(f, has_first_release, 60), "a first release");
	ok(federation_until(f, federation_is_quiet, 60), "and then it is quiet");
	ok(f->bad_acts == 0, "no custodian said anything that was refused");
	printf("# %zu blocks, %zu board messages, clock +%lld ms\n", f->blocks, f->boards,
	       (long long)(f->clock - 1795352400000));
	for (unsigned i = 0; i < f->count; i++) {
		struct digest a = state_root(&f->sequencer.state), b = state_root(&f->node[i].ledger.state);
		if (!digest_same(&a, &b))
			ok(false, "every party holds the same state");
	}
}

static void grant_act(struct federation *f, unsigned by, const char *label, unsigned holder,
                      struct receipt *receipt)
{
	struct act act = federation_act(f, by, ACT_GRANT);
	char key[100];

	snprintf(key, sizeof(key), "tld/%s", label);
	act.field[0] = bytes_of(label);
	act.field[1] = bytes_of(f->node[holder].name);
	act.field[2] = federation_slot(f, key);
	federation_say(f, by, &act, receipt);
}

static void vote_act(struct federation *f, unsigned by, const char *id, const char *vote,
                     struct receipt *receipt)
{
	struct act act = federation_act(f, by, ACT_CONSENT);
	char key[200];

	snprintf(key, sizeof(key), "vote/%.64s/%s", id, f->node[by].name);
	act.field[0] = (struct bytes){(const uint8_t *)id, 64};
	act.field[1] = bytes_of(vote);
	act.field[2] = federation_slot(f, key);
	federation_say(f, by, &act, receipt);
}

static void delegate_act(struct federation *f, unsigned by, const char *label, const char *lines,
                         struct receipt *receipt)
{
	struct act act = federation_act(f, by, ACT_DELEGATE);
	char key[100];

	snprintf(key, sizeof(key), "tld/%s", label);
	act.field[0] = bytes_of(label);
	act.field[1] = federation_slot(f, key);
	act.records = bytes_of(lines);
	federation_say(f, by, &act, receipt);
}

static bool entered(const struct receipt *receipt, const char *what)
{
	bool is = ok(receipt->outcome == OUTCOME_ENTERED, what);

	if (!is)
		printf("# %s\n", why_of(receipt));
	return is;
}

static bool refused_for(const struct receipt *receipt, enum reason reason, const char *what)
{
	bool is = ok(receipt->outcome == OUTCOME_REFUSED && receipt->refusal.reason == reason, what);

	printf("# %s\n", why_of(receipt));
	return is;
}

/* A TLD granted by five of seven, then delegated by its holder. */
static void grant(struct federation *f, const char *label, unsigned holder)
{
	struct receipt receipt;
	char id[65];

	grant_act(f, 0, label, holder, &receipt);
	entered(&receipt, "a TLD is proposed to be granted");
	snprintf(id, sizeof(id), "%.0s", "");
	for (unsigned i = 0; i < DIGEST_SIZE; i++)
		snprintf(id + 2 * i, 3, "%02x", receipt.act.octet[i]);
	for (unsigned i = 1; i < 5; i++)
		vote_act(f, i, id, "yes", &receipt);
	entered(&receipt, "five of seven agree");
	federation_run(f, 1);
}

#define AUR                                                                                        \
	"+ aur. 172800 IN NS a.nic.aur.\n+ aur. 172800 IN NS b.nic.aur.\n"                         \
	"+ aur. 86400 IN DS 12345 13 2 "                                                            \
	"a59dbd5f07f7ef92b43605c0a2fc75aee1774107e2ed90a7e6518d22612b966f\n"                       \
	"+ a.nic.aur. 172800 IN A 192.0.2.53\n+ b.nic.aur. 172800 IN AAAA 2001:db8::53\n"

static uint32_t serial_now(const struct federation *f)
{
	struct release release;

	return release_current(&f->sequencer.state, &release) ? release.serial : 0;
}

static uint32_t serial_before;

static bool newer_release(const struct federation *f)
{
	return serial_now(f) != serial_before && federation_is_quiet(f);
}

static bool until_released(struct federation *f, int64_t seconds)
{
	int64_t start = f->clock;
	bool is = federation_until(f, newer_release, seconds);

	printf("# released after %lld ms\n", (long long)(f->clock - start));
	return is;
}

static struct federation *standing(uint64_t seed)
{
	struct federation *f = found(seed);

	if (!federation_until(f, groups_active, 60))
		bail_out("no keys");
	server_act(f, 0, "a.root-servers.", "+ a.root-servers. 518400 IN A 127.0.0.2\n");
	grant(f, "aur", 2);
	if (!federation_until(f, federation_has_release, 60) ||
	    !federation_until(f, federation_is_quiet, 60))
		bail_out("no release");
	serial_before = serial_now(f);
	return f;
}

static void sovereignty(void)
{
	struct federation *f = standing(2);
	struct receipt receipt;
	struct act act;

	delegate_act(f, 2, "aur", AUR, &receipt);
	entered(&receipt, "the holder delegates its TLD");
	ok(until_released(f, 30), "and it is released");
	delegate_act(f, 3, "aur", AUR "> not mine\n", &receipt);
	refused_for(&receipt, REASON_CONSENT, "nobody else can");
	ok(receipt.refusal.article == 2, "and is told which article says so");

	act = federation_act(f, 2, ACT_DELEGATE);
	act.field[0] = BYTES("aur");
	act.field[1] = BYTES("none");
	act.records = bytes_of(AUR);
	federation_say(f, 2, &act, &receipt);
	refused_for(&receipt, REASON_STALE, "an act that saw another record is stale");
	act.field[1] = federation_slot(f, "tld/aur");
	act.until.seconds = f->clock / 1000 - 1;
	federation_say(f, 2, &act, &receipt);
	refused_for(&receipt, REASON_EXPIRED, "an act whose time is over");
	act.until.seconds = f->clock / 1000 + 91 * SECONDS_A_DAY;
	federation_say(f, 2, &act, &receipt);
	refused_for(&receipt, REASON_UNTIL_FAR, "an act for too far ahead");
	act.until.seconds = f->clock / 1000 + 60;
	act.federation[3] ^= 1;
	federation_say(f, 2, &act, &receipt);
	refused_for(&receipt, REASON_FEDERATION, "an act for another federation");
	act.federation[3] ^= 1;
	act.charter = 2;
	federation_say(f, 2, &act, &receipt);
	refused_for(&receipt, REASON_CHARTER, "an act under a charter that is not there yet");
	act.charter = 1;

	struct writer w = writer_in(&f->memory);
	act_write(&w, &act);
	struct bytes text = writer_keep(&w, &f->memory);
	federation_submit_note(f, federation_sign(f, &f->node[3].act, f->node[2].name, 1, text), &receipt);
	refused_for(&receipt, REASON_SIGNATURE, "a forged signature");
	federation_submit_note(f, federation_sign(f, &f->node[2].custody, f->node[2].name, 3, text),
	                       &receipt);
	refused_for(&receipt, REASON_SIGNATURES, "a key of another role");
	federation_submit(f, 2, 3, text, &receipt);
	refused_for(&receipt, REASON_SIGNATURES, "a signature line too many");
	federation_submit(f, 2, -1, text, &receipt);
	entered(&receipt, "the same text, as it should be");
	federation_submit(f, 2, -1, text, &receipt);
	ok(receipt.outcome == OUTCOME_ALREADY && receipt.height == f->sequencer.height,
	   "and again: it has entered already");
	federation_run(f, 3);
	federation_submit(f, 2, -1, text, &receipt);
	ok(receipt.outcome == OUTCOME_ALREADY, "also later");
	records_hold(f);
}

static void parties_fail(void)
{
	struct federation *f = standing(3);
	struct receipt receipt;
	int64_t waited;

	federation_stop(f, 5);
	federation_stop(f, 6);
	delegate_act(f, 2, "aur", AUR, &receipt);
	ok(until_released(f, 60), "with two of seven stopped, the next change is signed");
	serial_before = serial_now(f);
	federation_stop(f, 0);
	delegate_act(f, 2, "aur", AUR "> again\n", &receipt);
	entered(&receipt, "with a third one stopped, acts still enter");
	waited = f->clock;
	ok(!federation_until(f, newer_release, 300), "but nothing becomes final or signed");
	ok(!finality_reached(&f->finality, &f->sequencer) && f->clock - waited >= 300000,
	   "however long one waits");
	federation_start(f, 6);
	ok(until_released(f, 10), "one comes back, and all catches up by itself, at once");
	federation_start(f, 5);
	federation_start(f, 0);
	serial_before = serial_now(f);
	delegate_act(f, 2, "aur", AUR "> once more\n", &receipt);
	ok(until_released(f, 60), "so do the others");
	for (unsigned i = 0; i < f->count; i++) {
		struct digest a = state_root(&f->sequencer.state), b = state_root(&f->node[i].ledger.state);
		if (!digest_same(&a, &b))
			ok(false, "every party holds the same state");
	}
	records_hold(f);
}

/* Who shows an old message again, well signed as it is, finds nobody who takes it for the newest. */
static void old_messages(const struct federation *f)
{
	unsigned read = 0, commitments = 0, shares = 0;
	struct board_message m;
	struct fault fault;

	for (size_t i = 0; i < f->boards; i++) {
		read += board_read(f->board[i], &m, &fault) == OK;
		if (board_expected(&f->sequencer.state, &m))
			*(m.kind == BOARD_COMMITMENTS ? &commitments : &shares) += 1;
	}
	ok(read == f->boards && read > 2 * f->count, "many messages were posted");
	ok(commitments == f->count && shares == 0,
	   "one of each party is expected now: the pool that it announced last");
}

/* Chosen for a session, gone with its nonces, and back with others before the session's time is over. */
static void chosen_one_returns(void)
{
	struct federation *f = standing(4);
	struct receipt receipt;

	federation_stop(f, 5);
	federation_stop(f, 6);
	delegate_act(f, 2, "aur", AUR, &receipt);
	ok(until_released(f, 60), "five sign, and know who is away");
	serial_before = serial_now(f);
	federation_stop(f, 0);
	delegate_act(f, 2, "aur", AUR "> again\n", &receipt);
	ok(!federation_until(f, newer_release, 30), "the fifth goes when its session is open");
	federation_start(f, 0);
	ok(until_released(f, 10), "it comes back, and is asked before those who are away");
	old_messages(f);
}

/* Whether the newest session of the open job counts on the pool that the party has now. */
static bool is_awaited(const struct federation *f, unsigned party)
{
	const struct state *state = &f->sequencer.state;
	const struct session_member *member;
	struct custody custody;
	struct session session;
	struct job job;

	custody_get(state, &custody);
	if (!job_get(state, custody.job, &job) || job.sessions == 0 ||
	    !session_get(state, job.number, job.sessions - 1, &session))
		return false;
	member = session_member_of(&session, bytes_of(f->node[party].name));
	return member != NULL &&
	       memcmp(member->pool, f->node[party].custodian.pool, sizeof(member->pool)) == 0;
}

static const char *const CHANGES[] = {AUR, AUR "> b\n", AUR "> c\n", AUR "> d\n", AUR "> e\n"};

/* Two that send no shares, throw their nonces away whenever a session counts on them,
 * and are back with others at once. */
static void fickle_until_released(struct federation *f)
{
	for (unsigned tick = 0; tick < 1200 && !newer_release(f); tick++) {
		for (unsigned i = 0; i < 2; i++)
			if (is_awaited(f, i)) {
				federation_stop(f, i);
				federation_start(f, i);
			}
		federation_tick(f);
	}
}

static void fickle_ones(void)
{
	struct federation *f = standing(7);
	struct receipt receipt;
	struct custody before, after;
	unsigned released = 0;

	for (unsigned i = 0; i < 2; i++)
		f->node[i].hostility = NO_SHARES;
	custody_get(&f->sequencer.state, &before);
	for (unsigned i = 0; i < 5; i++) {
		serial_before = serial_now(f);
		delegate_act(f, 2, "aur", CHANGES[i], &receipt);
		fickle_until_released(f);
		released += newer_release(f);
	}
	custody_get(&f->sequencer.state, &after);
	ok(released == 5 && after.jobs == before.jobs + 5,
	   "who keeps making new nonces holds up a session, and not the job");
	printf("# %u releases, %llu jobs\n", released, (unsigned long long)(after.jobs - before.jobs));
}

static bool accused_by_all(const struct federation *f)
{
	struct bytes record;
	size_t index = 0;

	return state_next(&f->sequencer.state, BYTES("accused/"), &index, &record);
}

static void bad_shares(void)
{
	struct federation *f = standing(4);
	struct receipt receipt;

	for (unsigned i = 0; i < 2; i++)
		f->node[i].hostility = BAD_SHARE;
	delegate_act(f, 2, "aur", AUR, &receipt);
	ok(federation_until(f, accused_by_all, 30), "who sends a wrong share is named");
	ok(until_released(f, 60), "and the others sign without it");
	ok(f->bad_acts == 0, "no custodian said anything that was refused");
	records_hold(f);
}

/* Round A is well signed; two that signed it do not enter it, and spoil round B. */
static void bad_last_shares(void)
{
	struct federation *f = standing(4);
	struct receipt receipt;
	struct custody before, after;
	unsigned released = 0, accused = 0;

	for (unsigned i = 0; i < 2; i++)
		f->node[i].hostility = BAD_SHARE_B;
	custody_get(&f->sequencer.state, &before);
	for (unsigned i = 0; i < 5; i++) {
		serial_before = serial_now(f);
		delegate_act(f, 2, "aur", CHANGES[i], &receipt);
		accused += federation_until(f, accused_by_all, 30);
		released += until_released(f, 60);
	}
	custody_get(&f->sequencer.state, &after);
	/* One choice of five of the seven in twenty-one has neither of the two in it, and nobody to name. */
	ok(accused >= 3, "who sends a wrong share in round B is named");
	ok(released == 5 && after.jobs == before.jobs + 5, "and the others sign without it");
	printf("# %u accused, %u releases, %llu jobs\n", accused, released,
	       (unsigned long long)(after.jobs - before.jobs));
	records_hold(f);
}

static bool excluded(const struct federation *f)
{
	struct ceremony c;

	return ceremony_get(&f->sequencer.state, GROUP_ZSK, &c) && c.excluded.size > 0;
}

static void bad_ceremonies(void)
{
	struct federation *f = found(5);
	struct ceremony c;

	f->node[3].hostility = BAD_DEAL;
	ok(federation_until(f, excluded, 60), "who deals a wrong share is found guilty");
	ceremony_get(&f->sequencer.state, GROUP_ZSK, &c);
	ok(bytes_same(c.excluded, BYTES("excluded: party-04 1 guilty-deal\n")), "named, with the reason");
	ok(federation_until(f, groups_active, 60), "and the ceremony succeeds without it");
	struct group group;
	ok(group_get(&f->sequencer.state, GROUP_ZSK, 2, &group) && group.count == 6 &&
	           group.threshold == 5,
	   "the threshold stays");

	f = found(9);
	f->node[3].hostility = CANCELS;
	ok(federation_until(f, excluded, 60),
	   "who spoils the sum of all deals is found guilty");
	ceremony_get(&f->sequencer.state, GROUP_ZSK, &c);
	ok(bytes_same(c.excluded, BYTES("excluded: party-04 1 guilty-deal\n")),
	   "and nobody else");
	ok(federation_until(f, groups_active, 60), "and the ceremony succeeds without it");

	f = found(6);
	f->node[3].hostility = MUTE;
	federation_run(f, 3500);
	ok(!groups_active(f), "a mute party holds a ceremony up");
	ok(federation_until(f, groups_active, 3700), "until its time is over");
}

int main(void)
{
	first_release();
	sovereignty();
	parties_fail();
	chosen_one_returns();
	fickle_ones();
	bad_shares();
	bad_last_shares();
	bad_ceremonies();
	return done_testing();
}
