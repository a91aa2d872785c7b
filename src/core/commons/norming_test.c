/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Histories by chance: norms are adopted and repealed, parties accept, reserve, denounce, contest and leave, do
 * their duty or not, and time passes. Beside the commons runs a model that was written from comity-norm(7) and
 * knows no record. After every step:
 *
 *     who is bound to what, and until when, is what the model says;
 *     so is every breach: open or not, how many, contested or not; and none is without a party bound to it;
 *     the texts that somebody needs are there, and no others;
 *     no delegation has changed;
 *     every refusal has a reason, and the records hold.
 *
 * At the end every breach has its ways out: it is cured when the duty is kept, and it ends with a denunciation.
 *
 * commons_norming_test HISTORIES plays that many; 400 without.
 */
#include "commons/norming.h"

#include <stdlib.h>

#include "arbitration/dispute.h"
#include "tap.h"
#include "bare.h"
#include "dice.h"

#define STEPS 150
#define DAY   BARE_DAY

#define CHARTER                                                                                \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n"  \
	"list arbitrators\nsigners states\n\narticle 1\nen A\n"                                  \
	"rule delegate.update holder\nrule delegate.drop-ds holder\n"                            \
	"rule party.withdraw holder\nrule charter.amend states > 2/3\nrule norm.adopt party aurelia\n"

static const char *const NAMES[] = {"arb-a", "arb-b", "arb-c", "arb-d", "aurelia", "borealia", "cascadia", "doria"};
static const char *const NORMS[] = {"alpha", "alpha-2"};

#define PARTIES (sizeof(NAMES) / sizeof(NAMES[0]))
#define FIRST   4 /* who is no arbitrator */
#define AURELIA 4
#define NORM_COUNT (sizeof(NORMS) / sizeof(NORMS[0]))
#define PARAGRAPHS 4

/* ---- the model ---- */

static struct {
	unsigned version;
	bool stands;
} norm[NORM_COUNT];

static struct {
	bool bound;
	unsigned version, reserved; /* bits 1 << paragraph */
	int64_t since, until;       /* until: 0 while nothing was denounced */
} bond[NORM_COUNT][PARTIES];

static struct {
	int64_t seen; /* first midnight that saw what has no date; 0 */
	bool open, contested;
	unsigned count;
	int64_t opened;
} breach[NORM_COUNT][PARTIES][PARAGRAPHS + 1];

static struct {
	bool gone, missed, server, pool;
	int64_t missed_at, lease;
} world[PARTIES];

static int64_t wake; /* when the state is asked next; 0 for never */

/* Of "alpha": paragraphs 1 signs 3d, 2 server 5d or, in even versions, pool 2d. Of "alpha-2": none, but 4 pool 2d. */
static enum duty_kind duty_of(unsigned n, unsigned version, unsigned paragraph, int64_t *within)
{
	*within = 2 * DAY;
	if (n == 1)
		return paragraph == 4 ? DUTY_POOL : DUTIES;
	if (paragraph == 1) {
		*within = 3 * DAY;
		return DUTY_SIGNS;
	}
	if (paragraph != 2)
		return DUTIES;
	if (version % 2 == 0)
		return DUTY_POOL;
	*within = 5 * DAY;
	return DUTY_SERVER;
}

static int64_t notice_of(unsigned n)
{
	return n == 1 ? 0 : 10 * DAY;
}

/* Whether the party does its duty; otherwise since when, 0 where nobody can know. */
static bool does(unsigned p, enum duty_kind kind, int64_t now, int64_t *since)
{
	*since = 0;
	switch (kind) {
	case DUTY_SIGNS:
		*since = world[p].missed_at;
		return !world[p].missed;
	case DUTY_SERVER:
		return world[p].server;
	default:
		if (world[p].pool && world[p].lease <= now)
			*since = world[p].lease;
		return world[p].pool && world[p].lease > now;
	}
}

