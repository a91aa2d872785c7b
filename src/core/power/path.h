/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_POWER_PATH_H
#define COMITY_POWER_PATH_H

/*
 * path.h - how a delegation can be changed or removed without its holder, and by how few
 * (comity-charter(7), CHECK).
 *
 * The holder says no, objects, and is in no coalition. Everybody else may be. A path is one step
 * or two that a coalition carries; what it has made itself by the first (a rule, a majority of
 * parties it admitted) takes no further step.
 */

#include "power/search.h"

enum path_kind {
	PATH_RULE,          /* by the rule */
	PATH_RETIRE,        /* after a notice, at the end of the time that the rule gives */
	PATH_JOIN_RETIRE,   /* parties are admitted until that rule is carried */
	PATH_AMEND_JOIN_RETIRE, /* the rule of admission is amended first; then as PATH_JOIN_RETIRE */
	PATH_OPERATE,       /* for a time: another keeps it in the holder's place */
	PATH_JOIN_OPERATE,  /* parties are admitted until that rule is carried; one of them may be who keeps it */
	PATH_AMEND_JOIN_OPERATE, /* the rule of admission is amended first; then as PATH_JOIN_OPERATE */
	PATH_JOIN,          /* parties are admitted until the rule is carried */
	PATH_AMEND,         /* the charter is amended, then by the rule that is made */
	PATH_JOIN_AMEND,    /* parties are admitted until the charter can be amended */
	PATH_ENTRENCH,      /* what is entrenched is amended */
	PATH_JOIN_ENTRENCH, /* parties are admitted until that can be */
	PATH_AMEND_JOIN,    /* the rule of admission is amended first; then as PATH_JOIN */
	PATH_AMEND_JOIN_ENTRENCH, /* the same, then as PATH_JOIN_ENTRENCH */
	PATH_SUSPEND,       /* the votes of all others are suspended, then by the rule */
	PATH_SUSPEND_AMEND, /* the same, then as PATH_AMEND */
	PATH_SUSPEND_ENTRENCH, /* the same, then as PATH_ENTRENCH */
	PATH_AMEND_SUSPEND, /* the rule of suspension is amended first; then as PATH_SUSPEND */
	PATH_AMEND_SUSPEND_ENTRENCH, /* the same, then as PATH_SUSPEND_ENTRENCH */
	PATH_REGISTER,      /* all others are taken off the registers of chambers, then by the rule */
	PATH_REGISTER_AMEND, /* the same, then as PATH_AMEND */
	PATH_REGISTER_ENTRENCH, /* the same, then as PATH_ENTRENCH */
	PATH_AMEND_REGISTER, /* the rule of registers is amended first; then as PATH_REGISTER */
	PATH_AMEND_REGISTER_ENTRENCH, /* the same, then as PATH_REGISTER_ENTRENCH */
	PATH_KEY,           /* those who hold shares of the key sign another zone */
	PATH_INACTIVE,      /* as many others are inactive as the floor allows, then by the rule */
	PATH_FREEZE,        /* changes nothing: the holder's own changes are held back for a while */
	PATH_CANCEL,        /* changes nothing: the holder's own changes are cancelled while they wait */
	PATH_GUARD,         /* changes nothing: the holder's own changes are stopped */
	PATH_KINDS
};

struct path {
	enum path_kind kind;
	const struct charter_rule *first; /* what is carried first, in two steps; else NULL */
	const struct charter_rule *by;    /* what is carried last; NULL: the key */
	const struct charter_rule *rule;  /* what takes; NULL: one that the amendment makes, or the key */
	bool ruling;  /* only when a ruling orders it */
	bool exact;   /* otherwise `count` is too small, perhaps */
	size_t count; /* of the smallest coalition */
	const uint16_t *seat;  /* [count]: one such; NULL when not exact */
	bool silent_found;     /* when all others say nothing */
	size_t silent_count;
};

/* What threatens one holder, or all of a group that the charter does not tell apart. */
struct peril {
	size_t holder;  /* the first of the group, among the parties */
	size_t holders; /* of the group */
	size_t revoke;  /* the smallest coalition that carries delegate.revoke, a ruling given; 0: none */
	size_t count;
	uint64_t steps; /* what was tried to find them */
	struct path *path; /* by kind; of each kind the smallest, without a ruling and with one */
};

/*
 * All holders, by group. `parties` have neither votes nor parts. Writes to `*perils` and returns how many;
 * they live in the arena.
 */
size_t path_find(const struct charter *charter, const struct charter_party *parties, size_t count,
                 struct arena *arena, struct peril **perils);

/* The parties that hold a share of the key. */
size_t path_signers(const struct charter *charter, const struct charter_party *parties,
                    size_t count);

/* Whether the rule stands in an article that is not entrenched; true where there is none. */
bool path_open(const struct charter *charter, const struct charter_rule *rule);

#endif
