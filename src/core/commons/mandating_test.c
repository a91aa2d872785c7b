/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators (comity-act(5), OPERATORS and BATCH): what their keys may do, and histories by chance in which parties,
 * operators and strangers sign anything at any moment, replays included. After every step:
 *
 *     a delegation changed only by a line of its holder's key, or by one of a key that the holder had named, not
 *     taken back, for that kind of change, that TLD and that time - as a list that this test keeps says, which
 *     reads nothing of ours;
 *     a mandate stands only where that list has it;
 *     every refusal has a reason.
 *
 * commons_mandating_test HISTORIES plays that many; 200 without.
 */
#include "commons/mandating.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "act/batch.h"
#include "commons/batching.h"
#include "commons/proposal.h"
#include "tap.h"
#include "bare.h"
#include "dice.h"

#define BEGIN BARE_BEGIN
#define STEPS 80
#define DAY   86400

#define CHARTER                                                                              \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n" \
	"signers states\n\narticle 1\nen A\n"                                                 \
	"rule delegate.update holder\nrule delegate.drop-ds holder\n"                          \
	"rule delegate.transfer holder & recipient\n"                                          \
	"rule delegate.withdraw holder\nrule party.withdraw holder\n"                          \
	"rule delegate.grant states > 1/2, vote 4d\n"                                          \
	"rule host.update holder, objection 3d by interested\n"                                 \
	"rule charter.amend states > 2/3\n"

enum who { AURELIA, BOREALIA, CASCADIA, PARTIES, BACKEND = PARTIES, ADMIN, STRANGER, KEYS };

static const char *const NAMES[KEYS] = {"aurelia", "borealia", "cascadia", "backend", "admin", "stranger"};
static const char *const LABELS[] = {"aur", "bor", "cas"};
static const char *const TLDS[] = {"aur", "bor", "cas", "*"};

#define LABEL_COUNT 3

/* A key: its party's or operator's name in it, and how often it was made anew. */
struct hand {
	char name[100];
	unsigned char public[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
	struct note_key key;
};

static struct hand hands[KEYS];
static bool wrong;
static unsigned entered, refused, changed, by_operator, in_batches, too_many;
static struct refusal refusal;

/* A key of `owner`, in the place of `who`. */
static void hand_make(enum who who, enum who owner, unsigned number)
{
	struct hand *s = &hands[who];
	unsigned char seed[crypto_sign_SEEDBYTES] = {(unsigned char)(owner + 1), (unsigned char)number};

	snprintf(s->name, sizeof(s->name), BARE_ORIGIN "/%c/%s/%u", owner < PARTIES ? 'p' : 'o', NAMES[owner], number);
	crypto_sign_seed_keypair(s->public, s->secret, seed);
	s->key = note_key_make(bytes_of(s->name), NOTE_TYPE_ED25519, s->public);
}

static struct bytes vkey_of(enum who who)
{
	struct writer w = writer_in(&room);

	note_key_write(&w, &hands[who].key);
	return bare_made(&w);
}

static struct bytes key_lines(enum who who)
{
	struct writer w = writer_in(&room);