static void model_forget(unsigned n, unsigned p)
{
	for (unsigned k = 1; k <= PARAGRAPHS; k++) {
		breach[n][p][k].seen = 0;
		breach[n][p][k].open = false;
	}
}

static void model_look_at(unsigned n, unsigned p, unsigned k, int64_t now)
{
	int64_t within, since;
	enum duty_kind kind = duty_of(n, bond[n][p].version, k, &within);

	if (kind == DUTIES || (bond[n][p].reserved & 1u << k))
		return;
	if (does(p, kind, now, &since)) {
		breach[n][p][k].seen = 0;
		breach[n][p][k].open = false;
		return;
	}
	if (breach[n][p][k].open)
		return;
	if (since == 0 && breach[n][p][k].seen == 0)
		breach[n][p][k].seen = now;
	if (since == 0)
		since = breach[n][p][k].seen;
	if (since < bond[n][p].since)
		since = bond[n][p].since;
	if (now - since < within)
		return;
	breach[n][p][k].open = true;
	if (breach[n][p][k].count == 0 || now - breach[n][p][k].opened >= 30 * DAY) {
		breach[n][p][k].count++;
		breach[n][p][k].opened = now;
		breach[n][p][k].contested = false;
	}
}

static void model_wake(int64_t now)
{
	wake = (now / DAY + 1) * DAY;
}

static void model_look(int64_t now)
{
	wake = 0;
	for (unsigned n = 0; n < NORM_COUNT; n++)
		for (unsigned p = 0; p < PARTIES; p++) {
			if (!bond[n][p].bound)
				continue;
			for (unsigned k = 1; k <= PARAGRAPHS; k++)
				model_look_at(n, p, k, now);
			model_wake(now);
		}
}

static void model_unbind(unsigned n, unsigned p)
{
	bond[n][p].bound = false;
	model_forget(n, p);
}

/* What happens by time alone until `now`, in its order; all of it sees the same moment. */
static void model_time(int64_t now)
{
	for (;;) {
		int64_t first = wake != 0 && wake <= now ? wake : INT64_MAX;
		unsigned fn = 0, fp = 0;
		bool denounced = false;

		for (unsigned n = 0; n < NORM_COUNT; n++)
			for (unsigned p = 0; p < PARTIES; p++)
				if (bond[n][p].bound && bond[n][p].until != 0 && bond[n][p].until <= now &&
				    (bond[n][p].until < first || (bond[n][p].until == first && !denounced))) {
					first = bond[n][p].until;
					fn = n;
					fp = p;
					denounced = true;
				}
		if (first == INT64_MAX)
			return;
		if (denounced)
			model_unbind(fn, fp);
		else
			model_look(now);
	}
}

static void model_bind(unsigned n, unsigned p, unsigned reserved, int64_t now)
{
	bool same = bond[n][p].bound && bond[n][p].version == norm[n].version;

	if (bond[n][p].bound && !same)
		model_forget(n, p);
	if (!same || bond[n][p].reserved != reserved)
		bond[n][p].since = now;
	bond[n][p].bound = true;
	bond[n][p].version = norm[n].version;
	bond[n][p].reserved = reserved;
	bond[n][p].until = 0;
	model_wake(now);
}

/* ---- the commons ---- */

static bool wrong;
static unsigned entered, refused, opened, cured, claims, reasons[200];
static struct bytes before[2]; /* the delegations */

static void begin(void)
{
	bare_begin();
	for (unsigned i = 0; i < PARTIES; i++)
		bare_join(NAMES[i], i < FIRST ? "arbitrator" : "state");
	bare_charter(BYTES(CHARTER));
	bare_put("tld/aur\nholder: aurelia\nact: genesis\n+ aur. 172800 IN NS ns.else.\n+ aur. 172800 IN NS ns2.else.\n");
	bare_put("tld/bor\nholder: borealia\nact: genesis\n+ bor. 172800 IN NS ns.else.\n+ bor. 172800 IN NS ns2.else.\n");
	bare_founded();
	if (!state_get(&state, BYTES("tld/aur"), &before[0]) || !state_get(&state, BYTES("tld/bor"), &before[1]))
		bail_out("no delegations");
}

