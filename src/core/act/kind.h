/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ACT_KIND_H
#define COMITY_ACT_KIND_H

/*
 * kind.h - the kinds of act: one row each in one table (comity-act(5), KINDS).
 *
 * A row is the grammar of its kind: which fields, in which order, of which form,
 * whether records or an embedded document follow, which key signs, and which rule
 * of the charter decides. Reading, writing and showing an act are driven by it.
 */

#include <stdbool.h>

#include "base/bytes.h"

enum act_kind {
	ACT_GENESIS, /* has a head of its own: act/genesis.h */
	ACT_ACCEDE,
	ACT_WITHDRAW,
	ACT_ROTATE,
	ACT_DELEGATE,
	ACT_DS_DROP,
	ACT_GRANT,
	ACT_TRANSFER,
	ACT_HOST,
	ACT_SERVER,
	ACT_CONSENT,
	ACT_OBJECT,
	ACT_CHARTER_AMEND,
	ACT_WAIVE,
	ACT_COMMENT,
	ACT_PROXY,
	ACT_WITHDRAW_PROPOSAL,
	ACT_CANCEL,
	ACT_FREEZE,
	ACT_OPEN,
	ACT_KEY,
	ACT_DEAL,
	ACT_COMPLAIN,
	ACT_CONFIRM,
	ACT_POOL,
	ACT_ANSWERED,
	ACT_ACCUSE,
	ACT_SIGNATURES,
	ACT_RELEASE,
	ACT_SEAL_SIGN,
	ACT_DISPUTE,
	ACT_ANSWER,
	ACT_APPOINT,
	ACT_RANK,
	ACT_CHALLENGE,
	ACT_EXHIBIT,
	ACT_INTERIM,
	ACT_RULING,
	ACT_CORRECT,
	ACT_SETTLE,
	ACT_NORM,
	ACT_REPEAL,
	ACT_ACCEPT,
	ACT_RESERVE,
	ACT_DENOUNCE,
	ACT_CONTEST,
	ACT_EMPOWER,
	ACT_DISEMPOWER,
	ACT_BATCH,
	ACT_RETIRE,
	ACT_PLAN,
	ACT_OPERATE,
	ACT_RESUME,
	ACT_REKEY,
	ACT_ATTEST,
	ACT_SUSPEND,
	ACT_REGISTER,
	ACT_KINDS
};

/* What a key may sign (a party's keys have one role each), or whose consent is asked. */
enum key_role { ROLE_ACT, ROLE_COSIGN, ROLE_CUSTODY, ROLE_DUTY, ROLES };

/* What a value looks like; each has one form (comity-act(5), GRAMMAR and FIELDS). */
enum field_form {
	FORM_NONE, /* no such field: ends the list of a row */
	FORM_PARTY,
	FORM_PARTIES, /* sorted, or "none" */
	FORM_LABEL,
	FORM_DNAME,
	FORM_NUMBER,
	FORM_TIME,
	FORM_DIGEST,
	FORM_SLOT,  /* a digest, or "none" */
	FORM_POINT, /* 64 hex digits */
	FORM_HEX,   /* 32 hex digits */
	FORM_SHA384,
	FORM_COUNTED, /* a number and a digest */
	FORM_BASE64,  /* at most ACT_BASE64_MAX octets behind it */
	FORM_CHOICE,  /* one of the words of the field */
	FORM_SUBJECT, /* "tld/label" or "party/name" */
	FORM_WHEN,    /* a time, or "none" */
	FORM_ORDER,   /* parties in order of preference, none twice */
	FORM_GROUND,  /* a subject, or "breach/norm/party/paragraph" */
	FORM_NUMBERS, /* numbers from 1, rising, blanks between */
	FORM_TLDS,    /* a label, or "*" for every TLD of the speaker */
	FORM_SCOPES,  /* some words of the field, in its order, none twice; or "none" */
	FORM_VKEY,
	FORM_KEYS,    /* role and vkey; one or more lines, always last */
};

#define ACT_FIELDS_MAX 7
#define ACT_BASE64_MAX 640

struct act_field {
	const char *name;
	enum field_form form;
	const char *choices; /* FORM_CHOICE, FORM_SCOPES: the words, blanks between; else NULL */
};

struct act_row {
	const char *word;
	struct act_field field[ACT_FIELDS_MAX + 1]; /* ended by FORM_NONE */
	bool records;                               /* "+ " lines may follow */
	bool embed;                                 /* "| " lines must follow */
	enum key_role role;
	const char *rule;     /* of the charter; "party" or "computed" where none is asked */
	const char *rule_new; /* for a name without a record; else NULL */
	const char *en, *zh;  /* what it does, {0} {1} .. for its fields: act_show() */
};

/* The row of a kind. Never NULL. */
const struct act_row *act_row(enum act_kind kind);

/* The kind of that word; ACT_KINDS when there is none, or it is genesis. */
enum act_kind act_kind(struct bytes word);

/* "act", "cosign", "custody", "duty"; ROLES for any other word. */
const char *key_role_word(enum key_role role);
enum key_role key_role(struct bytes word);

/* Whether `value` has that form. */
bool field_form_holds(const struct act_field *field, struct bytes value);

/* A word of a party or of a kind of party: 2..63 of a-z 0-9 -, not "-" at an end, and not "none". */
bool party_name_valid(struct bytes name);

/* An origin: 3..100 of a-z 0-9 . / -, not beginning with "comity-". */
bool origin_valid(struct bytes origin);

#endif
