/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a norm: what is read, what is refused and where; and every example that ships. */
#include "norms/norm.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "act/act.h"
#include "base/text.h"
#include "tap.h"

#define HEAD                                                                                   \
	"comity-norm/1\nnorm first\nversion 3\nlanguages en zh, equally authentic\n"             \
	"title en A norm\ntitle zh 规范\nsource Ourselves\nnotice 90d\n"
#define ONE   "\nparagraph 1\nen We answer.\nen And again.\nzh 我们作答。\n"
#define TWO   "\nparagraph 2\nen We sign.\nzh 我们签名。\nduty signs within 3d\n"
#define SHORT "comity-norm/1\nnorm n1\nversion 1\nlanguages en\ntitle en T\nsource S\nnotice none\n"

static void whole(void)
{
	struct fault fault = {0};
	struct norm n;

	ok(norm_read(BYTES(HEAD ONE TWO), &n, &fault), "a norm of two paragraphs");
	ok(bytes_same(n.id, BYTES("first")) && n.version == 3 && n.languages == 2 &&
	           bytes_same(n.language[1], BYTES("zh")) && bytes_same(n.source, BYTES("Ourselves")),
	   "its head");
	ok(bytes_same(norm_title(&n, BYTES("zh")), BYTES("规范")) &&
	           bytes_same(norm_title(&n, BYTES("fr")), BYTES("A norm")),
	   "its title, in a language it has and in one it has not");
	ok(n.notice == 90 * SECONDS_A_DAY && n.count == 2 && n.duties == 1, "its notice, its paragraphs");
	ok(bytes_same(n.paragraph[0].words, BYTES("en We answer.\nen And again.\nzh 我们作答。\n")) &&
	           !n.paragraph[0].has_duty,
	   "the words of a paragraph");
	ok(n.paragraph[1].has_duty && n.paragraph[1].duty.kind == DUTY_SIGNS &&
	           n.paragraph[1].duty.within == 3 * SECONDS_A_DAY,
	   "its duty");
	ok(norm_read(BYTES(SHORT "\nparagraph 1\nen W\n"), &n, &fault) && n.notice == 0 && n.languages == 1,
	   "the shortest, in one language, and without notice");
}

static const struct {
	const char *text;
	uint32_t line;
} BAD[] = {
	{"", 1},
	{"comity-norm/2\n", 1},
	{"comity-norm/1\n", 2},
	{"comity-norm/1\nnorm First\n", 2},
	{"comity-norm/1\nnorm f\n", 2},
	{"comity-norm/1\nnorm first\nversion 0\n", 3},
	{"comity-norm/1\nnorm first\nversion 1000000000\n", 3},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages en zh\n", 4},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages en, equally authentic\n", 4},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages en en, equally authentic\n", 4},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages english\n", 4},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages aa bb cc dd ee ff gg hh ii, equally authentic\n", 4},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages en\ntitle zh T\n", 5},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages en\ntitle en T \n", 5},
	{"comity-norm/1\nnorm first\nversion 1\nlanguages en\ntitle en T\nnotice 1d\n", 6},
	{"comity-norm/1\nnorm n1\nversion 1\nlanguages en\ntitle en T\nsource S\nnotice 24h\n", 7},
	{"comity-norm/1\nnorm n1\nversion 1\nlanguages en\ntitle en T\nsource S\nnotice 6y\n", 7},
	{"comity-norm/1\nnorm n1\nversion 1\nlanguages en\ntitle en T\nsource S\nnotice 1831d\n", 7},
	{SHORT, 8},
	{SHORT "paragraph 1\nen W\n", 8},
	{SHORT "\nparagraph 2\nen W\n", 9},
	{SHORT "\nparagraph 1\n", 10},
	{SHORT "\nparagraph 1\nzh W\n", 10},
	{SHORT "\nparagraph 1\nen W", 10},
	{SHORT "\nparagraph 1\nen W\n\n", 12},
	{SHORT "\nparagraph 1\nen W\nzh W\n", 11},
	{SHORT "\nparagraph 1\nen W\nduty\n", 11},
	{SHORT "\nparagraph 1\nen W\nduty sings within 3d\n", 11},
	{SHORT "\nparagraph 1\nen W\nduty signs within 72h\n", 11},
	{SHORT "\nparagraph 1\nen W\nduty signs within 59m\n", 11},
	{SHORT "\nparagraph 1\nen W\nduty signs within 367d\n", 11},
	{SHORT "\nparagraph 1\nen W\nduty signs within 3d \n", 11},
	{SHORT "\nparagraph 1\nen W\nduty signs in 3d\n", 11},
	{HEAD "\nparagraph 1\nen W\n", 12},
	{HEAD "\nparagraph 1\nzh W\nen W\n", 11},
};