static struct bytes text_of(unsigned n, unsigned version)
{
	static char text[2000];
	struct writer w = writer_in(&room);
	size_t used = (size_t)snprintf(text, sizeof(text),
	                               "comity-norm/1\nnorm %s\nversion %u\nlanguages en\ntitle en T\nsource S\nnotice %s\n",
	                               NORMS[n], version, n == 1 ? "none" : "10d");

	for (unsigned k = 1; k <= PARAGRAPHS; k++) {
		int64_t within;
		enum duty_kind kind = duty_of(n, version, k, &within);

		used += (size_t)snprintf(text + used, sizeof(text) - used, "\nparagraph %u\nen W\n", k);
		if (kind != DUTIES)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "duty %s within %ud\n", duty_word(kind),
			                         (unsigned)(within / DAY));
	}
	act_write_embedded(&w, bytes_of(text));
	return bare_made(&w);
}

/* Says it as one whose signature holds would; whether it entered. */
static bool say(struct act *act_made)
{
	struct signed_act act;
	struct refusal refusal;
	bool done;

	if (!bare_read(act_made, &act))
		bail_out("an act that does not read");
	done = bare_decide(&act, &refusal);
	entered += done;
	refused += !done;
	if (!done) {
		reasons[refusal.reason]++;
		if (refusal.reason == REASON_NONE || (refusal.reason == REASON_CONSENT && refusal.article == 0)) {
			wrong = true;
			printf("# a refusal without reason or article: %s\n", act_row(act_made->kind)->word);
		}
	}
	return done;
}

/* Whether what was said entered is what the model says. */
static void expect(bool done, bool right, const char *what)
{
	if (done == right)
		return;
	wrong = true;
	printf("# %s: %s, and the model says otherwise\n", what, done ? "entered" : "refused");
}

/* ---- things that are said ---- */

static unsigned any_state(void)
{
	return FIRST + (unsigned)dice_below(PARTIES - FIRST);
}

static void adopt(unsigned n)
{
	unsigned version = norm[n].version + (dice_below(8) == 0 ? 2 : 1);
	bool right = version == norm[n].version + 1;
	struct act act = {.kind = ACT_NORM,
	                  .by = BYTES("aurelia"),
	                  .field = {bytes_of(NORMS[n]), bare_slot_of("norm", bytes_of(NORMS[n]), BYTES(""))},
	                  .embed = text_of(n, version)};

	expect(say(&act), right, "norm");
	if (right) {
		norm[n].version = version;
		norm[n].stands = true;
	}
}

static void repeal(unsigned n)
{
	struct act act = {.kind = ACT_REPEAL,
	                  .by = BYTES("aurelia"),
	                  .field = {bytes_of(NORMS[n]), bare_slot_of("norm", bytes_of(NORMS[n]), BYTES(""))}};
	bool right = norm[n].stands;

	expect(say(&act), right, "repeal");
	if (!right)
		return;
	norm[n].stands = false;
	for (unsigned p = 0; p < PARTIES; p++)
		if (bond[n][p].bound)
			model_unbind(n, p);
}

static struct bytes bond_slot(unsigned n, unsigned p)
{
	return bare_slot_of("adherence", bytes_of(NORMS[n]), bytes_of(NAMES[p]));
}

static void accept_wholly(unsigned n, unsigned p)
{
	unsigned version = norm[n].version + (dice_below(8) == 0);
	struct act act = {.kind = ACT_ACCEPT,
	                  .by = bytes_of(NAMES[p]),
	                  .field = {bytes_of(NORMS[n]), bare_number(version), bond_slot(n, p)}};
	bool right = norm[n].stands && version == norm[n].version;

	expect(say(&act), right, "accept");
	if (right)
		model_bind(n, p, 0, commons.now.seconds);
}

