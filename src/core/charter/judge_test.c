/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts: sentences of comity-charter(7) with examples, properties, and a second opinion. */
#include "charter/judge.h"

#include <string.h>

#include "base/words.h"
#include "charter/charter.h"
#include "tap.h"

#include "law.h"

#define PARTIES_MAX 600
#define TEXT_MAX    (CHARTER_SIZE_MAX + 1)

static uint8_t memory[CHARTER_MEMORY] __attribute__((aligned(16)));

static struct charter read_or_bail(struct bytes text)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct charter charter;
	struct charter_fault fault;
	uint8_t words[500];
	struct writer w = {.at = words, .size = sizeof(words) - 1};

	if (charter_read(text, &arena, &charter, &fault) != OK) {
		charter_fault_write(&fault, &w);
		words[w.used] = 0;
		bail_out((const char *)words);
	}
	return charter;
}

/* A charter whose rule delegate.grant is `rule`; the text lives until the next call. */
static struct charter charter_with(const char *rule)
{
	static char text[TEXT_MAX];
	int size = snprintf(text, sizeof(text),
	                    "comity-charter/1\n"
	                    "version 1\n"
	                    "languages en\n"
	                    "title en Test\n"
	                    "chamber states of kind state\n"
	                    "chamber others of kind other\n"
	                    "chamber listed of kind state, recognised by codes\n"
	                    "list friends {o1, s1, s2}\n"
	                    "weight s1 1\n"
	                    "signers all\n"
	                    "\n"
	                    "article 1\n"
	                    "en Test\n"
	                    "rule delegate.update holder\n"
	                    "rule delegate.drop-ds holder\n"
	                    "rule party.withdraw holder\n"
	                    "rule charter.amend all\n"
	                    "rule register.adopt all\n"
	                    "rule delegate.grant %s\n",
	                    rule);

	return read_or_bail((struct bytes){(uint8_t *)text, (size_t)size});
}

struct test_case {
	struct charter_party parties[PARTIES_MAX];
	struct charter_case it;
	struct charter_listing listing;
};

/*
 * A case in short: parties by name, s1 a state and o1 an other; then + yes, - no, ~ abstains,
 * . silent; then y, n or a as its proxy votes, h holder, r recipient, p proposer, c concerned, i interested, x suspended,
 * ! objects, u does not stand in the register `codes`; then *N its weight. A word of V, O, E or C: vote, objection, expedited, comment is over.
 * A word of N, L, R or G: what the act is about never was in that register, stands in it, was removed from it, is given back.
 */
static void read_party(const char *word, size_t size, struct charter_party *party)
{
	size_t name = strcspn(word, "+-~.");

	*party = (struct charter_party){
		.name = {(const uint8_t *)word, name},
		.kind = bytes_of(word[0] == 's' ? "state" : "other"),
		.weight = 1,
	};
	for (size_t i = name; i < size; i++)
		switch (word[i]) {
		case '+':
			party->vote = VOTE_YES;
			break;
		case '-':
			party->vote = VOTE_NO;
			break;
		case '~':
			party->vote = VOTE_ABSTAIN;
			break;
		case 'y':
			party->by_proxy = VOTE_YES;
			break;
		case 'n':
			party->by_proxy = VOTE_NO;
			break;
		case 'a':
			party->by_proxy = VOTE_ABSTAIN;
			break;
		case 'h':
			party->holder = true;
			break;
		case 'r':
			party->recipient = true;
			break;
		case 'p':
			party->proposer = true;
			break;
		case 'c':
			party->concerned = true;
			break;
		case 'i':
			party->interested = true;
			break;
		case 'x':
			party->suspended = true;
			break;
		case '!':
			party->objects = true;
			break;
		case 'u':
			party->unlisted = BYTES("codes");
			break;
		case '*':
			party->weight = (uint32_t)strtoul(word + i + 1, NULL, 10);
			return;
		case '.':
			break;
		default:
			bail_out(word);
		}
}

static void read_listing(const char *word, size_t size, struct test_case *c)
{
	static const char LETTERS[] = "-NLRG"; /* by enum charter_listing_status */

	for (enum charter_listing_status s = LISTING_NEVER; s <= LISTING_UNASKED; s++)
		if (memchr(word, LETTERS[s], size) != NULL) {
			c->listing = (struct charter_listing){BYTES("codes"), s};
			c->it.listings = &c->listing;
			c->it.listing_count = 1;
		}
}

static void read_case(const char *text, struct test_case *c)
{
	c->it = (struct charter_case){.parties = c->parties};
	while (*text != 0) {
		size_t size = strcspn(text, " ");

		if (*text >= 'A' && *text <= 'Z') {
			c->it.vote_over = c->it.vote_over || memchr(text, 'V', size) != NULL;
			c->it.objection_over = memchr(text, 'O', size) != NULL;
			c->it.expedited_over = memchr(text, 'E', size) != NULL;
			c->it.comment_over = memchr(text, 'C', size) != NULL;
			read_listing(text, size, c);
		} else {
			read_party(text, size, &c->parties[c->it.count++]);
		}
		text += size + (text[size] == ' ');
	}
}

struct row {
	const char *quote; /* of comity-charter(7); NULL: as the row before */
	const char *rule;
	const char *the_case;
	enum charter_outcome outcome;
	const char *told; /* in English */
};

