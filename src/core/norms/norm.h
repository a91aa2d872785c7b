/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NORMS_NORM_H
#define COMITY_NORMS_NORM_H

/*
 * norm.h - the text of a norm, comity-norm/1 (comity-norm(7), THE TEXT).
 *
 * norm_read() is the only door in: whoever has a struct norm may rely on the grammar. Everything
 * in it borrows from the text it was read from.
 */

#include "base/bytes.h"
#include "base/fault.h"
#include "norms/duty.h"

#define NORM_SIZE_MAX       16384 /* octets of the text */
#define NORM_LANGUAGES_MAX  8
#define NORM_PARAGRAPHS_MAX 64
#define NORM_DUTIES_MAX     8
#define NORM_VERSION_MAX    999999999
#define NORM_NOTICE_MAX     (5 * 366 * SECONDS_A_DAY) /* seconds */

struct norm_paragraph {
	struct bytes words; /* its lines, each behind its language: "en ..." */
	bool has_duty;
	struct duty duty;
};

struct norm {
	struct bytes id; /* like a party: 2..63 of a-z 0-9 - */
	uint32_t version;
	unsigned languages;
	struct bytes language[NORM_LANGUAGES_MAX], title[NORM_LANGUAGES_MAX];
	struct bytes source; /* words: where it comes from */
	int64_t notice;      /* seconds from a denunciation until it takes effect; 0 for "none" */
	unsigned count, duties;
	struct norm_paragraph paragraph[NORM_PARAGRAPHS_MAX]; /* paragraph[i] is number i + 1 */
};

/* False, and `*fault` says where and why, for a text that is not of this form; `*norm` is then
 * not to be used. */
bool norm_read(struct bytes text, struct norm *norm, struct fault *fault);

/* The title in the first of the norm's languages that begins like `tag`, else in its first. */
struct bytes norm_title(const struct norm *norm, struct bytes tag);

#endif