static void reserve(unsigned n, unsigned p)
{
	unsigned mask = 2 * (1 + (unsigned)dice_below(31)); /* paragraphs 1 to 5, and there are 4 */
	bool words = dice_below(6) > 0, right;
	struct writer w = writer_in(&room);
	struct act act = {.kind = ACT_RESERVE, .by = bytes_of(NAMES[p])};

	for (unsigned k = 1; k <= PARAGRAPHS + 1; k++)
		if (mask & 1u << k) {
			write_text(&w, w.used > 0 ? " " : "");
			write_number(&w, k);
		}
	act.field[2] = bare_made(&w);
	act.field[0] = bytes_of(NORMS[n]);
	act.field[1] = bare_number(norm[n].version);
	act.field[3] = bond_slot(n, p);
	act.words = words ? BYTES("> We understand this otherwise.\n") : BYTES("");
	right = norm[n].stands && words && (mask & 1u << 5) == 0 &&
	        !(bond[n][p].bound && bond[n][p].version == norm[n].version && (mask & ~bond[n][p].reserved) != 0);
	expect(say(&act), right, "reserve");
	if (right)
		model_bind(n, p, mask, commons.now.seconds);
}

static void denounce(unsigned n, unsigned p)
{
	struct act act = {.kind = ACT_DENOUNCE,
	                  .by = bytes_of(NAMES[p]),
	                  .field = {bytes_of(NORMS[n]), bond_slot(n, p)}};
	bool right = bond[n][p].bound && bond[n][p].until == 0;

	expect(say(&act), right, "denounce");
	if (right && notice_of(n) == 0)
		model_unbind(n, p);
	else if (right)
		bond[n][p].until = commons.now.seconds + notice_of(n);
}

static void contest(unsigned n, unsigned p)
{
	unsigned k = (unsigned)dice_below(PARAGRAPHS + 1);
	bool words = dice_below(4) > 0;
	struct act act = {.kind = ACT_CONTEST,
	                  .by = bytes_of(NAMES[p]),
	                  .field = {bytes_of(NORMS[n]), bare_number(k)},
	                  .words = words ? BYTES("> We were attacked.\n") : BYTES("")};
	bool right = breach[n][p][k].open && !breach[n][p][k].contested && words;

	expect(say(&act), right, "contest");
	if (right)
		breach[n][p][k].contested = true;
}

/* A claim on the ground of a breach; the procedure itself has its own test. */
static void claim(unsigned n, unsigned p)
{
	static const char *const REMEDY[] = {"breach", "costs", "suspend", "transfer", "freeze"};
	unsigned k = 1 + (unsigned)dice_below(PARAGRAPHS), by = any_state(), against = dice_below(5) == 0 ? any_state() : p;
	size_t remedy = dice_below(5);
	struct writer w = writer_in(&room);
	struct act act = {.kind = ACT_DISPUTE, .by = bytes_of(NAMES[by])};
	struct dispute d;
	bool right;

	if (world[by].gone || world[against].gone)
		return;
	write_text(&w, "breach/");
	write_text(&w, NORMS[n]);
	write_octet(&w, '/');
	write_text(&w, NAMES[p]);
	write_octet(&w, '/');
	write_number(&w, k);
	act.field[0] = bare_made(&w);
	act.field[1] = bytes_of(NAMES[against]);
	act.field[2] = bytes_of(REMEDY[remedy]);
	right = breach[n][p][k].count > 0 && against == p && by != p && remedy < 3;
	for (size_t index = 0; dispute_next(&state, &index, &d);)
		if (d.procedure.phase != PHASE_CLOSED && bytes_same(d.subject, act.field[0]) &&
		    bytes_same(d.side[SIDE_CLAIMANT], act.by))
			right = false;
	expect(say(&act), right, "dispute");
	claims += right;
}