static const struct row ROWS[] = {
	{"That party has said yes.", "holder", "s1+h s2.", CHARTER_HOLDS, "holder: agreed"},
	{NULL, "holder", "s1.h s2+", CHARTER_OPEN, "holder: waiting for s1"},
	{"The clause fails when the party has voted otherwise, when it is silent and the vote "
         "is "
         "over, or when there is no such party in the case.",
         "holder", "s1-h", CHARTER_FAILS, "holder: not agreed by s1"},
	{NULL, "holder", "s1~h", CHARTER_FAILS, "holder: not agreed by s1"},
	{NULL, "holder", "s1.h V", CHARTER_FAILS, "holder: not agreed by s1"},
	{NULL, "holder", "s1+", CHARTER_FAILS, "holder: there is none"},
	{NULL, "recipient", "s1+r", CHARTER_HOLDS, "recipient: agreed"},
	{NULL, "recipient", "s1+hp", CHARTER_FAILS, "recipient: there is none"},
	{"Who proposes says yes by proposing.", "proposer", "s1+p", CHARTER_HOLDS,
         "proposer: agreed"},
	{"The same for the party of that name.", "party s2", "s1+ s2.", CHARTER_OPEN,
         "party s2: waiting for s2"},
	{NULL, "party s2", "s1+ s2+", CHARTER_HOLDS, "party s2: agreed"},
	{NULL, "party s9", "s1+ s2+", CHARTER_FAILS, "party s9: there is none"},
	{"Every party of the case has said yes, suspended or not.", "all", "s1+ s2+ o1+x",
         CHARTER_HOLDS, "all: agreed"},
	{NULL, "all", "s1+ s2+ o1.x", CHARTER_OPEN, "all: waiting for o1"},
	{NULL, "all", "s1+ s2~ o1. V", CHARTER_FAILS, "all: not agreed by s2, o1"},
	{NULL, "all", "s1. s2. s3. s4. s5. s6. s7.", CHARTER_OPEN,
         "all: waiting for s1, s2, s3, s4, s5 and others"},
	{NULL, "all", "", CHARTER_FAILS, "all: there is none"},
	{"the party still agrees to what is its own", "holder", "s1+hx", CHARTER_HOLDS,
         "holder: agreed"},

	{"At least K parties of the set have said yes.", "2 of {s1, s2, s3}", "s1+ s2+ s3-",
         CHARTER_HOLDS, "2 of {s1, s2, s3}: 2 of 3, needs 2"},
	{NULL, "2 of {s1, s2, s3}", "s1+ s2. s3- s4+", CHARTER_OPEN,
         "2 of {s1, s2, s3}: 1 of 3, needs 2, still silent 1"},
	{NULL, "2 of {s1, s2, s3}", "s1+ s2~ s3- s4+", CHARTER_FAILS,
         "2 of {s1, s2, s3}: 1 of 3, needs 2"},
	{"K does not shrink when the set does.", "2 of {s1, s2, s3}", "s1+ s4+", CHARTER_FAILS,
         "2 of {s1, s2, s3}: 1 of 1, needs 2"},
	{NULL, "2 of states excluding concerned", "s1+c s2+ s3+c", CHARTER_FAILS,
         "2 of states excluding concerned: 1 of 1, needs 2"},
	{"every party of the case", "5 of parties", "s1+ s2+ s3+ o1+ o2+ o3-", CHARTER_HOLDS,
         "5 of parties: 5 of 6, needs 5"},
	{"the parties that the act touches", "1 of interested", "s1+ s2.i", CHARTER_OPEN,
         "1 of interested: 0 of 1, needs 1, still silent 1"},
	{"a chamber or a list", "3 of friends", "s1+ s2+ o1+", CHARTER_HOLDS,
         "3 of friends: 3 of 3, needs 3"},

	{"Of seven members, more than 2/3 are five.", "states > 2/3",
         "s1+ s2+ s3+ s4+ s5+ s6- s7-", CHARTER_HOLDS, "states > 2/3: 5 of 7, needs 5"},
	{NULL, "states > 2/3", "s1+ s2+ s3+ s4. s5. s6- s7-", CHARTER_OPEN,
         "states > 2/3: 3 of 7, needs 5, still silent 2"},
	{NULL, "states > 2/3", "s1+ s2+ s3+ s4- s5. s6- s7-", CHARTER_FAILS,
         "states > 2/3: 3 of 7, needs 5"},
	{"The decision is taken at that moment.", "states > 2/3, vote 14d",
         "s1+ s2+ s3+ s4+ s5+ s6. s7.", CHARTER_HOLDS, "states > 2/3: 5 of 7, needs 5"},
	{"To abstain or to be silent is not to say yes.", "states > 1/2", "s1+ s2~ s3~ s4+",
         CHARTER_FAILS, "states > 1/2: 2 of 4, needs 3"},
	{NULL, "states > 1/2", "s1+ s2. s3. s4+ V", CHARTER_FAILS,
         "states > 1/2: 2 of 4, needs 3"},
	{"More than, or at least, p/q of the members of the group have said yes.",
         "states >= 1/2", "s1+ s2. s3. s4+", CHARTER_HOLDS, "states >= 1/2: 2 of 4, needs 2"},
	{NULL, "states > 2/3", "s1+ s2+ s3-", CHARTER_FAILS, "states > 2/3: 2 of 3, needs 3"},
	{NULL, "states >= 2/3", "s1+ s2+ s3- o1- o2-", CHARTER_HOLDS,
         "states >= 2/3: 2 of 3, needs 2"},
	{"Nobody agrees to nothing", "others >= 1/2", "s1+ s2+", CHARTER_FAILS,
         "others >= 1/2: nobody here may vote"},
	{"neither above nor below the line", "states > 2/3", "s1+ s2+ s3+ s4.x s5.x",
         CHARTER_HOLDS, "states > 2/3: 3 of 3, needs 3"},
	{NULL, "states > 2/3", "s1+ s2+ s3. s4+x", CHARTER_OPEN,
         "states > 2/3: 2 of 3, needs 3, still silent 1"},
	{"left out of the set, above the line and below it", "states > 2/3 excluding concerned",
         "s1+ s2+ s3+ s4-c s5-c", CHARTER_HOLDS,
         "states > 2/3 excluding concerned: 3 of 3, needs 3"},
	{NULL, "states > 1/2", "s1+ s2+ s3+ s4-c s5-c s6-", CHARTER_FAILS,
         "states > 1/2: 3 of 6, needs 4"},
	{"Parties count by their weights, and not by head.", "states > 1/2 by weight",
         "s1+*10 s2-*3 s3-*6", CHARTER_HOLDS,
         "states > 1/2 by weight: weight 10 of 19, needs 10"},
	{NULL, "parties >= 85/100 by weight", "s1-*16 s2+*42 o1+*42", CHARTER_FAILS,
         "parties >= 85/100 by weight: weight 84 of 100, needs 85"},
	{NULL, "parties >= 85/100 by weight", "s1-*15 s2+*42 o1+*43", CHARTER_HOLDS,
         "parties >= 85/100 by weight: weight 85 of 100, needs 85"},

	{"To abstain is not to cast a vote.", "states > 1/2 of votes cast",
         "s1+ s2+ s3- s4~ s5~", CHARTER_HOLDS,
         "states > 1/2 of votes cast: 2 of 3 cast, needs 2"},
	{"the clause holds before the vote is over only if it would hold were all the silent "
         "to "
         "say no",
         "states > 2/3 of votes cast", "s1+ s2+ s3+ s4+ s5+ s6. s7.", CHARTER_HOLDS,
         "states > 2/3 of votes cast: 5 of 5 cast, needs 4"},
	{NULL, "states > 2/3 of votes cast", "s1+ s2+ s3+ s4+ s5. s6. s7.", CHARTER_OPEN,
         "states > 2/3 of votes cast: 4 of 4 cast, needs 3, still silent 3"},
	{NULL, "states > 2/3 of votes cast", "s1+ s2+ s3+ s4+ s5. s6. s7. V", CHARTER_HOLDS,
         "states > 2/3 of votes cast: 4 of 4 cast, needs 3"},
	{NULL, "states > 2/3 of votes cast", "s1- s2- s3- s4. s5.", CHARTER_FAILS,
         "states > 2/3 of votes cast: 0 of 3 cast, needs 3"},
	{"It fails when no vote is cast.", "states >= 1/2 of votes cast", "s1~ s2. V",
         CHARTER_FAILS, "states >= 1/2 of votes cast: no vote is cast"},
	{NULL, "states >= 1/2 of votes cast", "s1~ s2.", CHARTER_OPEN,
         "states >= 1/2 of votes cast: no vote is cast, still silent 1"},

	{"To abstain is to take part.", "quorum 1/2 of states", "s1~ s2- s3. s4.",
         CHARTER_HOLDS, "quorum 1/2 of states: 2 of 4 took part, needs 2"},
	{"At least p/q of the set, or of all parties, have voted.", "quorum 2/3", "s1+ o1+ s2.",
         CHARTER_HOLDS, "quorum 2/3: 2 of 3 took part, needs 2"},
	{NULL, "quorum 2/3", "s1+ o1. s2.", CHARTER_OPEN,
         "quorum 2/3: 1 of 3 took part, needs 2, still silent 2"},
	{NULL, "quorum 2/3", "s1+ o1. s2. V", CHARTER_FAILS,
         "quorum 2/3: 1 of 3 took part, needs 2"},

	{"No party of the set has voted no.", "no veto of {s1, s2}", "s1+ s2- s3+",
         CHARTER_FAILS, "no veto of {s1, s2}: vetoed by s2"},
	{"Who has a veto has the whole time to use it", "no veto of {s1, s2}", "s1+ s2+ s3-",
         CHARTER_OPEN, "no veto of {s1, s2}: a veto may still come"},
	{"To abstain is not a veto.", "no veto of {s1, s2}", "s1. s2~ s3- V", CHARTER_HOLDS,
         "no veto of {s1, s2}: no veto"},
	{NULL, "9 of states & no veto of {s1, s2, s3, s4, s5}",
         "s1+ s2+ s3+ s4+ s5- s6+ s7+ s8+ s9+ s10+ V", CHARTER_FAILS,
         "no veto of {s1, s2, s3, s4, s5}: vetoed by s5"},

	{"The clause fails as soon as K do", "objections states < 2", "s1+! s2+! s3+ s4+",
         CHARTER_FAILS, "objections states < 2: objections 2 by s1, s2"},
	{"is open until the time to object is over", "objections states < 2", "s1+! s2+",
         CHARTER_OPEN, "objections states < 2: objections 1 by s1, more may come"},
	{NULL, "objections states < 2", "s1+! s2+ o1! V", CHARTER_HOLDS,
         "objections states < 2: objections 1 by s1"},
	{"that of the rule's objection, otherwise that of its vote",
         "objections states < 2, objection 3d by friends", "s3.! s4. V", CHARTER_OPEN,
         "objections states < 2: objections 1 by s3, more may come; objection 3d by friends: "
         "an objection may still come"},
	{NULL, "objections states < 2, objection 3d by friends", "s3.! s4. O", CHARTER_HOLDS,
         "objections states < 2: objections 1 by s3; objection 3d by friends: no objection"},
	{"and it still objects", "objections states < 1", "s1.!x s2+", CHARTER_FAILS,
         "objections states < 1: objections 1 by s1"},

	{"it is never taken as true", "checked", "s1+hpr", CHARTER_FAILS,
         "checked: there are no attesters here"},
	{"For any other act the clause fails", "ruling & states > 1/2", "s1+", CHARTER_FAILS,
         "ruling: no award orders this"},
	{NULL, "holder & checked", "s1+h", CHARTER_FAILS,
         "checked: there are no attesters here"},
	{NULL, "holder | checked", "s1+h", CHARTER_HOLDS, "holder: agreed"},

	{"What is joined by & holds when every part holds, fails when one part fails, and is "
         "open "
         "otherwise.",
         "states > 2/3 & others > 1/2", "s1+ s2+ s3+ o1+ o2+", CHARTER_HOLDS,
         "states > 2/3: 3 of 3, needs 3; others > 1/2: 2 of 2, needs 2"},
	{NULL, "states > 2/3 & others > 1/2", "s1+ s2+ s3+ o1+ o2.", CHARTER_OPEN,
         "others > 1/2: 1 of 2, needs 2, still silent 1"},
	{NULL, "states > 2/3 & others > 1/2", "s1. s2. s3. o1- o2.", CHARTER_FAILS,
         "others > 1/2: 0 of 2, needs 2"},
	{"What is joined by | holds when one part holds, fails when every part fails, and is "
         "open "
         "otherwise.",
         "holder | states > 1/2", "s1.h s2+ s3+", CHARTER_HOLDS,
         "states > 1/2: 2 of 3, needs 2"},
	{NULL, "holder | states > 1/2", "s1-h s2. s3+", CHARTER_OPEN,
         "states > 1/2: 1 of 3, needs 2, still silent 1"},
	{NULL, "holder | states > 1/2", "s1-h s2~ s3+", CHARTER_FAILS,
         "holder: not agreed by s1; or states > 1/2: 1 of 3, needs 2"},
	{NULL, "(holder | states > 1/2) & 1 of friends", "s1.h s2- s3+ s4.", CHARTER_OPEN,
         "holder: waiting for s1; or states > 1/2: 1 of 4, needs 3, still silent 2; 1 of "
         "friends: 0 of 2, needs 1, still silent 1"},

	{"The case does not hold before that time is over.",
         "holder & recipient, objection 30d by interested", "s1+h s2+r s3.i", CHARTER_OPEN,
         "objection 30d by interested: an objection may still come"},
	{NULL, "holder & recipient, objection 30d by interested", "s1+h s2+r s3.i O",
         CHARTER_HOLDS,
         "holder: agreed; recipient: agreed; objection 30d by interested: no objection"},
	{"One objection is enough, and the case fails.",
         "holder & recipient, objection 30d by interested", "s1+h s2.r s3.i! s4+",
         CHARTER_FAILS, "objection 30d by interested: objection by s3"},
	{NULL, "holder & recipient, objection 30d by interested", "s1+h s2+r s3.! O",
         CHARTER_HOLDS,
         "holder: agreed; recipient: agreed; objection 30d by interested: no objection"},
	{NULL, "holder, objection 30d by {s3}", "s1.h s3+!", CHARTER_FAILS,
         "objection 30d by {s3}: objection by s3"},
	{NULL, "holder, objection 30d by {s3}", "s1.h s3+", CHARTER_OPEN,
         "holder: waiting for s1; objection 30d by {s3}: an objection may still come"},
	{NULL, "holder, objection 30d by {s3}", "s1-h s3+", CHARTER_FAILS,
         "holder: not agreed by s1"},

	{"When EXPR holds within D after the case opened",
         "states > 1/2 of votes cast, vote 14d, expedited 2d by states > 2/3, delay 2d",
         "s1+ s2+ s3+ s4.", CHARTER_HOLDS, "states > 2/3: 3 of 4, needs 3"},
	{"Otherwise the case goes on under the rule's own expression",
         "all, vote 14d, expedited 2d by states > 2/3", "s1+ s2+ s3+ s4.", CHARTER_HOLDS,
         "states > 2/3: 3 of 4, needs 3"},
	{NULL, "all, vote 14d, expedited 2d by states > 2/3", "s1+ s2+ s3+ s4. E", CHARTER_OPEN,
         "all: waiting for s4"},
	{NULL, "all, vote 14d, expedited 2d by states > 2/3", "s1+ s2+ s3. s4-", CHARTER_OPEN,
         "states > 2/3: 2 of 4, needs 3, still silent 1"},
	{NULL, "all, vote 14d, expedited 2d by states > 2/3", "s1+ s2+ s3- s4-", CHARTER_FAILS,
         "all: not agreed by s3, s4"},

	{"The case does not hold before that time is over.", "states > 1/2, comment 7d", "s1+ s2+ s3.",
         CHARTER_OPEN, "comment 7d: comments may still come"},
	{NULL, "states > 1/2, comment 7d", "s1+ s2+ s3. C", CHARTER_HOLDS, "states > 1/2: 2 of 3, needs 2"},
	{NULL, "states > 1/2, comment 7d", "s1+ s2- s3-", CHARTER_FAILS, "states > 1/2: 1 of 3, needs 2"},
	{NULL, "holder, comment 7d, objection 3d by states", "s1+h s2.", CHARTER_OPEN,
         "comment 7d: comments may still come; objection 3d by states: an objection may still come"},
	{NULL, "holder, comment 7d, objection 3d by states", "s1+h s2.!", CHARTER_FAILS,
         "objection 3d by states: objection by s2"},
	{"What expedited takes holds in it all the same.", "states > 1/2, comment 7d, expedited 1d by all",
         "s1+ s2+", CHARTER_HOLDS, "all: agreed"},

	{"While a party is silent, where votes are counted its proxy's vote is its own.", "states > 1/2",
         "s1+ s2.y s3.", CHARTER_HOLDS, "states > 1/2: 2 of 3, needs 2"},
	{NULL, "states > 1/2", "s1+ s2-y s3-", CHARTER_FAILS, "states > 1/2: 1 of 3, needs 2"},
	{NULL, "no veto of {s1, s2}", "s1+ s2.n", CHARTER_FAILS, "no veto of {s1, s2}: vetoed by s2"},
	{NULL, "quorum 2/3", "s1+ s2.a s3.", CHARTER_HOLDS, "quorum 2/3: 2 of 3 took part, needs 2"},
	{"To what is its own (holder, recipient, proposer, party, all) a party agrees itself", "holder",
         "s1.hy", CHARTER_OPEN, "holder: waiting for s1"},
	{NULL, "all", "s1+ s2.y", CHARTER_OPEN, "all: waiting for s2"},

	{"votes are counted there of those who stand in it", "listed > 1/2", "s1+ s2+ s3-u s4-u s5.u", CHARTER_HOLDS,
         "listed > 1/2: 2 of 2, needs 2"},
	{NULL, "states > 1/2", "s1+ s2+ s3-u s4-u s5-u", CHARTER_FAILS, "states > 1/2: 2 of 5, needs 3"},
	{NULL, "2 of listed", "s1+ s2+u", CHARTER_FAILS, "2 of listed: 1 of 1, needs 2"},
	{NULL, "quorum 1/2 of listed", "s1+ s2.u s3.", CHARTER_HOLDS, "quorum 1/2 of listed: 1 of 2 took part, needs 1"},
	{NULL, "no veto of listed", "s1+ s2-u V", CHARTER_HOLDS, "no veto of listed: no veto"},
	{"who does not still objects, agrees to what is its own", "objections listed < 1", "s1+ s2.u!", CHARTER_FAILS,
         "objections listed < 1: objections 1 by s2"},
	{NULL, "holder, objection 3d by listed", "s1+h s2.u!", CHARTER_FAILS, "objection 3d by listed: objection by s2"},
	{NULL, "holder", "s1+hu", CHARTER_HOLDS, "holder: agreed"},
	{NULL, "all", "s1+u s2.", CHARTER_OPEN, "all: waiting for s2"},
	{"Whom or what the act is about stands in the register;", "recognised by codes", "s1+ L", CHARTER_HOLDS,
         "recognised by codes: in the register"},
	{NULL, "recognised by codes", "s1+ N", CHARTER_FAILS, "recognised by codes: not in the register"},
	{NULL, "recognised by codes", "s1+ R", CHARTER_FAILS, "recognised by codes: removed from the register"},
	{NULL, "removed from codes", "s1+ R", CHARTER_HOLDS, "removed from codes: removed from the register"},
	{NULL, "removed from codes", "s1+ N", CHARTER_FAILS, "removed from codes: not in the register"},
	{"An act that only gives back what was taken on that ground", "removed from codes & recognised by codes", "s1+ G",
         CHARTER_HOLDS,
         "removed from codes: not asked, it gives back what was taken; "
         "recognised by codes: not asked, it gives back what was taken"},
	{"Whom or what the act is about stands in the register;", "removed from codes | states > 1/2", "s1+ s2. L", CHARTER_OPEN,
         "states > 1/2: 1 of 2, needs 2, still silent 1"},
	{"Both fail where no such register is adopted.", "recognised by codes", "s1+", CHARTER_FAILS,
         "recognised by codes: no such register is adopted"},
	{NULL, "removed from members & states > 1/2", "s1+ L", CHARTER_FAILS,
         "removed from members: no such register is adopted"},
};

