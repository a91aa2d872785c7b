/* SPDX-License-Identifier: Apache-2.0 */
#include "norms/norm.h"

#include "act/kind.h"
#include "base/text.h"
#include "fuzz.h"

static bool within(struct bytes whole, struct bytes part)
{
	return part.size > 0 && part.at >= whole.at && part.at + part.size <= whole.at + whole.size;
}

/* Whatever is read lies in the text and in its bounds; whatever is not has a reason and a line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = {data, size};
	struct fault fault = {0};
	struct norm norm;
	unsigned duties = 0;

	if (!norm_read(text, &norm, &fault)) {
		must(fault.why != NULL && (fault.line >= 1 || size > NORM_SIZE_MAX));
		return 0;
	}
	must(party_name_valid(norm.id) && within(text, norm.id) && within(text, norm.source));
	must(norm.version >= 1 && norm.version <= NORM_VERSION_MAX);
	must(norm.notice >= 0 && norm.notice <= NORM_NOTICE_MAX);
	must(norm.languages >= 1 && norm.languages <= NORM_LANGUAGES_MAX);
	must(norm.count >= 1 && norm.count <= NORM_PARAGRAPHS_MAX);
	for (unsigned i = 0; i < norm.languages; i++)
		must(within(text, norm.language[i]) && within(text, norm.title[i]));
	for (unsigned i = 0; i < norm.count; i++) {
		const struct norm_paragraph *p = &norm.paragraph[i];

		must(within(text, p->words) && p->words.at[p->words.size - 1] == '\n');
		must(!p->has_duty || (p->duty.within >= DUTY_WITHIN_MIN && p->duty.within <= DUTY_WITHIN_MAX));
		duties += p->has_duty;
	}
	must(duties == norm.duties && duties <= NORM_DUTIES_MAX);
	return 0;
}