static void leave(unsigned p)
{
	struct writer w = writer_in(&room);
	struct act act = {.kind = ACT_WITHDRAW, .by = bytes_of(NAMES[p])};

	write_text(&w, "party/");
	write_text(&w, NAMES[p]);
	act.field[0] = bare_made(&w);
	act.field[1] = bare_slot_of("party", act.by, BYTES(""));
	if (!say(&act))
		return; /* it holds something, or a dispute needs it */
	world[p].gone = true;
	for (unsigned n = 0; n < NORM_COUNT; n++)
		if (bond[n][p].bound)
			model_unbind(n, p);
}

/* ---- things that happen ---- */

static void put_signer(unsigned p)
{
	struct bytes name = bytes_of(NAMES[p]);
	struct record_key key;

	commons.scratch.used = 0;
	signer_put(&state, &commons.scratch, name,
	           &(struct signer){.next = 3, .missed = world[p].missed, .missed_at = {world[p].missed_at}});
	if (world[p].pool)
		pool_put(&state, &commons.scratch, name,
		         &(struct pool){.count = 9, .lease = {world[p].lease}, .act = BYTES("genesis")});
	else
		state_delete(&state, record_key(&key, "pool", name, BYTES("")));
}

static void put_server(unsigned p)
{
	static char record[200];
	struct record_key key;
	struct writer w = writer_in(&room);

	write_text(&w, "s.");
	write_text(&w, NAMES[p]);
	write_octet(&w, '.');
	if (!world[p].server) {
		state_delete(&state, record_key(&key, "server", bare_made(&w), BYTES("")));
		return;
	}
	snprintf(record, sizeof(record), "server/s.%s.\nowner: %s\nact: genesis\n+ s.%s. 1 IN A 192.0.2.1\n", NAMES[p],
	         NAMES[p], NAMES[p]);
	state_put(&state, bytes_of(record));
}

static void happen(unsigned p)
{
	if (world[p].gone)
		return;
	switch (dice_below(3)) {
	case 0:
		world[p].missed = !world[p].missed;
		world[p].missed_at = commons.now.seconds;
		break;
	case 1:
		world[p].server = !world[p].server;
		break;
	default:
		world[p].pool = dice_below(3) > 0;
		world[p].lease = commons.now.seconds + (int64_t)dice_below(9 * 86400);
	}
	put_signer(p);
	put_server(p);
}

static void wait_for(int64_t seconds)
{
	model_time(commons.now.seconds + seconds);
	bare_pass(seconds);
}

/* ---- what must hold ---- */

static unsigned mask_of(struct bytes reserved)
{
	unsigned mask = 0;
	uint64_t k;

	while (text_word_number(&reserved, PARAGRAPHS, &k))
		mask |= 1u << k;
	return mask;
}

static bool bond_same(unsigned n, unsigned p)
{
	struct adherence a = {.status = ADHERENCE_ENDED};

	(void)adherence_get(&state, bytes_of(NORMS[n]), bytes_of(NAMES[p]), &a);
	if (adherence_binds(&a) != bond[n][p].bound)
		return false;
	return !bond[n][p].bound ||
	       (a.version == bond[n][p].version && mask_of(a.reserved) == bond[n][p].reserved &&
	        a.since.seconds == bond[n][p].since && (a.status == ADHERENCE_DENOUNCED) == (bond[n][p].until != 0) &&
	        a.until.seconds == bond[n][p].until);
}

