/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/public_log.h"

#include <string.h>

#include "base/hex.h"
#include "host/memory.h"
#include "host/tiles.h"
#include "prog/comity/print.h"

#define PENDING_MAX (BLOCK_ACTS_MAX + 2)

/* A block's acts wait for its seal, which tells their height and time. */
struct walking {
	struct command *command;
	bool (*each)(void *context, const struct entry *entry);
	void *context;
	struct arena memory; /* of the block at hand */
	struct bytes *pending;
	unsigned count;
	uint64_t first; /* index of the first that waits */
	bool stopped;   /* by `each` */
	bool broken;
};

static bool broken(struct walking *w, uint64_t index)
{
	w->broken = true;
	fail(w->command, EXIT_MISHAP, "entry {0} of the public log does not read",
	     "公开日志的第 {0} 项无法读取", VALUES(number_text(w->command, index)));
	return false;
}

static bool entry_read(struct bytes octets, struct arena *memory, struct entry *entry)
{
	struct arena scratch = {arena_take(memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct fault fault;

	entry->octets = octets;
	if (note_read(octets, &entry->note, &fault) != OK)
		return false;
	if (genesis_read(entry->note.text, &entry->genesis, &fault) == OK) {
		entry->kind = ENTRY_GENESIS;
		return true;
	}
	entry->kind = ENTRY_ACT;
	return act_read(entry->note.text, scratch, &entry->act, &fault) == OK;
}

static bool give(struct walking *w, const struct entry *entry)
{
	w->stopped = !w->each(w->context, entry);
	return !w->stopped;
}

static bool block_give(struct walking *w, struct bytes text, const struct seal *seal)
{
	for (unsigned i = 0; i < w->count; i++) {
		struct entry entry = {.index = w->first + i, .height = seal->height, .time = seal->time};
		struct arena memory = w->memory;

		if (!entry_read(w->pending[i], &memory, &entry))
			return broken(w, entry.index);
		if (!give(w, &entry))
			return false;
	}
	struct entry last = {.kind = ENTRY_SEAL,
	                     .index = w->first + w->count,
	                     .height = seal->height,
	                     .time = seal->time,
	                     .octets = text,
	                     .acts = seal->acts};
	return give(w, &last);
}

static bool take_entry(void *context, uint64_t index, struct bytes octets)
{
	struct walking *w = context;
	struct fault fault;
	struct seal seal;

	if (seal_read(octets, &seal, &fault) == OK) {
		if (!block_give(w, octets, &seal))
			return false;
		w->count = 0;
		w->memory.used = 0;
		return true;
	}
	if (w->count == PENDING_MAX)
		return broken(w, index);
	if (w->count == 0)
		w->first = index;
	w->pending[w->count++] = arena_copy(&w->memory, octets);
	return true;
}

bool log_walk(struct command *command, const struct view *view,
              bool (*each)(void *context, const struct entry *entry), void *context)
{
	static struct arena memory;
	struct walking w = {.command = command, .each = each, .context = context};
	const char *folder = string_of(command, view->public);

	if (memory.at == NULL)
		memory = memory_reserve(BLOCK_SIZE_MAX + PENDING_MAX * 64 + 4 * ACT_SCRATCH_SIZE);
	w.memory = memory;
	w.pending = arena_take_array(&command->memory, PENDING_MAX, sizeof(*w.pending));
	if (tiles_read(folder, view->log, 0, take_entry, &w) || w.stopped)
		return true;
	if (!w.broken) {
		fail(command, EXIT_MISHAP, "the public log in {0} cannot be read", "无法读取 {0} 中的公开日志",
		     VALUES(view->public));
		next_step(command, "run this where the node's public folder is",
		          "请在能访问节点公开目录的机器上运行", NULL);
	}
	return false;
}

void entry_keep(struct command *command, const struct entry *entry, struct entry *kept)
{
	struct entry copy = *entry;
	bool read = entry->kind == ENTRY_SEAL ||
	            entry_read(arena_copy(&command->memory, entry->octets), &command->memory, &copy);

	if (read)
		*kept = copy;
}

struct finding {
	struct command *command;
	struct bytes prefix;
	struct entry *found;
	unsigned count;
};

static bool id_begins(const struct digest *id, struct bytes prefix)
{
	char hex[2 * DIGEST_SIZE];

	hex_write(hex, digest_bytes(id));
	return bytes_starts((struct bytes){(uint8_t *)hex, sizeof(hex)}, prefix);
}

static bool look(void *context, const struct entry *entry)
{
	struct finding *f = context;

	if (entry->kind == ENTRY_SEAL ||
	    (!(entry->kind == ENTRY_GENESIS && bytes_same(f->prefix, BYTES("genesis"))) && !id_begins(entry->kind == ENTRY_ACT ? &entry->act.id : &entry->genesis.id, f->prefix)))
		return true;
	if (f->count++ == 0)
		entry_keep(f->command, entry, f->found);
	return true;
}

enum found log_find(struct command *command, const struct view *view, struct bytes prefix,
                    struct entry *entry)
{
	struct finding f = {command, prefix, entry, 0};

	if (!log_walk(command, view, look, &f))
		return FOUND_MISHAP;
	return f.count == 0 ? FOUND_NONE : f.count == 1 ? FOUND_ONE : FOUND_MORE;
}

int tell_not_found(struct command *command, enum found found, struct bytes prefix)
{
	if (found == FOUND_MISHAP)
		return EXIT_MISHAP;
	if (found == FOUND_MORE)
		return fail(command, EXIT_NO, "more than one act begins with {0}",
		            "以 {0} 开头的文书不止一份", VALUES(prefix));
	fail(command, EXIT_NO, "the public log holds no act that begins with {0}",
	     "公开日志中没有以 {0} 开头的文书", VALUES(prefix));
	next_step(command, "comity act list; what has just entered is there when its block is final",
	          "comity act list；刚登记的文书在其区块定案后可见", NULL);
	return EXIT_NO;
}

struct keys_wanted {
	struct command *command;
	struct bytes party;
	uint64_t index;
	struct bytes *keys;
};

static bool look_for_keys(void *context, const struct entry *entry)
{
	struct keys_wanted *k = context;
	struct bytes parties = entry->kind == ENTRY_GENESIS ? entry->genesis.parties : BYTES("");
	struct founder founder;

	if (entry->index > k->index)
		return false;
	while (genesis_party(&parties, &founder))
		if (bytes_same(founder.name, k->party))
			*k->keys = arena_copy(&k->command->memory, founder.keys);
	/* What is to introduce keys is signed by them; before it, the older ones count. */
	if (entry->kind == ENTRY_ACT && bytes_same(entry->act.by, k->party) &&
	    (entry->act.kind == ACT_ACCEDE ||
	     (entry->act.kind == ACT_ROTATE && entry->index < k->index)))
		*k->keys = arena_copy(&k->command->memory, act_field(&entry->act, "key"));
	return true;
}

bool log_keys_at(struct command *command, const struct view *view, struct bytes party,
                 uint64_t index, struct bytes *keys)
{
	struct keys_wanted wanted = {command, party, index, keys};

	*keys = BYTES("");
	return log_walk(command, view, look_for_keys, &wanted);
}