static bool told(const struct charter_rule *rule, const struct charter_case *c,
                 enum charter_language language, const char *expected)
{
	uint8_t words[2000];
	struct writer w = {.at = words, .size = sizeof(words)};
	struct fault fault;

	charter_tell(rule, c, language, &w);
	if (w.full || !words_valid(bytes_first(writer_bytes(&w), WORDS_SIZE_MAX), &fault))
		return false;
	if (expected == NULL || bytes_same(writer_bytes(&w), bytes_of(expected)))
		return true;
	printf("# told: %.*s\n", (int)w.used, words);
	return false;
}

static void rows(void)
{
	static struct test_case c;

	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		const struct row *row = &ROWS[i];
		struct charter charter = charter_with(row->rule);
		const struct charter_rule *rule =
			charter_rule(&charter, BYTES("delegate.grant"));
		struct charter_verdict verdict;
		char name[300];

		read_case(row->the_case, &c);
		charter_judge(rule, &c.it, &verdict);
		snprintf(name, sizeof(name), "%s: %s", row->rule, row->the_case);
		ok((row->quote == NULL || law(row->quote)) && verdict.outcome == row->outcome &&
		           told(rule, &c.it, CHARTER_EN, row->told) &&
		           told(rule, &c.it, CHARTER_ZH, NULL),
		   name);
	}
}