static void refused(void)
{
	struct norm n;

	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		struct fault fault = {0};
		bool read = norm_read(bytes_of(BAD[i].text), &n, &fault);

		if (!ok(!read && fault.line == BAD[i].line && fault.why != NULL, "not a norm, and where"))
			printf("# %s# line %u: %s\n", BAD[i].text, fault.line, fault.why != NULL ? fault.why : "");
	}
}

static char text[2 * NORM_SIZE_MAX];

/* A norm of so many paragraphs, of which so many have a duty. */
static bool read_of(unsigned paragraphs, unsigned duties, struct fault *fault)
{
	size_t used = (size_t)snprintf(text, sizeof(text), "%s", SHORT);
	struct norm n;

	for (unsigned i = 1; i <= paragraphs; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "\nparagraph %u\nen W\n%s", i,
		                         i <= duties ? "duty pool within 1h\n" : "");
	return norm_read(bytes_of(text), &n, fault);
}

static void bounds(void)
{
	struct fault fault = {0};
	struct norm n;

	ok(read_of(64, 8, &fault), "64 paragraphs, 8 duties");
	ok(!read_of(65, 0, &fault) && strcmp(fault.why, "more than 64 paragraphs") == 0, "not 65");
	ok(!read_of(9, 9, &fault) && strcmp(fault.why, "more than 8 duties") == 0, "not 9 duties");
	memset(text, 'x', sizeof(text) - 1);
	ok(!norm_read(bytes_of(text), &n, &fault) && fault.line == 0, "nor a text that is too long");
}

static void duties(void)
{
	bool same = true;

	for (enum duty_kind k = 0; k < DUTIES; k++) {
		uint8_t line[64];
		struct writer w = {.at = line, .size = sizeof(line)};
		struct duty written = {k, 36 * 3600}, read;

		duty_write(&w, &written);
		same = same && duty_read(writer_bytes(&w), &read) && read.kind == k &&
		       read.within == written.within && duty_text(k, true)[0] != '\0' &&
		       duty_kind(bytes_of(duty_word(k))) == k;
	}
	ok(same, "every duty is read as it is written");
}

/* An example goes into an act, and comes out of it again, as in `comity norm adopt`. */
static bool example(const char *path)
{
	static uint8_t content[NORM_SIZE_MAX + 1], memory[4 * NORM_SIZE_MAX] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	FILE *file = fopen(path, "rb");
	struct fault fault = {0};
	struct act act = {0};
	struct writer w;
	struct norm n;
	size_t size;
	bool valid = true;

	if (file == NULL)
		return false;
	size = fread(content, 1, sizeof(content), file);
	fclose(file);
	for (struct text lines = {.rest = {content, size}}; valid && lines.rest.size > 0;) {
		struct bytes line;
		valid = text_line(&lines, &line) && line.size <= ACT_LINE_SIZE_MAX - 2 &&
		        act_embedded_line_valid(line, &fault);
	}
	w = writer_in(&arena);
	act_write_embedded(&w, (struct bytes){content, size});
	act.embed = writer_keep(&w, &arena);
	if (!valid || !norm_read(act_embedded(&act, &arena), &n, &fault)) {
		printf("# %s:%u: %s\n", path, fault.line, fault.why != NULL ? fault.why : "");
		return false;
	}
	return n.languages == 2 && bytes_same(n.language[0], BYTES("en")) && bytes_same(n.language[1], BYTES("zh"));
}

static void examples(void)
{
	const char *source = getenv("COMITY_SOURCE");
	unsigned gge = 0, good = 0, count = 0;
	char folder[1000], path[1300];
	struct dirent **names;
	int found;

	snprintf(folder, sizeof(folder), "%s/examples/norms", source != NULL ? source : ".");
	found = scandir(folder, &names, NULL, alphasort);
	if (found < 0)
		bail_out(folder);
	for (int i = 0; i < found; i++) {
		size_t size = strlen(names[i]->d_name);

		if (size > 5 && strcmp(names[i]->d_name + size - 5, ".norm") == 0) {
			snprintf(path, sizeof(path), "%s/%s", folder, names[i]->d_name);
			good += example(path);
			gge += strncmp(names[i]->d_name, "gge-", 4) == 0;
			count++;
		}
		free(names[i]);
	}
	free(names);
	ok(count > 0 && good == count, "every example is a norm in English and Chinese, and fits into an act");
	ok(gge == 11, "eleven of them are those of the report of 2015");
}

int main(void)
{
	whole();
	refused();
	bounds();
	duties();
	examples();
	return done_testing();
}
