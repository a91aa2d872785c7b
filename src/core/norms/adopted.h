/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NORMS_ADOPTED_H
#define COMITY_NORMS_ADOPTED_H

/*
 * adopted.h - the norms that the federation has adopted.
 *
 *     norm/<id>                   status, version, since, act      stays when the norm is repealed
 *     normtext/<id>/<version>     since, act, notice, paragraphs, duty..., | text
 *
 * A version's text stays while it is the one that stands, or somebody is bound to it.
 */

#include "norms/norm.h"
#include "state/record.h"

#define NORMS_MAX 64 /* that stand */

enum norm_status { NORM_STANDS, NORM_REPEALED };

struct adopted {
	struct bytes id;
	enum norm_status status;
	uint32_t version; /* the newest */
	struct ledger_time since;
	struct bytes act; /* that adopted or repealed it */
};

/* Borrowed from the state. */
bool adopted_get(const struct state *state, struct bytes id, struct adopted *adopted);
bool adopted_next(const struct state *state, size_t *index, struct adopted *adopted);
void adopted_put(struct state *state, struct arena *arena, const struct adopted *adopted);
struct bytes adopted_key(struct record_key *key, struct bytes id);

/* A duty, and the paragraph it stands in. */
struct norm_duty {
	uint32_t paragraph;
	struct duty duty;
};

struct norm_text {
	struct bytes id;
	uint32_t version;
	struct ledger_time since;
	struct bytes act;
	int64_t notice; /* seconds */
	uint32_t paragraphs;
	unsigned duties;
	struct norm_duty duty[NORM_DUTIES_MAX];
	struct bytes embedded; /* "|" lines */
};

bool norm_text_get(const struct state *state, struct bytes id, uint32_t version,
                   struct norm_text *text);
/* Puts the text of a norm that was read from the document behind `embedded`. */
void norm_text_put(struct state *state, struct arena *arena, const struct norm *norm,
                   struct ledger_time since, struct bytes act, struct bytes embedded);
void norm_text_delete(struct state *state, struct bytes id, uint32_t version);

#endif