static void in_chinese(void)
{
	static struct test_case c;
	struct charter charter = charter_with("states > 2/3 & holder & no veto of friends");
	const struct charter_rule *rule = charter_rule(&charter, BYTES("delegate.grant"));

	read_case("s1+ s2+ s3+ s4.h s5. s6- s7.", &c);
	ok(told(rule, &c.it, CHARTER_ZH,
	        "states > 2/3：7 中有 3，需 5，尚未表态 3；holder：等待 s4；"
	        "no veto of friends：仍可能被否决"),
	   "what is missing, in Chinese");
	read_case("s1- s2- s3+ s4-h s5. s6- s7. o1-", &c);
	ok(told(rule, &c.it, CHARTER_ZH,
	        "states > 2/3：7 中有 1，需 5；holder：未同意者 s4；"
	        "no veto of friends：被否决，否决者 s1、s2、o1"),
	   "why not, in Chinese");
	charter = charter_with("states > 1/2 of votes cast by weight, objection 3d by parties");
	rule = charter_rule(&charter, BYTES("delegate.grant"));
	read_case("s1+*3 s2-*2 s3.*4 V", &c);
	ok(told(rule, &c.it, CHARTER_ZH, "objection 3d by parties：仍可能有异议"),
	   "an open window, in Chinese");
	read_case("s1+*3 s2-*2 s3.!*4 V", &c);
	ok(told(rule, &c.it, CHARTER_ZH, "objection 3d by parties：提出异议者 s3"),
	   "an objection, in Chinese");
	read_case("s1+*3 s2-*2 s3.*4 VO", &c);
	ok(told(rule, &c.it, CHARTER_ZH,
	        "states > 1/2 of votes cast by weight：按权重 已投 5，其中有 3，需 3；"
	        "objection 3d by parties：无异议"),
	   "a decision, in Chinese");
}

