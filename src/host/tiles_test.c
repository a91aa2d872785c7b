/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a log against the formula of c2sp.org/tlog-tiles, which is written down here anew. */
#include "host/tiles.h"

#include <string.h>

#include "tap.h"

#include "dice.h"
#include "scratch.h"

#define ENTRIES_MAX 65537

static struct digest leaf[ENTRIES_MAX];

/* Entry `index`: 0 to 60 octets, none like another. */
static struct bytes entry(uint64_t index)
{
	static char text[80];
	int size = index == 3 ? 0 : snprintf(text, sizeof(text), "entry %llu %.*s\n",
	                                     (unsigned long long)index, (int)(index % 40),
	                                     "........................................");

	return (struct bytes){(uint8_t *)text, (size_t)size};
}

static void leaves_make(void)
{
	for (uint64_t i = 0; i < ENTRIES_MAX; i++)
		leaf[i] = merkle_leaf(entry(i));
}

static bool grow(struct tiles *tiles, uint64_t size)
{
	bool good = true;

	for (uint64_t i = tiles->frontier.size; i < size; i++)
		good = good && tiles_add(tiles, entry(i)) == OK;
	return good;
}

/* "x001/x234/067": three digits a step, an x before all but the last. */
static void number_text(char *to, uint64_t index)
{
	char last[32];

	snprintf(last, sizeof(last), "%03u", (unsigned)(index % 1000));
	to[0] = '\0';
	if (index >= 1000000)
		bail_out("a log too large for this test");
	if (index >= 1000)
		sprintf(to, "x%03u/", (unsigned)(index / 1000));
	strcat(to, last);
}

static void path_of(char *path, const char *folder, const char *level, uint64_t index,
                    unsigned width)
{
	char number[40], part[20] = "";

	number_text(number, index);
	if (width != 256)
		snprintf(part, sizeof(part), ".p/%u", width);
	snprintf(path, SCRATCH_PATH_MAX, "%s/tile/%s/%s%s", folder, level, number, part);
}

/* Hash of the 256^level leaves from `index` on. */
static struct digest hash_at(unsigned level, uint64_t index)
{
	uint64_t leaves = 1;

	for (unsigned i = 0; i < level; i++)
		leaves *= 256;
	return merkle_root(leaf + index * leaves, leaves);
}

static bool hashes_stand(const char *folder, unsigned level, uint64_t index, unsigned width)
{
	char path[SCRATCH_PATH_MAX], name[4];
	struct bytes content;
	bool same;

	snprintf(name, sizeof(name), "%u", level);
	path_of(path, folder, name, index, width);
	content = scratch_read(path);
	same = content.at != NULL && content.size == width * 32;
	for (unsigned i = 0; same && i < width; i++) {
		struct digest want = hash_at(level, index * 256 + i);
		same = memcmp(content.at + i * 32, want.octet, 32) == 0;
	}
	scratch_free(content);
	return same;
}

static bool bundle_stands(const char *folder, uint64_t index, unsigned width)
{
	char path[SCRATCH_PATH_MAX];
	struct bytes content, rest;
	bool same;

	path_of(path, folder, "entries", index, width);
	rest = content = scratch_read(path);
	same = content.at != NULL;
	for (unsigned i = 0; same && i < width; i++) {
		struct bytes want = entry(index * 256 + i);
		same = rest.size >= 2 + want.size &&
		       (size_t)(rest.at[0] << 8 | rest.at[1]) == want.size &&
		       bytes_same((struct bytes){rest.at + 2, want.size}, want);
		rest = bytes_from(rest, 2 + want.size);
	}
	same = same && rest.size == 0;
	scratch_free(content);
	return same;
}

static unsigned files;

static int count_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path, (void)st, (void)ftw;
	files += type == FTW_F;
	return 0;
}

static unsigned files_below(const char *folder)
{
	files = 0;
	nftw(folder, count_file, 16, FTW_PHYS);
	return files;
}

/* The files of a log of that size are there with their content; how many they are. */
static bool stands(const char *folder, uint64_t size, unsigned *expected)
{
	bool good = true;

	*expected = 0;
	for (unsigned level = 0; size >> (8 * level) > 0; level++) {
		uint64_t count = size >> (8 * level);

		for (uint64_t i = 0; i < (count + 255) / 256; i++) {
			unsigned width = i < count / 256 ? 256 : (unsigned)(count % 256);
			good = good && hashes_stand(folder, level, i, width);
			(*expected)++;
		}
	}
	for (uint64_t i = 0; i < (size + 255) / 256; i++) {
		good = good && bundle_stands(folder, i, i < size / 256 ? 256 : (unsigned)(size % 256));
		(*expected)++;
	}
	return good;
}

static const uint64_t SIZES[] = {0, 1, 2, 255, 256, 257, 511, 512, 513, 65535, 65536, 65537};
#define SIZE_COUNT (sizeof(SIZES) / sizeof(SIZES[0]))

static void formula(void)
{
	bool good = true, exact = true;

	for (size_t i = 0; i < SIZE_COUNT; i++) {
		struct tiles tiles;
		char name[20];
		unsigned expected;

		snprintf(name, sizeof(name), "size-%u", (unsigned)SIZES[i]);
		good = good && tiles_open(&tiles, scratch(name)) == OK && grow(&tiles, SIZES[i]) &&
		       tiles_publish(&tiles) == OK && stands(scratch(name), SIZES[i], &expected);
		exact = exact && files_below(scratch(name)) == expected;
	}
	ok(good, "a log of each size has the files of the formula");
	ok(exact, "and no others");
}