static bool breach_same(unsigned n, unsigned p, unsigned k)
{
	struct breach b = {.status = BREACH_ENDED, .contested = BYTES("none")};
	struct norm_text text;
	bool there = breach_get(&state, bytes_of(NORMS[n]), bytes_of(NAMES[p]), k, &b);

	if ((b.status == BREACH_OPEN) != breach[n][p][k].open || b.count != breach[n][p][k].count ||
	    (b.count > 0 && bytes_same(b.contested, BYTES("none")) == breach[n][p][k].contested))
		return false;
	if (!there || !breach_lives(&b))
		return true;
	/* Whoever is said to break, or not to keep, something is bound to it, and its text is there. */
	return bond[n][p].bound && b.version == bond[n][p].version && (bond[n][p].reserved & 1u << k) == 0 &&
	       norm_text_get(&state, bytes_of(NORMS[n]), b.version, &text);
}

/* A version's text is there while it stands or somebody is bound to it. */
static bool texts_same(unsigned n)
{
	for (unsigned v = 1; v <= norm[n].version; v++) {
		bool needed = norm[n].stands && v == norm[n].version;
		struct norm_text text;

		for (unsigned p = 0; p < PARTIES; p++)
			needed = needed || (bond[n][p].bound && bond[n][p].version == v);
		if (norm_text_get(&state, bytes_of(NORMS[n]), v, &text) != needed)
			return false;
	}
	return true;
}

static void check(const char *what)
{
	struct bytes now[2] = {BYTES(""), BYTES("")};

	for (unsigned n = 0; n < NORM_COUNT && !wrong; n++)
		for (unsigned p = 0; p < PARTIES && !wrong; p++) {
			if (!bond_same(n, p)) {
				wrong = true;
				printf("# %s: %s and %s: not bound as the model says\n", what, NORMS[n], NAMES[p]);
			}
			for (unsigned k = 1; k <= PARAGRAPHS && !wrong; k++)
				if (!breach_same(n, p, k)) {
					wrong = true;
					printf("# %s: breach of %s by %s, %u: not as the model says\n", what, NORMS[n], NAMES[p], k);
				}
		}
	for (unsigned n = 0; n < NORM_COUNT && !wrong; n++)
		if (!texts_same(n)) {
			wrong = true;
			printf("# %s: a text of %s that is not needed, or not there\n", what, NORMS[n]);
		}
	(void)state_get(&state, BYTES("tld/aur"), &now[0]);
	(void)state_get(&state, BYTES("tld/bor"), &now[1]);
	if (!wrong && (!bytes_same(now[0], before[0]) || !bytes_same(now[1], before[1]))) {
		wrong = true;
		printf("# %s: a delegation changed\n", what);
	}
}

static unsigned open_now(void)
{
	struct breach b;
	unsigned count = 0;

	for (size_t index = 0; breach_next(&state, &index, &b);)
		count += breach_lives(&b);
	return count;
}

/* Everybody does its duty. */
static void all_do(void)
{
	for (unsigned p = FIRST; p < PARTIES; p++) {
		if (world[p].gone)
			continue;
		world[p].missed = false;
		world[p].server = world[p].pool = true;
		world[p].lease = commons.now.seconds + 40 * DAY;
		put_signer(p);
		put_server(p);
	}
	wait_for(DAY);
	check("all do");
}

static void all_denounce(void)
{
	for (unsigned n = 0; n < NORM_COUNT; n++)
		for (unsigned p = FIRST; p < PARTIES; p++)
			if (bond[n][p].bound && bond[n][p].until == 0)
				denounce(n, p);
	wait_for(11 * DAY);
	check("all denounce");
	wait_for(DAY);
}

static bool norms_timer(void)
{
	struct bytes record;

	for (size_t index = 0; state_next(&state, BYTES("timer/"), &index, &record);)
		if (bytes_same(record_key_part(state_key(record), 2), BYTES("norms")))
			return true;
	return false;
}

/* Every state has a way out. */
static void way_out(void)
{
	unsigned open = open_now();

	opened += open;
	if (dice_below(2) == 0) {
		all_do();
		cured += open - open_now();
		if (open_now() != 0) {
			wrong = true;
			printf("# a breach that is not cured\n");
		}
	}
	all_denounce();
	if (open_now() != 0 || norms_timer()) {
		wrong = true;
		printf("# nobody is bound, and there is a breach, or a timer\n");
	}
}