static struct charter_verdict verdict_of(const char *rule_text, const char *the_case)
{
	static struct test_case c;
	struct charter charter = charter_with(rule_text);
	struct charter_verdict verdict;

	read_case(the_case, &c);
	charter_judge(charter_rule(&charter, BYTES("delegate.grant")), &c.it, &verdict);
	return verdict;
}

static void what_a_verdict_carries(void)
{
	struct charter_verdict v = verdict_of("holder & states > 2/3", "s1+h s2. s3. s4.");

	ok(v.outcome == CHARTER_OPEN && v.clause->kind == CLAUSE_SHARE && v.tally.have == 1 &&
	           v.tally.need == 3 && v.tally.of == 4 && v.tally.silent == 3,
	   "the clause that decides, and its count");
	v = verdict_of("others > 1/2 & states > 1/2", "s1- o1-");
	ok(v.clause->p == 1 && bytes_same(v.clause->set->name, BYTES("others")),
	   "of several, the first");
	v = verdict_of("others > 1/2 | states > 1/2", "s1+ o1+");
	ok(bytes_same(v.clause->set->name, BYTES("others")), "also where any is enough");
	v = verdict_of("states > 1/2 & checked", "s1+");
	ok(v.unavailable && v.outcome == CHARTER_FAILS && v.clause->kind == CLAUSE_CHECKED,
	   "unavailable is said apart");
	v = verdict_of("ruling", "s1+");
	ok(v.unavailable && v.clause->kind == CLAUSE_RULING, "no ruling either");
	v = verdict_of("states > 1/2", "s1-");
	ok(!v.unavailable && !v.objected && v.outcome == CHARTER_FAILS, "lost, by votes");
	v = verdict_of("holder, objection 2d by parties", "s1+h s2.!");
	ok(v.objected && v.clause == NULL && !v.unavailable, "lost, by an objection");
	v = verdict_of("all, expedited 2d by 1 of states", "s1+ s2.");
	ok(v.expedited && v.outcome == CHARTER_HOLDS, "expedited");
	v = verdict_of("all, expedited 2d by 1 of states", "s1+ s2. E");
	ok(!v.expedited && v.outcome == CHARTER_OPEN, "too late to be expedited");
	v = verdict_of("1 of states, expedited 2d by all", "s1+ s2.");
	ok(!v.expedited && v.outcome == CHARTER_HOLDS, "holds in its own right");
}

