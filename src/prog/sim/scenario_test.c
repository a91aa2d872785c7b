/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stories of test/scenarios, and cases below it: every step is an act through the front door, what it made of the
 * state is as written in golden/ beside it, and who replays the blocks, or the tiles of the log alone, has the same
 * state. With COMITY_GOLDEN=write, what is told is written there instead, to be read before it is kept.
 *
 *     scenario_test                       every story of test/scenarios
 *     scenario_test STORY                 one, FOLDER/NAME.scenario below test/scenarios
 *     scenario_test STORY CHARTER         one that names no charter, under FOLDER/CHARTER.charter
 */
#include "prog/sim/scenario.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "tiled.h"

#define TOLD_MAX ((size_t)1 << 20)

static const char *source(void)
{
	const char *value = getenv("COMITY_SOURCE");

	return value != NULL ? value : ".";
}

static void golden_write(const char *path, struct bytes told)
{
	char full[1000];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", source(), path);
	file = fopen(full, "wb");
	if (file == NULL || fwrite(told.at, 1, told.size, file) != told.size || fclose(file) != 0)
		bail_out(full);
}

/* The first line in which they differ. */
static void tell_difference(struct bytes golden, struct bytes told)
{
	struct text a = {.rest = golden}, b = {.rest = told};
	struct bytes x = BYTES(""), y = BYTES("");
	bool more = true;

	while (more && bytes_same(x, y)) {
		bool xs = text_line(&a, &x), ys = text_line(&b, &y);

		more = xs && ys;
	}
	printf("# line %u, where it is written: %.*s\n# and told: %.*s\n", a.line, (int)x.size, (const char *)x.at,
	       (int)y.size, (const char *)y.at);
}

static void replay(struct federation *f, const char *name)
{
	struct digest one = state_root(&f->sequencer.state), other;

	federation_start(f, 0);
	other = state_root(&f->node[0].ledger.state);
	ok(digest_same(&one, &other) && f->node[0].ledger.height == f->sequencer.height, name);
}

/* FOLDER/NAME.scenario becomes what it asks for: "FOLDER" or "NAME". */
static const char *part_of(const char *story, bool name)
{
	static char part[2][300];
	const char *slash = strrchr(story, '/');
	size_t folder = slash == NULL ? 0 : (size_t)(slash - story) + 1;

	if (name)
		snprintf(part[1], sizeof(part[1]), "%.*s", (int)(strlen(story + folder) - strlen(".scenario")), story + folder);
	else
		snprintf(part[0], sizeof(part[0]), "test/scenarios/%.*s", (int)folder, story);
	return part[name];
}

static void judge(const char *golden_path, struct bytes told, const char *what)
{
	const char *write = getenv("COMITY_GOLDEN");
	struct bytes golden = BYTES("");

	if (write != NULL && strcmp(write, "write") == 0)
		golden_write(golden_path, told);
	if (!ok(scenario_file(source(), golden_path, &golden) && bytes_same(golden, told), what))
		tell_difference(golden, told);
}

static void tell_story(const char *story, const char *charter)
{
	const char *folder = part_of(story, false), *name = part_of(story, true);
	struct scenario scenario = {.why = ""};
	struct arena told = federation_memory(TOLD_MAX);
	char path[700], golden_path[700], charter_path[700], what[400];
	struct bytes text;

	scenario.told = writer_in(&told);
	snprintf(path, sizeof(path), "test/scenarios/%s", story);
	snprintf(charter_path, sizeof(charter_path), "%s%s.charter", folder, charter != NULL ? charter : "");
	snprintf(golden_path, sizeof(golden_path), "%sgolden/%s%s%s.told", folder, name, charter != NULL ? "." : "",
	         charter != NULL ? charter : "");
	if (!scenario_file(source(), path, &text))
		bail_out(path);
	snprintf(what, sizeof(what), "%s can be played, and names keep resolving", name);
	if (!ok(scenario_play(&scenario, source(), charter != NULL ? charter_path : NULL, text), what)) {
		printf("# %s\n", scenario.why);
		return;
	}
	must(!scenario.told.full);
	snprintf(what, sizeof(what), "%s: every step became what is written", name);
	judge(golden_path, writer_bytes(&scenario.told), what);
	snprintf(what, sizeof(what), "%s: a second ledger has the same state", name);
	replay(scenario.f, what);
	snprintf(what, sizeof(what), "%s: so has who has only the tiles", name);
	ok(tiled_replays(scenario.f, scratch(name)), what);
}

static int is_scenario(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end != NULL && strcmp(end, ".scenario") == 0;
}

int main(int argc, char *argv[])
{
	struct dirent **names;
	char folder[1000];
	int count;

	if (argc > 1) {
		tell_story(argv[1], argc > 2 ? argv[2] : NULL);
		return done_testing();
	}
	snprintf(folder, sizeof(folder), "%s/test/scenarios", source());
	count = scandir(folder, &names, is_scenario, alphasort);
	if (count <= 0)
		bail_out(folder);
	for (int i = 0; i < count; i++)
		tell_story(names[i]->d_name, NULL);
	return done_testing();
}