	write_text(&w, "key: act ");
	note_key_write(&w, &hands[who].key);
	write_text(&w, "\n");
	return bare_made(&w);
}

static void begin(void)
{
	bare_begin();
	for (enum who i = 0; i < KEYS; i++)
		hand_make(i, i, 1);
	for (enum who i = 0; i < PARTIES; i++)
		bare_join_with(NAMES[i], "state", key_lines(i));
	bare_charter(BYTES(CHARTER));
	bare_put("tld/aur\nholder: aurelia\nact: genesis\n+ aur. 172800 IN NS ns.else.\n"
	                        "+ aur. 172800 IN NS ns2.else.\n+ aur. 86400 IN DS 1 13 2 "
	                        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n");
	bare_put("tld/bor\nholder: borealia\nact: genesis\n+ bor. 172800 IN NS ns.else.\n"
	                        "+ bor. 172800 IN NS ns2.else.\n");
	bare_put("tld/cas\nholder: aurelia\nact: genesis\n+ cas. 172800 IN NS ns.else.\n"
	                        "+ cas. 172800 IN NS ns2.else.\n");
	bare_put("tld/else\nholder: cascadia\nact: genesis\n+ else. 172800 IN NS ns.else.\n"
	                        "+ else. 172800 IN NS ns2.else.\n");
	for (unsigned i = 0; i < 3; i++) {
		static const char *const HOSTS[] = {"ns", "ns2", "ns3"};
		char host[200];

		snprintf(host, sizeof(host), "host/%s.else.\nowner: cascadia\nusers: %s\nact: genesis\n"
		         "+ %s.else. 172800 IN A 192.0.2.9\n", HOSTS[i], i < 2 ? "aur bor cas else" : "none", HOSTS[i]);
		bare_put(host);
	}
	for (unsigned i = 0; i < LABEL_COUNT; i++) {
		char waiver[100];

		snprintf(waiver, sizeof(waiver), "waiver/%s/ipv6\nexpires: 2036-01-01T00:00:00Z\nact: genesis\n", LABELS[i]);
		bare_put(waiver);
	}
	bare_put("waiver/new/ipv6\nexpires: 2036-01-01T00:00:00Z\nact: genesis\n");
	bare_founded();
}

/* ---- saying something ---- */

static struct bytes tld_slot(const char *label)
{
	return bare_slot_of("tld", bytes_of(label), BYTES(""));
}

static struct bytes mandate_slot(enum who party, enum who operator, const char *tld)
{
	struct record_key key;

	return bare_slot(mandate_key(&key, bytes_of(NAMES[party]), bytes_of(NAMES[operator]), bytes_of(tld)));
}

/* The note of an act, with lines of one key, or two. */
static struct bytes signed_by(const struct act *made, enum who who, enum who also)
{
	struct act act = *made;
	struct writer w = writer_in(&room);
	struct bytes text;

	act.origin = commons.origin;
	act.charter = 1;
	if (act.until.seconds == 0)
		act.until.seconds = commons.now.seconds + DAY;
	act_write(&w, &act);
	text = bare_made(&w);
	w = writer_in(&room);
	write_bytes(&w, text);
	write_text(&w, "\n");
	for (enum who k = 0; k < KEYS; k++) {
		unsigned char signature[crypto_sign_BYTES];

		if (k != who && k != also)
			continue;
		crypto_sign_detached(signature, NULL, text.at, text.size, hands[k].secret);
		note_signature_write(&w, &hands[k].key, (struct bytes){signature, sizeof(signature)});
	}
	return bare_made(&w);
}

static bool submit(struct bytes octets, struct act *act)
{
	struct fault fault;
	struct note note;

	if (note_read(octets, &note, &fault) != OK || act_read(note.text, arena_rest(&room), act, &fault) != OK) {
		refusal.reason = REASON_NOT_AN_ACT;
		return false;
	}
	return commons_apply(&commons, &note, act, &refusal);
}

/* The same, of what is to enter. */
static bool enters(struct bytes octets, struct act *act)
{
	if (submit(octets, act))
		return true;
	printf("# refused: %s %.*s\n", reason_word(refusal.reason), (int)refusal.detail[0].size,
	       (const char *)refusal.detail[0].at);
	return false;
}

static bool says(enum who who, const struct act *act)
{
	struct act read;

	return submit(signed_by(act, who, who), &read);
}

static struct act delegating(enum who by, const char *label, const char *records)
{
	return (struct act){.kind = ACT_DELEGATE,
	                    .by = bytes_of(NAMES[by]),
	                    .field = {bytes_of(label), tld_slot(label)},
	                    .records = bytes_of(records)};
}

static struct act empowering(enum who by, enum who operator, const char *tld, const char *may, int64_t expires)
{
	return (struct act){.kind = ACT_EMPOWER,
	                    .by = bytes_of(NAMES[by]),
	                    .field = {bytes_of(NAMES[operator]), bytes_of(tld), bytes_of(may), bare_time(expires),
	                              mandate_slot(by, operator, tld), vkey_of(operator)}};
}

static struct act disempowering(enum who by, enum who operator, const char *tld)
{
	return (struct act){.kind = ACT_DISEMPOWER,
	                    .by = bytes_of(NAMES[by]),
	                    .field = {bytes_of(NAMES[operator]), bytes_of(tld)}};
}

static struct act ds_dropping(enum who by, const char *label)
{
	return (struct act){
		.kind = ACT_DS_DROP, .by = bytes_of(NAMES[by]), .field = {bytes_of(label), tld_slot(label)}};
}

/* ---- one thing after the other ---- */

#define NS_ELSE(L)   "+ " L ". 172800 IN NS ns.else.\n+ " L ". 172800 IN NS ns2.else.\n"
#define NS_OTHER(L)  "+ " L ". 172800 IN NS ns.else.\n+ " L ". 172800 IN NS ns3.else.\n"
#define DS_OF(L, N)  "+ " L ". 86400 IN DS " N " 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
#define NS_WITH_GLUE(L, DS) \
	"+ " L ". 172800 IN NS ns." L ".\n+ " L ". 172800 IN NS ns2.else.\n" DS "+ ns." L ". 172800 IN A 192.0.2.1\n"

static bool refused_for(enum who who, struct act act, enum reason reason)
{
	bool entered_ = says(who, &act);

	if (!entered_ && refusal.reason == reason)
		return true;
	printf("# %s, reason %u\n", entered_ ? "entered" : "refused", (unsigned)refusal.reason);
	return false;
}

static bool taken(enum who who, struct act act)
{
	if (says(who, &act))
		return true;
	printf("# refused: %s %.*s\n", reason_word(refusal.reason), (int)refusal.detail[0].size,
	       (const char *)refusal.detail[0].at);
	return false;
}

static void scopes(void)
{
	int64_t later = BEGIN + 30 * DAY;
	struct act act;

	ok(refused_for(BACKEND, delegating(AURELIA, "aur", NS_ELSE("aur")), REASON_OPERATOR),
	   "a key that nobody named says nothing");
	ok(taken(AURELIA, empowering(AURELIA, BACKEND, "*", "ds", later)), "the holder names a back-end, for DS");
	ok(refused_for(AURELIA, empowering(AURELIA, BACKEND, "bor", "ds", later), REASON_KEEPER),
	   "not for a TLD of another");
	ok(taken(BACKEND, delegating(AURELIA, "aur", NS_ELSE("aur") DS_OF("aur", "2"))), "which may then roll them");
	ok(refused_for(BACKEND, delegating(AURELIA, "aur", NS_OTHER("aur") DS_OF("aur", "2")), REASON_SCOPE) &&
	           bytes_same(refusal.detail[0], BYTES("aur: may change ds; would change ns")),
	   "but not change a name server, and it is told what it may");
	ok(refused_for(BACKEND, delegating(AURELIA, "aur", NS_WITH_GLUE("aur", DS_OF("aur", "2"))), REASON_SCOPE) &&
	           bytes_same(refusal.detail[1], BYTES("aur：可更改 ds；将更改 ns glue")),
	   "nor an address");
	ok(refused_for(BACKEND, delegating(AURELIA, "aur", ""), REASON_SCOPE), "nor take it out of the zone");
	ok(refused_for(BACKEND, delegating(AURELIA, "aur", NS_ELSE("aur") DS_OF("aur", "2")), REASON_SCOPE),
	   "nor change nothing");
	ok(refused_for(BACKEND, delegating(BOREALIA, "bor", NS_ELSE("bor") DS_OF("bor", "2")), REASON_OPERATOR),
	   "nor anything of another party");
	ok(taken(BACKEND, ds_dropping(AURELIA, "aur")), "who may change DS may drop them");
	ok(taken(AURELIA, empowering(AURELIA, BACKEND, "aur", "none", later)), "the holder says of one TLD: nothing");
	ok(refused_for(BACKEND, delegating(AURELIA, "aur", NS_ELSE("aur") DS_OF("aur", "3")), REASON_SCOPE),
	   "and there it may do nothing");
	ok(taken(BACKEND, delegating(AURELIA, "cas", NS_ELSE("cas") DS_OF("cas", "3"))), "and goes on elsewhere");
	act = (struct act){.kind = ACT_TRANSFER,
	                   .by = BYTES("aurelia"),
	                   .field = {BYTES("cas"), BYTES("borealia"), tld_slot("cas")}};
	ok(refused_for(BACKEND, act, REASON_OPERATOR_KIND), "no operator transfers");
	act = (struct act){.kind = ACT_PROXY, .by = BYTES("aurelia"), .field = {BYTES("borealia"), BYTES("none")}};
	ok(refused_for(BACKEND, act, REASON_OPERATOR_KIND), "or gives a vote away");
	act = delegating(AURELIA, "cas", NS_ELSE("cas"));
	act.field[1] = tld_slot("aur");
	ok(refused_for(BACKEND, act, REASON_STALE), "what it replaces must stand");
	ok(refused_for(BACKEND, empowering(AURELIA, STRANGER, "*", "ds", later), REASON_ADMINISTRATOR),
	   "it names nobody else");
	commons.now.seconds = later;
	ok(refused_for(BACKEND, ds_dropping(AURELIA, "cas"), REASON_MANDATE_EXPIRED), "at the end it is over");
	commons.now.seconds = BEGIN;
	ok(taken(AURELIA, disempowering(AURELIA, BACKEND, "*")), "the holder ends it");
	ok(refused_for(BACKEND, ds_dropping(AURELIA, "cas"), REASON_OPERATOR), "at once");
	act = disempowering(AURELIA, BACKEND, "*");
	act.words = BYTES("> again\n");
	ok(refused_for(AURELIA, act, REASON_OPERATOR), "once");
	act = empowering(AURELIA, BACKEND, "*", "ds", later);
	act.field[4] = BYTES("none");
	act.words = BYTES("> again\n");
	ok(refused_for(AURELIA, act, REASON_STALE), "what was there is not forgotten");
	act = empowering(AURELIA, BACKEND, "*", "ds", later);
	act.field[5] = vkey_of(ADMIN);
	ok(refused_for(AURELIA, act, REASON_KEYS), "the name is the key's");
	ok(refused_for(AURELIA, empowering(AURELIA, BACKEND, "*", "ds", BEGIN), REASON_EXPIRES) &&
	           refused_for(AURELIA, empowering(AURELIA, BACKEND, "*", "ds", BEGIN + 732 * DAY), REASON_EXPIRES),
	   "a mandate ends, within two years");
}

static void ends(void)
{
	int64_t later = BEGIN + 30 * DAY;
	struct act act, read;
	struct mandate m;

	ok(taken(AURELIA, empowering(AURELIA, BACKEND, "cas", "ns ds", later)) &&
	           taken(AURELIA, empowering(AURELIA, BACKEND, "*", "ds-drop", later)),
	   "one TLD, and all the others");
	act = (struct act){.kind = ACT_TRANSFER,
	                   .by = BYTES("aurelia"),
	                   .field = {BYTES("cas"), BYTES("borealia"), tld_slot("cas")}};
	ok(enters(signed_by(&act, AURELIA, BOREALIA), &read), "the TLD goes to another");
	ok(!mandate_get(&state, BYTES("aurelia"), BYTES("backend"), BYTES("cas"), &m) &&
	           mandate_get(&state, BYTES("aurelia"), BYTES("backend"), BYTES("*"), &m),
	   "its mandate ends, the one for all stays");
	ok(refused_for(BACKEND, ds_dropping(AURELIA, "cas"), REASON_CONSENT), "and does not cover it");
	act = (struct act){.kind = ACT_ROTATE,
	                   .by = BYTES("aurelia"),
	                   .field = {BYTES("1"), BYTES("none"), BYTES("")}};
	act.field[1] = bare_slot(BYTES("party/aurelia"));
	act.field[2] = key_lines(AURELIA);
	ok(taken(AURELIA, act) && mandate_get(&state, BYTES("aurelia"), BYTES("backend"), BYTES("*"), &m),
	   "a rotation that drops no act key ends none");
	/* Two lines: the old key's, and the new one's, which waits in another's place. */
	act.field[1] = bare_slot(BYTES("party/aurelia"));
	hand_make(STRANGER, AURELIA, 2);
	act.field[2] = key_lines(STRANGER);
	ok(enters(signed_by(&act, AURELIA, STRANGER), &read), "an act key goes");
	ok(!mandate_get(&state, BYTES("aurelia"), BYTES("backend"), BYTES("*"), &m), "and every mandate with it");
	hand_make(STRANGER, STRANGER, 1);
}

static void administrators(void)
{
	int64_t later = BEGIN + 30 * DAY;
	struct mandate m;

	ok(taken(BOREALIA, empowering(BOREALIA, ADMIN, "*", "ds operators", later)), "an administrator, for DS");
	ok(refused_for(ADMIN, empowering(BOREALIA, BACKEND, "*", "ns", later), REASON_ADMINISTRATOR),
	   "who gives nothing that it has not");
	ok(refused_for(ADMIN, empowering(BOREALIA, BACKEND, "*", "ds", later + 1), REASON_ADMINISTRATOR), "no longer");
	ok(refused_for(ADMIN, empowering(BOREALIA, BACKEND, "*", "operators", later), REASON_ADMINISTRATOR),
	   "makes no administrator");
	ok(refused_for(ADMIN, empowering(BOREALIA, ADMIN, "*", "ds", later), REASON_ADMINISTRATOR), "nor itself anything");
	ok(taken(ADMIN, empowering(BOREALIA, BACKEND, "bor", "ds-drop", later)) &&
	           mandate_get(&state, BYTES("borealia"), BYTES("backend"), BYTES("bor"), &m) &&
	           bytes_same(m.named_by, BYTES("admin")),
	   "names an operator for what it may do itself");
	ok(taken(BOREALIA, empowering(BOREALIA, STRANGER, "*", "ns", later)) &&
	           refused_for(ADMIN, disempowering(BOREALIA, STRANGER, "*"), REASON_ADMINISTRATOR) &&
	           refused_for(ADMIN, empowering(BOREALIA, STRANGER, "bor", "none", later), REASON_ADMINISTRATOR),
	   "and touches nobody whom the party named");
	ok(taken(BOREALIA, empowering(BOREALIA, ADMIN, "*", "ns operators", later)) &&
	           !mandate_get(&state, BYTES("borealia"), BYTES("backend"), BYTES("bor"), &m),
	   "when what it may do changes, those it named end");
	ok(taken(STRANGER, disempowering(BOREALIA, STRANGER, "*")) && taken(ADMIN, disempowering(BOREALIA, ADMIN, "*")) &&
	           refused_for(ADMIN, ds_dropping(BOREALIA, "bor"), REASON_OPERATOR),
	   "an operator lays down what it has");
}

static struct act batch_of(enum who by, const char *count, struct bytes document)
{
	struct writer w = writer_in(&room);

	act_write_embedded(&w, document);
	return (struct act){.kind = ACT_BATCH,
	                    .by = bytes_of(NAMES[by]),
	                    .field = {bytes_of(count)},
	                    .embed = bare_made(&w)};
}

static void item_add(struct writer *w, enum batch_change change, const char *label, const char *records)
{
	struct bytes stands = tld_slot(label);

	batch_write(w, &(struct batch_item){change, bytes_of(label),
	                                    stands.size > BATCH_SLOT_DIGITS ? bytes_first(stands, BATCH_SLOT_DIGITS)
	                                                                    : stands,
	                                    bytes_of(records)});
}

static struct bytes two_items(void)
{
	static uint8_t text[4000];
	struct writer w = {.at = text, .size = sizeof(text)};

	item_add(&w, BATCH_DS, "aur", DS_OF("aur", "7"));
	item_add(&w, BATCH_DELEGATE, "bor", NS_OTHER("bor"));
	return writer_bytes(&w);
}

static void batches(void)
{
	int64_t later = BEGIN + 30 * DAY;
	struct batch_result result[2];
	struct bytes id, lines;
	struct holding h;
	struct writer w;
	struct act act, read;

	act = batch_of(BACKEND, "2", two_items());
	ok(refused_for(BACKEND, act, REASON_OPERATOR), "a batch of whom nobody has named");
	ok(taken(AURELIA, empowering(AURELIA, BACKEND, "*", "ds", later)) &&
	           taken(BOREALIA, empowering(BOREALIA, BACKEND, "bor", "ds", later)),
	   "two parties have one back-end");
	act = batch_of(BACKEND, "3", two_items());
	ok(refused_for(BACKEND, act, REASON_BATCH), "a count that is another");
	act = batch_of(BACKEND, "2", two_items());
	ok(refused_for(STRANGER, act, REASON_OPERATOR), "another's line under it");
	ok(enters(signed_by(&act, BACKEND, BACKEND), &read), "one act of the back-end over both");
	id = bare_digest(&read.id);
	ok(batch_results(&state, id, &lines) && batch_result_next(&lines, &result[0]) &&
	           batch_result_next(&lines, &result[1]) && !batch_result_next(&lines, &result[1]) &&
	           result[0].reason == REASON_NONE && result[1].reason == REASON_SCOPE &&
	           bytes_same(result[1].label, BYTES("bor")) && bytes_same(result[1].change, BYTES("delegate")),
	   "each item has its result");
	ok(holding_get(&state, BYTES("aur"), &h) && bytes_same(h.act, id) &&
	           bytes_same(h.records, BYTES(NS_ELSE("aur") DS_OF("aur", "7"))),
	   "what took effect names the batch, and leaves the name servers as they are");
	ok(holding_get(&state, BYTES("bor"), &h) && bytes_same(h.records, BYTES(NS_ELSE("bor"))),
	   "what was refused changed nothing");
	act.until.seconds = read.until.seconds;
	ok(!submit(signed_by(&act, BACKEND, BACKEND), &read) && refusal.reason == REASON_SEEN, "not twice");
	act.until.seconds = 0;
	act = batch_of(BACKEND, "2", two_items());
	act.words = BYTES("> again\n");
	ok(taken(BACKEND, act) == false && refusal.reason == REASON_BATCH_NOTHING &&
	           bytes_same(refusal.detail[0], BYTES("aur: scope; bor: scope")),
	   "where nothing can take effect, the whole is refused");
	w = (struct writer){.at = (uint8_t[4000]){0}, .size = 4000};
	item_add(&w, BATCH_DELEGATE, "bor", NS_OTHER("bor"));
	item_add(&w, BATCH_DELEGATE, "new", NS_OTHER("new"));
	act = batch_of(BOREALIA, "2", writer_bytes(&w));
	ok(enters(signed_by(&act, BOREALIA, BOREALIA), &read), "a batch of a party, by its own key");
	ok(batch_results(&state, bare_digest(&read.id), &lines) && batch_result_next(&lines, &result[0]) &&
	           batch_result_next(&lines, &result[1]) && result[0].reason == REASON_NONE &&
	           result[1].reason == REASON_BATCH_ALONE,
	   "in which what others vote on has no place");
	w = (struct writer){.at = (uint8_t[4000]){0}, .size = 4000};
	item_add(&w, BATCH_DS_DROP, "aur", "");
	act = batch_of(BOREALIA, "1", writer_bytes(&w));
	ok(!says(BOREALIA, &act) && refusal.reason == REASON_BATCH_NOTHING, "nor what another holds");
}

/* Changes the limit of batches as an amendment would; the charter of the histories is not asked again. */
static void batches_allowed(uint32_t changes, uint16_t article)
{
	commons.charter.batches = changes;
	commons.charter.batches_article = article;
}

static struct act one_item(enum who by, enum batch_change change, const char *label, const char *records)
{
	uint8_t text[2000];
	struct writer w = {.at = text, .size = sizeof(text)};

	item_add(&w, change, label, records);
	return batch_of(by, "1", writer_bytes(&w));
}

/* One who signs batches changes so many delegations a day, and then has to wait; it drops DS all the same. */
static void a_day_of_batches(void)
{
	struct ledger_time began = commons.now;
	uint8_t told[500];
	struct writer w = {.at = told, .size = sizeof(told)};
	bool both;

	both = taken(AURELIA, empowering(AURELIA, BACKEND, "*", "ns ds", BEGIN + 60 * DAY)) &&
	       taken(BOREALIA, empowering(BOREALIA, BACKEND, "*", "ns ds", BEGIN + 60 * DAY));
	ok(both, "two parties have one back-end");
	batches_allowed(2, 1);
	ok(taken(BACKEND, batch_of(BACKEND, "2", two_items())), "two changes, as many as a day has");
	ok(refused_for(BACKEND, one_item(BACKEND, BATCH_DELEGATE, "aur", NS_OTHER("aur")), REASON_BATCHES),
	   "the third is refused");
	refusal_write(&w, &refusal, false);
	ok(bytes_same(writer_bytes(&w),
	              BYTES("more changes by batches in a day than the charter allows; charter, article 1, rule batches; "
	                    "comity-act(5), REFUSED 170: 2 changes, and 1 more; at most 2 a day: again from "
	                    "2026-11-23T13:00:00Z")),
	   "with the article, the reason, and the time when it is not any more");
	ok(bytes_same(refusal.detail[1], BYTES("2 项更改，另加 1 项；每日至多 2 项：可再提交的时间为 2026-11-23T13:00:00Z")),
	   "in Chinese too");
	ok(taken(BACKEND, one_item(BACKEND, BATCH_DS_DROP, "aur", "")), "to drop DS is never too much");
	ok(taken(BOREALIA, one_item(BOREALIA, BATCH_DELEGATE, "bor", NS_ELSE("bor"))), "another's day is another's");
	ok(taken(AURELIA, delegating(AURELIA, "aur", NS_OTHER("aur"))), "an act of its own is no batch");
	commons_begin(&commons, commons.height + 1, (struct ledger_time){began.seconds + DAY - 1});
	ok(refused_for(BACKEND, one_item(BACKEND, BATCH_DELEGATE, "aur", NS_ELSE("aur")), REASON_BATCHES),
	   "a second too early");
	commons_begin(&commons, commons.height + 1, (struct ledger_time){began.seconds + DAY});
	ok(taken(BACKEND, one_item(BACKEND, BATCH_DELEGATE, "aur", NS_ELSE("aur"))), "a day later it is taken");
	batches_allowed(1, 0);
	ok(refused_for(BOREALIA, batch_of(BOREALIA, "2", two_items()), REASON_BATCHES) &&
	           bytes_same(refusal.detail[0], BYTES("0 changes, and 2 more; at most 1 a day: one batch has no more")) &&
	           refusal.rule.size == 0,
	   "where one batch is too much for any day, that is what is said");
	batches_allowed(CHARTER_BATCHES, 0);
}

/* An operator proposes in the party's name; its mandate ends before the proposal does. */
static void proposals(void)
{
	struct act act = {.kind = ACT_HOST,
	                  .by = BYTES("aurelia"),
	                  .field = {BYTES("ns.aur."), BYTES("none")},
	                  .records = BYTES("+ ns.aur. 172800 IN A 192.0.2.7\n")}, read;
	struct note_key key;
	struct proposal p;
	struct bytes id;

	ok(taken(AURELIA, empowering(AURELIA, BACKEND, "*", "ds", BEGIN + 30 * DAY)) &&
	           refused_for(BACKEND, act, REASON_SCOPE),
	   "a host is no DS");
	ok(taken(AURELIA, empowering(AURELIA, BACKEND, "*", "host", BEGIN + 30 * DAY)), "the mandate is for hosts now");
	for (unsigned ended = 0; ended < 2; ended++) {
		act.words = ended ? BYTES("> once more\n") : BYTES("> a new one\n");
		ok(enters(signed_by(&act, BACKEND, BACKEND), &read), "an address, which others may object to");
		id = bare_digest(&read.id);
		ok(proposal_get(&state, id, &p) && proposal_is_by(&p, BYTES("aurelia")) && agent_get(&state, id, &key) &&
		           bytes_same(key.name, BYTES(BARE_ORIGIN "/o/backend/1")),
		   "the party's proposal, by the operator's key");
		if (!ended)
			ok(taken(AURELIA, disempowering(AURELIA, BACKEND, "*")), "the holder takes the mandate back");
		bare_pass(4 * DAY);
		ok(proposal_get(&state, id, &p) && !agent_get(&state, id, &key) &&
		           (ended ? p.status == PROPOSAL_DONE
		                  : p.status == PROPOSAL_REFUSED && p.reason == REASON_OPERATOR),
		   ended ? "with the mandate it takes effect" : "without it, it does not");
		if (!ended)
			ok(taken(AURELIA, empowering(AURELIA, BACKEND, "aur", "host", commons.now.seconds + 30 * DAY)),
			   "a mandate anew");
	}
}

/* ---- histories ---- */

/* What the holders have signed, kept apart from what is judged. */
static struct grant {
	bool stands;
	char may[60];
	int64_t expires;
	enum who named_by;
} grants[PARTIES][KEYS][4];

static char holder_of[LABEL_COUNT][64], held_by[LABEL_COUNT][64]; /* now, and before the act at hand */

static void look(struct bytes record[LABEL_COUNT])
{
	for (unsigned i = 0; i < LABEL_COUNT; i++) {
		struct record_key key;

		if (!record_get(&state, holding_key(&key, bytes_of(LABELS[i])), &record[i]))
			record[i] = BYTES("");
	}
}

static bool has_line(struct bytes lines, struct bytes line)
{
	return memmem(lines.at, lines.size, line.at, line.size) != NULL;
}

static void beyond(struct bytes these, struct bytes those, const char *ds, char *out)
{
	struct text lines = {.rest = these};
	struct bytes line;

	while (text_line(&lines, &line))
		if (bytes_starts(line, BYTES("+ ")) && !has_line(those, line))
			strcat(out, memmem(line.at, line.size, " NS ", 4)   ? "ns "
			            : memmem(line.at, line.size, " DS ", 4) ? ds
			                                                    : "glue ");
}

/* Whether a space-separated list has a word. */
static bool has_word(const char *list, const char *word)
{
	char padded[80], wanted[30];

	snprintf(padded, sizeof(padded), " %s ", list);
	snprintf(wanted, sizeof(wanted), " %s ", word);
	return strstr(padded, wanted) != NULL;
}

static bool granted(unsigned party, enum who operator, unsigned label, struct bytes before, struct bytes after)
{
	const struct grant *g = &grants[party][operator][label];
	char changes[2000] = "", *rest = NULL;

	if (!g->stands)
		g = &grants[party][operator][3];
	if (!g->stands || g->expires <= commons.now.seconds)
		return false;
	beyond(before, after, "ds-drop ", changes);
	beyond(after, before, "ds ", changes);
	if (memmem(after.at, after.size, "\n+ ", 3) == NULL || changes[0] == '\0')
		return false;
	for (char *word = strtok_r(changes, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		if (!has_word(g->may, word) && !(strcmp(word, "ds-drop") == 0 && has_word(g->may, "ds")))
			return false;
	return true;
}

static unsigned party_of(const char *name)
{
	for (unsigned i = 0; i < PARTIES; i++)
		if (strcmp(NAMES[i], name) == 0)
			return i;
	return PARTIES;
}

/* Who signed, and whether each change was theirs to make. */
static void judge(const struct bytes before[LABEL_COUNT], enum who who, enum who also, const struct act *act)
{
	struct bytes after[LABEL_COUNT];

	look(after);
	for (unsigned i = 0; i < LABEL_COUNT; i++) {
		unsigned holder = party_of(holder_of[i]);
		struct text lines = {.rest = after[i]};
		struct bytes line;

		if (bytes_same(before[i], after[i]))
			continue;
		changed++;
		if (who < PARTIES ? (who != holder && also != holder && before[i].size > 0)
		                  : holder == PARTIES || !granted(holder, who, i, before[i], after[i])) {
			wrong = true;
			printf("# %s of %s changed by the key of %s (%s):\n%.*s\n# and is:\n%.*s\n", LABELS[i], holder_of[i],
			       NAMES[who], act_row(act->kind)->word, (int)before[i].size, (const char *)before[i].at,
			       (int)after[i].size, (const char *)after[i].at);
		}
		by_operator += who >= PARTIES;
		in_batches += act->kind == ACT_BATCH;
		holder_of[i][0] = '\0';
		while (text_line(&lines, &line))
			if (bytes_starts(line, BYTES("holder: ")))
				snprintf(holder_of[i], sizeof(holder_of[i]), "%.*s", (int)(line.size - 8),
				         (const char *)line.at + 8);
	}
}

static void grants_end(unsigned party, int tld)
{
	for (enum who k = 0; k < KEYS; k++)
		for (int t = 0; t < 4; t++)
			if (tld < 0 || t == tld)
				grants[party][k][t].stands = false;
}

static void named_end(unsigned party, enum who operator)
{
	for (enum who k = 0; k < KEYS; k++)
		for (int t = 0; t < 4; t++)
			if (grants[party][k][t].named_by == operator)
				grants[party][k][t].stands = false;
}

/* Keeps the list, of an act that has entered. */
static void note_down(const struct act *act, enum who who)
{
	char by[64], text[64];
	enum who operator;
	unsigned party, tld = 0;

	snprintf(by, sizeof(by), "%.*s", (int)act->by.size, (const char *)act->by.at);
	party = party_of(by);
	if (act->kind == ACT_TRANSFER || act->kind == ACT_WITHDRAW) {
		struct bytes label = act->kind == ACT_TRANSFER ? act->field[0] : bytes_from(act->field[0], 4);

		while (tld < 3 && !bytes_same(label, bytes_of(TLDS[tld])))
			tld++;
		if (tld < 3)
			grants_end(party_of(held_by[tld]), (int)tld);
	}
	if (act->kind == ACT_ROTATE)
		grants_end(party, -1);
	if (act->kind != ACT_EMPOWER && act->kind != ACT_DISEMPOWER)
		return;
	snprintf(text, sizeof(text), "%.*s", (int)act->field[0].size, (const char *)act->field[0].at);
	for (operator = 0; strcmp(NAMES[operator], text) != 0;)
		operator++;
	while (!bytes_same(act->field[1], bytes_of(TLDS[tld])))
		tld++;
	if (act->kind == ACT_DISEMPOWER) {
		for (unsigned t = 0; t < 4; t++)
			if (t == tld || tld == 3)
				grants[party][operator][t].stands = false;
		named_end(party, operator);
		return;
	}
	named_end(party, operator);
	grants[party][operator][tld].stands = true;
	grants[party][operator][tld].named_by = who;
	grants[party][operator][tld].expires = act_time(act, "expires").seconds;
	snprintf(grants[party][operator][tld].may, sizeof(grants[0][0][0].may), "%.*s", (int)act->field[2].size,
	         (const char *)act->field[2].at);
}

static void mandates_judge(const struct act *last)
{
	unsigned standing = 0, listed = 0;
	struct mandate m;

	for (size_t index = 0; mandate_next(&state, BYTES(""), &index, &m);)
		standing++;
	for (unsigned p = 0; p < PARTIES; p++)
		for (enum who k = 0; k < KEYS; k++)
			for (unsigned t = 0; t < 4; t++)
				if (grants[p][k][t].stands) {
					listed++;
					if (!mandate_get(&state, bytes_of(NAMES[p]), bytes_of(NAMES[k]), bytes_of(TLDS[t]), &m))
						listed += 1000;
				}
	if (standing != listed) {
		wrong = true;
		printf("# %u mandates stand, %u are listed; behind:\n%.*s\n", standing, listed, (int)last->text.size,
		       (const char *)last->text.at);
	}
}

static const char *some_records(const char *label)
{
	static char text[1000];
	const char *l = label;
	int used;

	switch (dice_below(8)) {
	case 0:
		return "";
	case 1:
		snprintf(text, sizeof(text),
		         "+ %s. 172800 IN NS ns.%s.\n+ %s. 172800 IN NS ns2.else.\n+ ns.%s. 172800 IN A 192.0.2.%u\n", l, l, l,
		         l, (unsigned)dice_below(3) + 1);
		return text;
	default:
		used = snprintf(text, sizeof(text), "+ %s. 172800 IN NS ns.else.\n+ %s. 172800 IN NS ns%u.else.\n", l, l,
		                (unsigned)dice_below(8) == 0 ? 3 : 2);
		if (dice_below(2) == 0)
			snprintf(text + used, sizeof(text) - (size_t)used,
			         "+ %s. 86400 IN DS %u 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
			         l, (unsigned)dice_below(3) + 1);
		return text;
	}
}

static struct act some_batch(enum who who)
{
	struct writer w = {.at = arena_take(&room, 4000), .size = 4000};
	char *count = arena_take(&room, 2);

	count[0] = '0';
	count[1] = '\0';
	for (unsigned i = 0; i < LABEL_COUNT; i++) {
		if (dice_below(3) == 0)
			continue;
		switch (dice_below(3)) {
		case 0:
			item_add(&w, BATCH_DELEGATE, LABELS[i], some_records(LABELS[i]));
			break;
		case 1:
			item_add(&w, BATCH_DS_DROP, LABELS[i], "");
			break;
		default: {
			char ds[200];

			snprintf(ds, sizeof(ds),
			         "+ %s. 86400 IN DS %u 13 2 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
			         LABELS[i], (unsigned)dice_below(3) + 1);
			item_add(&w, BATCH_DS, LABELS[i], ds);
		}
		}
		count[0]++;
	}
	return batch_of(who, count, writer_bytes(&w));
}

static struct act about_operators(enum who *who)
{
	static const char *const MAY[] = {"ds",        "ns",          "ns glue ds",   "ds-drop",        "none",
	                                  "glue host", "ns glue ds operators", "ds operators", "ds-drop operators"};
	enum who party = (enum who)dice_below(PARTIES), operator = BACKEND + (enum who)dice_below(3);
	const char *tld = TLDS[dice_below(4)];

	*who = dice_below(3) == 0 ? ADMIN : dice_below(10) == 0 ? (enum who)dice_below(KEYS) : party;
	if (dice_below(4) == 0)
		return disempowering(party, operator, tld);
	return empowering(party, operator, tld, MAY[dice_below(9)], commons.now.seconds + (int64_t)dice_below(20 * DAY));
}

static struct act about_a_name(enum who *who, enum who *also)
{
	unsigned i = (unsigned)dice_below(LABEL_COUNT);
	enum who holder = (enum who)party_of(holder_of[i]), party;
	struct act act;

	party = holder == PARTIES || dice_below(8) == 0 ? (enum who)dice_below(PARTIES) : holder;
	*who = *also = dice_below(3) == 0   ? party
	               : dice_below(5) == 0 ? (enum who)dice_below(KEYS)
	                                    : BACKEND + (enum who)dice_below(2);
	switch (dice_below(20)) {
	case 0:
		*who = party;
		*also = (enum who)dice_below(PARTIES);
		return (struct act){.kind = ACT_TRANSFER,
		                    .by = bytes_of(NAMES[party]),
		                    .field = {bytes_of(LABELS[i]), bytes_of(NAMES[*also]), tld_slot(LABELS[i])}};
	case 1:
	case 2:
	case 3:
		return ds_dropping(party, LABELS[i]);
	default:
		act = delegating(party, LABELS[i], some_records(LABELS[i]));
		act.records = arena_copy(&room, act.records);
		return act;
	}
}

static struct act something(enum who *who, enum who *also)
{
	struct act act;

	switch (dice_below(6)) {
	case 0:
	case 1:
		act = about_operators(who);
		*also = *who;
		return act;
	case 2:
		*who = *also = dice_below(3) == 0 ? (enum who)dice_below(PARTIES) : BACKEND + (enum who)dice_below(3);
		return some_batch(*who);
	default:
		return about_a_name(who, also);
	}
}

#define A_DAY_HAS 3

/* What each has changed by batches since its day began, counted by the lines of their documents. */
static struct {
	int64_t since;
	unsigned changes;
} day[KEYS];

static void day_judge(enum who who, const struct act *act, bool was_entered)
{
	struct text lines = {.rest = act_embedded(act, &room)};
	struct bytes line;
	unsigned more = 0;

	while (text_line(&lines, &line))
		more += bytes_starts(line, BYTES("delegate ")) || bytes_starts(line, BYTES("ds "));
	if (commons.now.seconds >= day[who].since + DAY)
		day[who].changes = 0;
	if (was_entered ? day[who].changes + more > A_DAY_HAS
	                : refusal.reason == REASON_BATCHES && day[who].changes + more <= A_DAY_HAS) {
		wrong = true;
		printf("# %s: %u and %u changes in a day, and the batch is %s\n", NAMES[who], day[who].changes, more,
		       was_entered ? "entered" : "refused");
	}
	too_many += !was_entered && refusal.reason == REASON_BATCHES;
	if (!was_entered || more == 0)
		return;
	if (day[who].changes == 0)
		day[who].since = commons.now.seconds;
	day[who].changes += more;
}

static void step(struct bytes notes[STEPS], enum who signs[STEPS][2], unsigned i)
{
	struct bytes before[LABEL_COUNT];
	struct act act, read;

	if (i > 0 && dice_below(8) == 0) {
		/* What was signed once, again. */
		unsigned earlier = (unsigned)dice_below(i);

		notes[i] = notes[earlier];
		memcpy(signs[i], signs[earlier], sizeof(signs[i]));
	} else {
		act = something(&signs[i][0], &signs[i][1]);
		if (dice_below(4) == 0)
			act.until.seconds = commons.now.seconds + (int64_t)dice_below(10 * DAY);
		notes[i] = signed_by(&act, signs[i][0], signs[i][1]);
	}
	look(before);
	memcpy(held_by, holder_of, sizeof(held_by));
	if (submit(notes[i], &read)) {
		entered++;
		if (read.kind == ACT_BATCH)
			day_judge(signs[i][0], &read, true);
		judge(before, signs[i][0], signs[i][1], &read);
		note_down(&read, signs[i][0]);
	} else {
		refused++;
		if (refusal.reason == REASON_BATCHES)
			day_judge(signs[i][0], &read, false);
		judge(before, signs[i][0], signs[i][1], &read);
		wrong = wrong || refusal.reason == REASON_NONE;
	}
	mandates_judge(&read);
}

static void history(void)
{
	static struct bytes notes[STEPS];
	static enum who signs[STEPS][2];
	bare_again();
	memset(grants, 0, sizeof(grants));
	memset(day, 0, sizeof(day));
	batches_allowed(A_DAY_HAS, 0);
	snprintf(holder_of[0], sizeof(holder_of[0]), "aurelia");
	snprintf(holder_of[1], sizeof(holder_of[1]), "borealia");
	snprintf(holder_of[2], sizeof(holder_of[2]), "aurelia");
	for (unsigned i = 0; i < STEPS && !wrong; i++) {
		step(notes, signs, i);
		if (dice_below(10) == 0)
			bare_pass((int64_t)dice_below(8 * DAY));
	}
	wrong = wrong || !bare_holds();
}

static void played(void (*play)(void))
{
	bare_again();
	play();
	ok(bare_holds(), "every record has its form");
}

int main(int argc, char *argv[])
{
	unsigned long histories = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;
	unsigned long i;

	if (sodium_init() < 0)
		bail_out("libsodium");
	dice_seed();
	begin();
	played(scopes);
	played(ends);
	played(administrators);
	played(batches);
	played(a_day_of_batches);
	played(proposals);
	for (i = 0; i < histories && !wrong; i++)
		history();
	printf("# %lu histories: %u acts entered, %u refused; %u times a delegation changed, %u by an operator, %u in a "
	       "batch; %u batches too many for a day\n",
	       i, entered, refused, changed, by_operator, in_batches, too_many);
	ok(!wrong, "no delegation changes but by its holder's key, or by one that the holder named for exactly that");
	ok(entered > 0 && refused > 0 && by_operator > 0 && in_batches > 0 && too_many > 0, "histories in which something happens");
	return done_testing();
}
