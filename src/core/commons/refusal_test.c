/* SPDX-License-Identifier: Apache-2.0 */
/* No refusal without an article and a reason: over all reasons, in both languages. */
#include "commons/refusal.h"

#include "tap.h"

static struct bytes told(const struct refusal *refusal, bool chinese)
{
	static char text[2][1000];
	struct writer w = {.at = (uint8_t *)text[chinese], .size = sizeof(text[chinese])};

	refusal_write(&w, refusal, chinese);
	return writer_bytes(&w);
}

static bool holds(struct bytes text, const char *part)
{
	struct bytes wanted = bytes_of(part);

	for (size_t i = 0; i + wanted.size <= text.size; i++)
		if (memcmp(text.at + i, wanted.at, wanted.size) == 0)
			return true;
	return false;
}

/* The refusal, with that article of the charter or with none, says where it is written, and why. */
static bool is_whole(enum reason reason, uint16_t article, bool chinese)
{
	struct refusal refusal = {.reason = reason, .detail = {BYTES("detail"), BYTES("detail")}};
	char law[40], of_charter[40];
	struct bytes text;

	if (article != 0)
		refusal_cite(&refusal, article, BYTES("delegate.grant"));
	text = told(&refusal, chinese);
	snprintf(law, sizeof(law), chinese ? "comity-act(5)，REFUSED %d：" : "comity-act(5), REFUSED %d: ", (int)reason);
	snprintf(of_charter, sizeof(of_charter), chinese ? "宪章第 %u 条，规则 delegate.grant" : "article %u, rule delegate.grant",
	         article);
	return bytes_starts(text, bytes_of(reason_text(reason, chinese))) && holds(text, "detail") &&
	       (article == 0 || holds(text, of_charter)) &&
	       holds(text, law) == !(article != 0 && reason_is_of_rule(reason));
}

int main(void)
{
	struct refusal refusal = {.reason = REASON_HOLDER};
	bool whole[2] = {true, true}, cited[2] = {true, true};
	unsigned count = 0;

	for (enum reason r = reason_next(REASON_NONE); r != REASON_NONE; r = reason_next(r)) {
		for (unsigned zh = 0; zh < 2; zh++) {
			whole[zh] = whole[zh] && is_whole(r, 0, zh == 1);
			cited[zh] = cited[zh] && is_whole(r, 7, zh == 1);
		}
		count++;
	}
	ok(count > 60, "every reason there is");
	ok(whole[0] && whole[1], "without a rule, each is told with its place in comity-act(5), in both languages");
	ok(cited[0] && cited[1], "with a rule, each names its article; and that place, unless the rule decided");
	refusal_cite(&refusal, 3, BYTES("delegate.update"));
	refusal_cite(&refusal, 4, BYTES("delegate.grant"));
	ok(refusal.article == 3 && bytes_same(refusal.rule, BYTES("delegate.update")), "what decided stays");
	return done_testing();
}
