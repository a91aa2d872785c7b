/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of act makes a whole sentence in both languages. */
#include "act/show.h"

#include <string.h>

#include "tap.h"

static char memory[2000];

static const char *shown(const struct act *act, bool chinese)
{
	struct writer w = {.at = (uint8_t *)memory, .size = sizeof(memory) - 1};

	act_show(&w, act, chinese);
	memory[w.used] = '\0';
	return memory;
}

static void every_kind(void)
{
	bool whole = true;

	for (enum act_kind k = ACT_GENESIS; k < ACT_KINDS; k++) {
		struct act act = {.kind = k, .by = BYTES("aurelia")};

		for (unsigned i = 0; i < ACT_FIELDS_MAX; i++)
			act.field[i] = BYTES("party/borealia");
		for (int zh = 0; zh < 2; zh++) {
			const char *s = shown(&act, zh != 0);
			whole = whole && strncmp(s, "aurelia ", 8) == 0 && strlen(s) > 12 &&
			        strchr(s, '{') == NULL;
			if (!whole)
				printf("# %s\n", s);
		}
	}
	ok(whole, "every kind makes a sentence without holes, in English and Chinese");
}

static void sentences(void)
{
	struct act grant = {.kind = ACT_GRANT,
	                    .by = BYTES("aurelia"),
	                    .field = {BYTES("bor"), BYTES("borealia"), BYTES("none")}};
	struct act vote = {.kind = ACT_CONSENT,
	                   .by = BYTES("borealia"),
	                   .field = {BYTES("0123456789abcdef"), BYTES("yes"), BYTES("none")}};
	struct act leave = {.kind = ACT_WITHDRAW,
	                    .by = BYTES("aurelia"),
	                    .field = {BYTES("tld/aur"), BYTES("none")}};
	struct act empty = {.kind = ACT_DELEGATE,
	                    .by = BYTES("aurelia"),
	                    .field = {BYTES("aur"), BYTES("none")}};

	ok(strcmp(shown(&grant, false), "aurelia grants bor to borealia") == 0, "a grant");
	ok(strcmp(shown(&grant, true), "aurelia 将 bor 授予 borealia") == 0, "in Chinese");
	ok(strcmp(shown(&vote, false), "borealia votes yes on 01234567") == 0, "an id is shortened");
	ok(strcmp(shown(&vote, true), "borealia 就 01234567 表决：赞成") == 0, "a vote in Chinese");
	ok(strcmp(shown(&leave, false), "aurelia withdraws the TLD aur") == 0, "a subject");
	ok(strcmp(shown(&leave, true), "aurelia 撤回顶级域 aur") == 0, "a subject in Chinese");
	ok(strcmp(shown(&empty, false), "aurelia takes aur out of the zone, and goes on holding it") ==
	           0,
	   "a delegation to nothing says so");
	empty.records = BYTES("+ aur. 172800 IN NS a.nic.aur.\n");
	ok(strcmp(shown(&empty, false), "aurelia sets the delegation of aur to exactly these records") ==
	           0,
	   "with records, the other sentence");
}

static void templates(void)
{
	struct writer w = {.at = (uint8_t *)memory, .size = sizeof(memory)};
	const struct bytes value[] = {BYTES("one"), BYTES("{0}")};

	show_template(&w, "{1} and {0}, {x} {", value);
	ok(bytes_same(writer_bytes(&w), BYTES("{0} and one, {x} {")),
	   "values stand where they belong, and are not looked into");
	ok(bytes_same(show_word(BYTES("ksk-standby"), true), BYTES("备用 KSK")) &&
	           bytes_same(show_word(BYTES("aurelia"), true), BYTES("aurelia")),
	   "words as people say them");
}

int main(void)
{
	every_kind();
	sentences();
	templates();
	return done_testing();
}