static void something(void)
{
	unsigned n = (unsigned)dice_below(NORM_COUNT), p = any_state();
	size_t what = dice_below(100);

	if (what < 6)
		adopt(n);
	else if (what < 8)
		repeal(n);
	else if (what < 30)
		wait_for((int64_t)dice_below(dice_below(5) == 0 ? 20 * 86400 : 2 * 86400));
	else if (what < 50)
		happen(p);
	else if (world[p].gone)
		return;
	else if (what < 63)
		accept_wholly(n, p);
	else if (what < 76)
		reserve(n, p);
	else if (what < 82)
		denounce(n, p);
	else if (what < 91)
		contest(n, p);
	else if (what < 99)
		claim(n, p);
	else if (p != AURELIA)
		leave(p);
}

static void history(void)
{
	bare_again();
	memset(norm, 0, sizeof(norm));
	memset(bond, 0, sizeof(bond));
	memset(breach, 0, sizeof(breach));
	memset(world, 0, sizeof(world));
	wake = 0;
	if (dice_below(4) > 0)
		adopt(0);
	for (unsigned i = 0; i < STEPS && !wrong; i++) {
		something();
		check("a step");
	}
	if (!wrong)
		way_out();
	wrong = wrong || !bare_holds();
}

static bool said_no(void)
{
	static const enum reason ALL[] = {REASON_NORM,          REASON_NORM_VERSION, REASON_RESERVATION,
	                                  REASON_RESERVED_LATE, REASON_NOT_BOUND,    REASON_BREACH,
	                                  REASON_CONTESTED};
	bool all = true;

	for (size_t i = 0; i < sizeof(ALL) / sizeof(ALL[0]); i++) {
		printf("# %s: %u\n", reason_word(ALL[i]), reasons[ALL[i]]);
		all = all && reasons[ALL[i]] > 0;
	}
	return all;
}

/* 64 norms stand, and no more. */
static void bounds(void)
{
	struct act act = {.kind = ACT_NORM, .by = BYTES("aurelia")};
	unsigned i = 0;
	bool done = true;

	bare_again();
	memset(reasons, 0, sizeof(reasons));
	for (; done && i <= NORMS_MAX; i++) {
		struct writer w = writer_in(&room), e;
		char text[300];

		write_text(&w, "norm-");
		write_number(&w, i);
		act.field[0] = bare_made(&w);
		act.field[1] = BYTES("none");
		snprintf(text, sizeof(text),
		         "comity-norm/1\nnorm norm-%u\nversion 1\nlanguages en\ntitle en T\nsource S\nnotice none\n\nparagraph 1\nen W\n", i);
		e = writer_in(&room);
		act_write_embedded(&e, bytes_of(text));
		act.embed = bare_made(&e);
		done = say(&act);
	}
	ok(!done && i == NORMS_MAX + 1 && reasons[REASON_NORMS] == 1, "64 norms stand, and no more");
	act.embed = BYTES("| comity-norm/1\n| norm First\n");
	ok(!say(&act) && reasons[REASON_NORM_TEXT] == 1, "a text that is no norm is refused as that");
}

int main(int argc, char *argv[])
{
	unsigned long histories = argc > 1 ? strtoul(argv[1], NULL, 10) : 400;
	unsigned long i;

	dice_seed();
	begin();
	for (i = 0; i < histories && !wrong; i++)
		history();
	printf("# %lu histories: %u acts entered, %u refused; %u breaches at their ends, %u of them cured; %u claims\n", i,
	       entered, refused, opened, cured, claims);
	ok(!wrong, "who is bound, and in breach, is what the model says; no delegation changes; there is a way out");
	ok(entered > 0 && opened > 0 && cured > 0 && claims > 0, "histories in which something happens");
	ok(said_no(), "and every no of norms is said");
	bounds();
	return done_testing();
}