static void growing(void)
{
	struct tiles tiles;
	unsigned expected;
	bool good = tiles_open(&tiles, scratch("growing")) == OK, later = true;

	for (size_t i = 0; i < SIZE_COUNT; i++) {
		good = good && grow(&tiles, SIZES[i]) && tiles_publish(&tiles) == OK &&
		       stands(scratch("growing"), SIZES[i], &expected);
		/* A reader with an older checkpoint finds its partial tiles, or full ones. */
		for (size_t j = 1; j < i; j++) {
			struct tiles_view view = {scratch("growing"), SIZES[j], false};
			struct merkle_proof path;

			merkle_prove_inclusion(tiles_subtree, &view, SIZES[j] - 1, SIZES[j], &path);
			later = later && !view.failed;
		}
	}
	ok(good, "a log that grows has them at each size it is published");
	ok(later, "and those of older sizes as well");
}

static void proofs(void)
{
	bool inclusion = true, consistency = true;
	const char *folder = scratch("growing");
	struct digest root[SIZE_COUNT], old;
	struct merkle_proof path;

	for (unsigned i = 0; i < SIZE_COUNT; i++)
		root[i] = merkle_root(leaf, SIZES[i]);
	for (unsigned round = 0; round < 600; round++) {
		unsigned of = 1 + (unsigned)dice_below(SIZE_COUNT - 1);
		uint64_t size = SIZES[of], index = dice_below(size);
		uint64_t before = 1 + dice_below(size < 2000 || round % 20 == 0 ? size : 2000);
		struct tiles_view view = {folder, size, false};

		merkle_prove_inclusion(tiles_subtree, &view, index, size, &path);
		inclusion = inclusion && !view.failed &&
		            merkle_verify_inclusion(&path, index, size, &leaf[index], &root[of]);
		old = merkle_root(leaf, before);
		merkle_prove_consistency(tiles_subtree, &view, before, size, &path);
		consistency = consistency && !view.failed &&
		              merkle_verify_consistency(&path, before, size, &old, &root[of]);
	}
	ok(inclusion, "proofs of inclusion are made from the files");
	ok(consistency, "so are proofs of consistency");
}

struct reading {
	uint64_t next, stop_at;
	bool same;
};

static bool read_one(void *context, uint64_t index, struct bytes octets)
{
	struct reading *r = context;

	r->same = r->same && index == r->next && bytes_same(octets, entry(index));
	r->next++;
	return r->next != r->stop_at;
}

static void reading(void)
{
	const char *folder = scratch("growing");
	struct reading r = {0, 0, true};
	char path[SCRATCH_PATH_MAX];

	ok(tiles_read(folder, 65537, 0, read_one, &r) && r.next == 65537 && r.same,
	   "entries are read again");
	r = (struct reading){300, 0, true};
	ok(tiles_read(folder, 513, 300, read_one, &r) && r.next == 513 && r.same, "or from one on");
	r = (struct reading){0, 0, true};
	ok(tiles_read(folder, 0, 0, read_one, &r) && r.next == 0, "an empty log has none");
	r = (struct reading){0, 400, true};
	ok(!tiles_read(folder, 65537, 0, read_one, &r) && r.next == 400, "whoever reads may stop");
	path_of(path, folder, "entries", 1, 256);
	rename(path, scratch("away"));
	r = (struct reading){0, 0, true};
	ok(!tiles_read(folder, 65537, 0, read_one, &r) && r.next == 256, "a bundle that is missing is told");
	scratch_write(path, BYTES("\0\3ab"));
	r = (struct reading){0, 0, true};
	ok(!tiles_read(folder, 65537, 0, read_one, &r) && r.next == 256, "and one that is short");
	rename(scratch("away"), path);
}

/* Every file in turn is damaged in some way; writing the log again mends it. */
struct damage {
	unsigned seen, done;
} damage;

static int damage_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type != FTW_F || st->st_size == 0)
		return 0;
	switch (damage.seen++ % 4) {
	case 0:
		damage.done += truncate(path, st->st_size - 1) == 0;
		break;
	case 1:
		damage.done += truncate(path, st->st_size + 5) == 0;
		break;
	case 2:
		damage.done += remove(path) == 0;
		break;
	default: {
		struct bytes content = scratch_read(path);
		((uint8_t *)(uintptr_t)content.at)[content.size / 2] ^= 1;
		scratch_write(path, content);
		scratch_free(content);
		damage.done++;
	}
	}
	return 0;
}

static void mending(void)
{
	struct tiles tiles;
	unsigned expected;
	const char *folder = scratch("size-513");

	nftw(folder, damage_one, 16, FTW_PHYS);
	ok(damage.done == damage.seen && damage.done == 7 && !stands(folder, 513, &expected),
	   "every file of a log is damaged or removed");
	ok(tiles_open(&tiles, folder) == OK && grow(&tiles, 513) && tiles_publish(&tiles) == OK &&
	           stands(folder, 513, &expected) && files_below(folder) == expected,
	   "and is as it was once the log is written again");
}

static void no_room(void)
{
	struct tiles tiles;
	bool good = tiles_open(&tiles, scratch("blocked")) == OK && grow(&tiles, 10);

	scratch_write(scratch("blocked/tile"), BYTES("a file where a folder should be"));
	ok(good && tiles_publish(&tiles) == MISHAP_IO && tiles.written == 0,
	   "what cannot be written is told, and not taken for written");
}

int main(void)
{
	dice_seed();
	leaves_make();
	formula();
	growing();
	proofs();
	reading();
	mending();
	no_room();
	return done_testing();
}