static void ratifying(void)
{
	static struct test_case c;
	struct charter charter =
		charter_with("1 of states, vote 1d, sunset 72h, ratify 7d by states > 2/3");
	const struct charter_rule *rule = charter_rule(&charter, BYTES("delegate.grant"));
	struct charter_verdict verdict;
	uint8_t words[200];
	struct writer w = {.at = words, .size = sizeof(words)};

	read_case("s1+ s2. s3.", &c);
	charter_judge(rule, &c.it, &verdict);
	ok(verdict.outcome == CHARTER_HOLDS, "one state is enough");
	charter_judge_ratify(rule, &c.it, &verdict);
	charter_tell_ratify(rule, &c.it, CHARTER_EN, &w);
	ok(law("a case opens that is judged by EXPR alone") &&
	           verdict.outcome == CHARTER_OPEN &&
	           bytes_same(writer_bytes(&w),
	                      BYTES("states > 2/3: 1 of 3, needs 3, still silent 2")),
	   "and not enough to ratify");
	read_case("s1+ s2+ s3+", &c);
	charter_judge_ratify(rule, &c.it, &verdict);
	ok(verdict.outcome == CHARTER_HOLDS, "all three are");
}

static void quorums(void)
{
	static struct test_case c;
	struct charter charter = charter_with("states > 1/2 of votes cast & quorum 1/2 of "
	                                      "states, vote 7d, late quorum extends 2d");
	const struct charter_rule *rule = charter_rule(&charter, BYTES("delegate.grant"));

	read_case("s1+ s2. s3. s4.", &c);
	ok(!charter_quorum_reached(rule, &c.it), "one of four is no quorum");
	read_case("s1+ s2~ s3. s4.", &c);
	ok(law("When the quorum is first reached") && charter_quorum_reached(rule, &c.it),
	   "two are");
	charter = charter_with("states > 1/2");
	ok(!charter_quorum_reached(charter_rule(&charter, BYTES("delegate.grant")), &c.it),
	   "no quorum, never reached");
}

/* n states of which `yes` agree, by weight `weight` each. */
static enum charter_outcome outcome_of(const struct charter_rule *rule, size_t n, size_t yes,
                                       uint32_t weight)
{
	static struct test_case c;
	struct charter_verdict verdict;

	c.it = (struct charter_case){.parties = c.parties, .count = n, .vote_over = true};
	for (size_t i = 0; i < n; i++)
		c.parties[i] = (struct charter_party){
			.name = BYTES("s1"),
			.kind = BYTES("state"),
			.weight = weight,
			.vote = i < yes ? VOTE_YES : VOTE_NO,
		};
	charter_judge(rule, &c.it, &verdict);
	return verdict.outcome;
}

