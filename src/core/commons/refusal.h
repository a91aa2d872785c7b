/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_REFUSAL_H
#define COMITY_COMMONS_REFUSAL_H

/*
 * refusal.h - when the charter, or a rule of the procedure, says no.
 *
 * A refusal is a result: it changes nothing in the state, is not logged, and is told to
 * the submitter with its reason, its article, and words. Numbers are for machines and are
 * never reused.
 *
 * Its article is that of the charter which holds the rule for such acts, where there is one; and
 * where not that rule decided, but what every charter rests on, "comity-act(5), REFUSED" with
 * the number of the reason.
 */

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/fault.h"
#include "base/writer.h"

enum reason {
	REASON_NONE = 0,
	/* the act itself */
	REASON_FEDERATION = 1,  /* made for another federation */
	REASON_EXPIRED = 2,     /* its until has passed */
	REASON_UNTIL_FAR = 3,   /* its until is too far ahead */
	REASON_SEEN = 4,        /* entered before */
	REASON_CHARTER = 5,     /* made under a charter whose rule was another */
	REASON_PARTY = 6,       /* by nobody who is a party */
	REASON_SIGNATURES = 7,  /* not exactly the signature lines it needs */
	REASON_SIGNATURE = 8,   /* a signature that does not hold */
	REASON_STALE = 9,       /* the record it replaces is another */
	REASON_GENESIS = 10,    /* a second founding */
	REASON_NOT_AN_ACT = 11, /* a kind that is not submitted this way */
	/* consent */
	REASON_NO_RULE = 20,     /* the charter has no rule for it */
	REASON_CONSENT = 21,     /* the rule is not satisfied */
	REASON_UNAVAILABLE = 22, /* the rule asks for checks or a ruling, and there are none */
	REASON_PROPOSAL = 23,    /* no such open proposal */
	REASON_NO_VOTE = 24,     /* no vote, or objection, in this proposal or at this time */
	REASON_PROPOSALS = 29,   /* its party has too many proposals that have not ended */
	/* names */
	REASON_HOLDER = 30,        /* nobody holds the name */
	REASON_HELD = 31,          /* somebody holds the name */
	REASON_OUTSIDE = 32,       /* a record that does not belong to the name */
	REASON_USE_HOST = 33,      /* other TLDs use the name server: its owner changes it */
	REASON_NO_GLUE = 34,       /* a name server below the TLD has no address */
	REASON_NO_CUT = 35,        /* a name server below a TLD that is not delegated */
	REASON_IN_USE = 36,        /* others' name servers live below it */
	REASON_RESERVED = 37,      /* a root server's own name */
	REASON_NOT_A_SUBSET = 38,  /* a DS that is not there cannot stay */
	REASON_NS_COUNT = 39,      /* comity-check(7), TECHNICAL RULES */
	REASON_DS_SHA1 = 40,
	REASON_IPV6 = 41,
	REASON_REFERRAL_SIZE = 42,
	REASON_RECIPIENT = 43,     /* the recipient is no party */
	REASON_RECORDS = 44,       /* records where there should be none, or none where some */
	REASON_EXPIRES = 45,       /* a date that is past, or too far ahead */
	/* parties */
	REASON_KEYS = 50,      /* keys that are not those of this party, or taken */
	REASON_IS_PARTY = 51,  /* is a party already */
	REASON_HOLDS = 52,     /* a party that holds something cannot leave */
	REASON_SIGNER = 53,    /* a party that holds a share cannot leave */
	/* charter */
	REASON_CHARTER_TEXT = 60, /* the new text is not a charter */
	REASON_VERSION = 61,      /* not the version after this one */
	REASON_SIGNERS = 62,      /* too few, or too many, signers */
	REASON_APEX = 63,         /* the new text is not an apex record */
	/* custody */
	REASON_CEREMONY = 70, /* no such ceremony, or not in this phase */
	REASON_MEMBER = 71,   /* not a member */
	REASON_TWICE = 72,    /* has done this already */
	REASON_PROOF = 73,    /* a proof that does not hold */
	REASON_POOL = 74,     /* a pool out of bounds */
	REASON_JOB = 75,      /* no such open job or session */
	REASON_GRACE = 76,    /* too early to name who is missing */
	REASON_INCOMPLETE = 77, /* signatures are missing */
	REASON_DERIVES = 78,    /* not what the ledger derives */
	REASON_ROLLS = 79,      /* this group is not rolled this way, or is being rolled */
	/* procedure */
	REASON_WORDS = 90,  /* a comment without words */
	REASON_PROXY = 91,  /* a proxy that is no party */
	REASON_FROZEN = 92, /* the name is frozen */
	REASON_SPENT = 93,  /* the freeze of this name has not been ratified */
	REASON_SUNSET = 94, /* the time of the rule is over */
	REASON_TLDS = 95,   /* as many TLDs as can be signed (commons/importing.h) */
	/* arbitration */
	REASON_DISPUTE = 100,    /* no such dispute, or not in this phase */
	REASON_SIDE = 101,       /* the party has no such part in the dispute */
	REASON_ARBITRATOR = 102, /* not somebody who may sit in it */
	REASON_ROLL = 103,       /* too few arbitrators who could sit */
	REASON_RANKS = 104,      /* not names of the list, or too many struck */
	REASON_REMEDY = 105,     /* a remedy that was not asked for, or does not fit */
	REASON_STILL = 106,     /* the delegation is to stay as it is */
	REASON_IN_DISPUTE = 107, /* an open dispute needs the party */
	REASON_DISPUTES = 108,   /* the party has too many, or the same, open */
	REASON_EXHIBITS = 109,   /* too many exhibits, or one twice */
	/* norms */
	REASON_NORM = 130,          /* no norm of this name stands */
	REASON_NORM_TEXT = 131,     /* the text is not a norm */
	REASON_NORM_VERSION = 132,  /* not the version that is next, or that stands */
	REASON_NORMS = 133,         /* too many norms */
	REASON_RESERVATION = 134,   /* paragraphs that are not there, or no words, or too many */
	REASON_RESERVED_LATE = 135, /* the party is bound to the paragraph already */
	REASON_NOT_BOUND = 136,     /* the party is not bound, or has denounced */
	REASON_BREACH = 137,        /* no such breach */
	REASON_CONTESTED = 138,     /* contested already, or without words */
	/* operators */
	REASON_OPERATOR = 110,        /* no mandate names this key */
	REASON_SCOPE = 111,           /* the mandate does not cover what changes */
	REASON_OPERATOR_KIND = 112,   /* an act that no operator's key signs */
	REASON_MANDATE_EXPIRED = 113, /* the mandate has expired */
	REASON_ADMINISTRATOR = 114,   /* more than the administrator may give, or not its own to change */
	REASON_KEEPER = 115,          /* the party does not hold the TLD */
	REASON_MANDATES = 116,        /* too many mandates of one party */
	REASON_BATCH = 117,           /* not a list of changes of a batch */
	REASON_BATCH_NOTHING = 118,   /* nothing in the batch can take effect */
	REASON_BATCH_ALONE = 119,     /* takes the consent of others: an act of its own */
	/* succession */
	REASON_VACANT = 120,     /* the name was taken from its holder, and has no successor yet */
	REASON_OPERATED = 121,   /* an interim operator keeps the name */
	REASON_KEEP = 122,       /* an interim operator cannot take the name out of the zone */
	REASON_TERM = 123,       /* longer than an interim operation may last */
	REASON_GROUND = 124,     /* the ground is not stated in words */
	REASON_NOT_HOLDER = 125, /* only the holder may do this */
	REASON_RETIREMENT = 126, /* no retirement is under way */
	REASON_ENDS = 127,       /* an end that is past, or later than the notice allows */
	REASON_NO_OPERATION = 128, /* no interim operator keeps the name by the rule */
	/* technical checks */
	REASON_CHECKS = 140,      /* too few attest that the checks hold */
	REASON_NO_CHECKS = 141,   /* no checks of that act are waited for, or not in this run */
	REASON_ATTESTER = 142,    /* the party does not attest to this act: it is its own, or it came later */
	REASON_ATTEST_TIME = 143, /* checked before they were asked for, or after now */
	/* membership */
	REASON_SUSPENDS_NOBODY = 150, /* whose votes are meant is no party */
	REASON_NOT_SUSPENDED = 151,   /* its votes count */
	REASON_SUSPENSION = 152,      /* a term that is past, or too long */
	REASON_REGISTER_TEXT = 160,    /* the text is not a register */
	REASON_REGISTER_VERSION = 161, /* not the version that is next, or another register */
	REASON_REGISTER_EMPTY = 162,   /* a chamber that it recognises would be left without anybody */
	REASON_REGISTERS = 163,        /* too many registers */
	/* batches */
	REASON_BATCHES = 170, /* more changes by batches in a day than the charter allows */
	/* arbitration */
	REASON_AWARD_PARTY = 190, /* an award against one who is not in the case */
	REASON_HOLDER_SIDE = 191, /* the holder of the name is no side of the case */
	REASON_IN_CASE = 192,     /* the recipient has a part in a dispute about the name */
	REASON_SERVER_NAME = 195,    /* a root server neither below the party's own TLD nor beside another one */
	REASON_OPERATES = 196,        /* an interim operator leaves when it operates nothing */
	REASON_SAME_PARTY = 197,      /* a name is given to whom it belongs, or keys to oneself */
	/* bounds */
	REASON_SET = 180, /* more records of one owner and type than can be served (commons/bounds.h) */
	REASON_SERVERS = 181, /* as many root servers as a party, or all of them, may have */
	REASON_APPLIES = 182, /* the name asks to be a party already */
	REASON_APPLICATIONS = 183, /* as many ask to be parties as may at a time */
	REASON_HOSTS = 184, /* as many hosts below one TLD that no TLD uses as there may be */
	REASON_CROWDED = 185, /* the state is half full, and the party has entered what it may in a day */
	REASON_FULL = 186, /* the state is full: it takes what keeps the federation going (commons/crowding.h) */
};