/* Of every count of members, the least that is enough is the one of exact arithmetic. */
static void exact_shares(void)
{
	static const unsigned SHARES[][2] = {{1, 2},   {2, 3}, {3, 4},
	                                     {17, 20}, {1, 3}, {667, 1000}};
	bool exact = true;

	for (size_t s = 0; s < sizeof(SHARES) / sizeof(SHARES[0]); s++)
		for (int strict = 0; strict <= 1; strict++) {
			unsigned p = SHARES[s][0], q = SHARES[s][1];
			char text[60];
			struct charter charter;
			const struct charter_rule *rule;

			snprintf(text, sizeof(text), "states %s %u/%u by weight",
			         strict ? ">" : ">=", p, q);
			charter = charter_with(text);
			rule = charter_rule(&charter, BYTES("delegate.grant"));
			for (size_t n = 1; n <= 40; n++)
				for (size_t yes = 0; yes <= n; yes++) {
					bool enough =
						strict ? yes * q > p * n : yes * q >= p * n;

					exact = exact && (outcome_of(rule, n, yes, 1000000) ==
					                  CHARTER_HOLDS) == enough;
				}
		}
	ok(exact && law("All counting is exact."), "shares are exact at every size to 40");
}

/* More than two thirds, as Byzantine fault tolerance takes. */
static void known_sizes(void)
{
	static const unsigned SIZES[][2] = {{7, 5}, {13, 9}, {24, 17}, {30, 21}, {512, 342}};
	struct charter charter = charter_with("states > 2/3");
	const struct charter_rule *rule = charter_rule(&charter, BYTES("delegate.grant"));
	bool good = true;

	for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++)
		good = good && outcome_of(rule, SIZES[i][0], SIZES[i][1], 1) == CHARTER_HOLDS &&
		       outcome_of(rule, SIZES[i][0], SIZES[i][1] - 1, 1) == CHARTER_FAILS &&
		       charter_signing_threshold(SIZES[i][0]) == SIZES[i][1];
	ok(good, "more than two thirds, and as many sign");
}

/* --- The second opinion. */

static FILE *eval_open(void)
{
	const char *source = getenv("COMITY_SOURCE"), *seed = getenv("COMITY_SEED");
	char command[4096];

	if (source == NULL || system("python3 -c '' 2>/dev/null") != 0)
		return NULL;
	seed = seed != NULL ? seed : "20261122";
	printf("# seed %s (COMITY_SEED)\n", seed);
	fflush(stdout);
	snprintf(command, sizeof(command), "python3 '%s/test/interop/charter_eval.py' %lu 300",
	         source, strtoul(seed, NULL, 10));
	return popen(command, "r");
}

static struct charter eval_charter(FILE *from, unsigned lines)
{
	static char text[TEXT_MAX];
	size_t used = 0;

	while (lines-- > 0 && fgets(text + used, (int)(sizeof(text) - used), from) != NULL)
		used += strlen(text + used);
	return read_or_bail((struct bytes){(uint8_t *)text, used});
}

static void eval_party(FILE *from, size_t index, struct charter_party *party)
{
	static char names[64][3][64];
	unsigned weight, vote, proxy;
	char flags[16];

	if (index >= 64 || fscanf(from, "%63s %63s %u %u %u %15s\t%63[^\n]\n", names[index][0],
	                          names[index][1], &weight, &vote, &proxy, flags, names[index][2]) != 7)
		bail_out("charter_eval.py speaks another language");
	*party = (struct charter_party){
		.name = bytes_of(names[index][0]),
		.kind = bytes_of(names[index][1]),
		.weight = weight,
		.vote = (enum charter_vote)vote,
		.by_proxy = (enum charter_vote)proxy,
		.objects = flags[0] == '1',
		.holder = flags[1] == '1',
		.recipient = flags[2] == '1',
		.proposer = flags[3] == '1',
		.concerned = flags[4] == '1',
		.interested = flags[5] == '1',
		.suspended = flags[6] == '1',
		.unlisted = bytes_of(names[index][2]),
	};
}

static void eval_listings(FILE *from, struct charter_case *c)
{
	static struct charter_listing listings[] = {{.name = {(const uint8_t *)"codes", 5}},
	                                            {.name = {(const uint8_t *)"members", 7}}};
	unsigned status[2];

	if (fscanf(from, "%u %u\n", &status[0], &status[1]) != 2)
		bail_out("charter_eval.py says nothing of registers");
	listings[0].status = (enum charter_listing_status)status[0];
	listings[1].status = (enum charter_listing_status)status[1];
	c->listings = listings;
	c->listing_count = 2;
}

static enum charter_outcome judged(const struct charter_rule *rule,
                                   const struct charter_case *c)
{
	struct charter_verdict verdict;

	charter_judge(rule, c, &verdict);
	return verdict.outcome;
}

/* One more yes, of a party that said anything else, never makes the outcome worse. */
static bool monotone(const struct charter_rule *rule, struct test_case *c)
{
	enum charter_outcome before = judged(rule, &c->it);
	bool good = true;

	for (size_t i = 0; i < c->it.count; i++) {
		enum charter_vote vote = c->parties[i].vote;

		c->parties[i].vote = VOTE_YES;
		good = good && judged(rule, &c->it) >= before;
		c->parties[i].vote = vote;
	}
	return good;
}

/* What holds or fails stays so, whatever the silent for whom nobody speaks say or whichever time is over. The one
 * exception is what holds by `expedited`, which is decided at that moment. */