struct refusal {
	enum reason reason;
	uint16_t article;        /* of the charter, that holds the rule for such acts; 0: no rule is asked */
	struct bytes rule;       /* name of that rule; empty where none */
	struct bytes detail[2];  /* words for people, en and zh; may be empty; borrowed */
};

/* The short word of a reason, "not-holder"; its sentence, English or Chinese, without full stop. */
const char *reason_word(enum reason reason);
const char *reason_text(enum reason reason, bool chinese);

/* Every reason there is, by number: the next after `reason`, REASON_NONE at the end. */
enum reason reason_next(enum reason reason);

/* Whether the rule of the charter decided; otherwise what comity-act(5), REFUSED, says under the number. */
bool reason_is_of_rule(enum reason reason);

/* One line: the sentence, the article and rule, the number under REFUSED, the detail. */
void refusal_write(struct writer *writer, const struct refusal *refusal, bool chinese);

/* Names the rule for such acts, where the refusal names none. */
void refusal_cite(struct refusal *refusal, uint16_t article, struct bytes rule);

/* Sets the reason alone; returns false, so that a check can end with it. */
bool refuse(struct refusal *refusal, enum reason reason);

/* The same with a detail that is the same in every language: a name, a line. */
bool refuse_name(struct refusal *refusal, enum reason reason, struct bytes name);

/* Refuses a text: the line, where the fault has one, and why; the words are in the arena. */
bool refuse_fault(struct refusal *refusal, enum reason reason, const struct fault *fault, struct arena *arena);

#endif