static bool settled(const struct charter_rule *rule, struct test_case *c)
{
	struct charter_case was = c->it;
	struct charter_verdict verdict;
	bool good = true;

	charter_judge(rule, &c->it, &verdict);
	if (verdict.outcome == CHARTER_OPEN || verdict.expedited)
		return true;
	for (size_t i = 0; i < c->it.count; i++)
		for (unsigned vote = 0; vote <= VOTE_ABSTAIN && !was.vote_over; vote++) {
			if (c->parties[i].vote != VOTE_NONE || c->parties[i].by_proxy != VOTE_NONE)
				continue;
			c->parties[i].vote = (enum charter_vote)vote;
			good = good && judged(rule, &c->it) == verdict.outcome;
			c->parties[i].vote = VOTE_NONE;
		}
	c->it.vote_over = c->it.objection_over = c->it.expedited_over = c->it.comment_over = true;
	good = good && judged(rule, &c->it) == verdict.outcome;
	c->it = was;
	return good;
}

/* When all times are over, no case is open. */
static bool decided_in_the_end(const struct charter_rule *rule, const struct test_case *c)
{
	struct charter_case end = c->it;

	end.vote_over = end.objection_over = end.expedited_over = end.comment_over = true;
	return judged(rule, &end) != CHARTER_OPEN;
}

struct tallies {
	unsigned cases, charters, numbers, outcomes[3], differ, uneven, unsettled, undecided;
};

/* Whether the times and the limit of batches are as the other evaluator reads them. */
static bool eval_numbers(FILE *from, const struct charter *charter)
{
	long long number;
	bool same = true;

	if (fscanf(from, "numbers") != 0)
		bail_out("charter_eval.py gives no numbers");
	for (unsigned i = 0; i <= CHARTER_TIMES; i++) {
		if (fscanf(from, " %lld", &number) != 1)
			bail_out("charter_eval.py gives no numbers");
		same = same && number == (i < CHARTER_TIMES ? charter->times.seconds[i] : (int64_t)charter->batches);
	}
	return same;
}

static void eval_case(FILE *from, const struct charter *charter, const char *name, size_t count,
                      struct test_case *c, struct tallies *t)
{
	const struct charter_rule *rule = charter_rule(charter, bytes_of(name));
	struct charter_verdict verdict, ratified;
	int outcome, expedited, objected, reached, ratify;

	eval_listings(from, &c->it);
	for (size_t i = 0; i < count; i++)
		eval_party(from, i, &c->parties[i]);
	if (fscanf(from, "verdict %d %d %d %d %d\n", &outcome, &expedited, &objected, &reached,
	           &ratify) != 5)
		bail_out("charter_eval.py gives no verdict");
	charter_judge(rule, &c->it, &verdict);
	if (rule->ratify != 0)
		charter_judge_ratify(rule, &c->it, &ratified);
	t->cases++;
	t->outcomes[verdict.outcome]++;
	t->uneven += !monotone(rule, c);
	t->unsettled += !settled(rule, c);
	t->undecided += !decided_in_the_end(rule, c);
	if ((int)verdict.outcome == outcome && verdict.expedited == (expedited != 0) &&
	    verdict.objected == (objected != 0) &&
	    charter_quorum_reached(rule, &c->it) == (reached != 0) &&
	    (rule->ratify != 0 ? (int)ratified.outcome == ratify : ratify == -1))
		return;
	t->differ++;
	printf("# we say %d, it says %d: %.*s\n", (int)verdict.outcome, outcome,
	       (int)rule->source.size, (const char *)rule->source.at);
}

static void second_opinion(void)
{
	static struct test_case c;
	struct charter charter = charter_with("all");
	struct tallies t = {0};
	FILE *from = eval_open();
	char word[16], name[64];
	unsigned lines, vote, objection, expedited, comment, count;

	if (from == NULL) {
		ok(true, "another evaluator # SKIP no python3, or no COMITY_SOURCE");
		return;
	}
	while (fscanf(from, "%15s", word) == 1)
		if (strcmp(word, "charter") == 0 && fscanf(from, " %u\n", &lines) == 1) {
			charter = eval_charter(from, lines);
			t.charters++;
			t.numbers += eval_numbers(from, &charter);
		} else if (strcmp(word, "case") == 0 &&
		           fscanf(from, " %63s %u %u %u %u %u\n", name, &vote, &objection,
		                  &expedited, &comment, &count) == 6) {
			c.it = (struct charter_case){.parties = c.parties,
			                             .count = count,
			                             .comment_over = comment == 1,
			                             .vote_over = vote == 1,
			                             .objection_over = objection == 1,
			                             .expedited_over = expedited == 1};
			eval_case(from, &charter, name, count, &c, &t);
		} else {
			bail_out("charter_eval.py speaks another language");
		}
	printf("# %u cases: %u fail, %u open, %u hold\n", t.cases, t.outcomes[0], t.outcomes[1],
	       t.outcomes[2]);
	ok(pclose(from) == 0 && t.cases >= 9000 && t.cases % 300 == 0, "charter_eval.py ended well");
	ok(t.charters == 300 && t.numbers == 300, "another evaluator reads the same times and limits");
	ok(t.differ == 0 && t.outcomes[0] > 500 && t.outcomes[1] > 500 && t.outcomes[2] > 500,
	   "another evaluator gives the same verdicts");
	ok(t.uneven == 0, "one more yes never makes it worse");
	ok(t.unsettled == 0 && law("nothing that the silent may still say changes that"),
	   "what is settled stays settled");
	ok(t.undecided == 0 && law("When all times are over, no case is open."),
	   "in the end every case is decided");
}

int main(void)
{
	rows();
	in_chinese();
	what_a_verdict_carries();
	ratifying();
	quorums();
	exact_shares();
	known_sizes();
	second_opinion();
	return done_testing();
}
