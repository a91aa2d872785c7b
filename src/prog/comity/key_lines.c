/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/key_lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sort.h"
#include "base/text.h"
#include "prog/comity/print.h"

const char *const HOME_ROLE_WORDS[HOME_ROLES] = {"act", "cosign", "custody", "duty"};

static bool public_key_write(const struct home *home, const char *file, struct writer *w)
{
	struct key key;
	char path[1024];

	home_key_path(home, file, path);
	if (key_read(&key, path) != OK)
		return false;
	key_wipe(&key);
	note_key_write(w, &key.public);
	return true;
}

static bool key_line_write(const struct home *home, const char *file, const char *role,
                           struct writer *w)
{
	write_text(w, "key: ");
	write_text(w, role);
	write_text(w, " ");
	if (!public_key_write(home, file, w))
		return false;
	write_text(w, "\n");
	return true;
}

/* An officer's home has an act key alone. */
static bool keys_write(const struct home *home, struct writer *w)
{
	for (unsigned i = 0; i < HOME_ROLES; i++) {
		char path[1024];

		home_key_path(home, HOME_ROLE_WORDS[i], path);
		if (i > 0 && access(path, F_OK) != 0)
			continue;
		if (!key_line_write(home, HOME_ROLE_WORDS[i], HOME_ROLE_WORDS[i], w))
			return false;
	}
	return true;
}

bool home_key_lines(struct command *command, struct bytes *lines)
{
	struct writer w = writer_in(&command->memory);

	if (!keys_write(&command->home, &w))
		return false;
	*lines = writer_keep(&w, &command->memory);
	return true;
}

/* Takes the "log" line out of what a founder gave. */
static void log_line_part(struct command *command, struct bytes text, struct bytes *lines,
                          struct bytes *log)
{
	struct text rest = {.rest = text};
	struct writer w = writer_in(&command->memory);
	struct bytes line, value;

	while (text_line(&rest, &line)) {
		if (text_field(line, "log", &value)) {
			*log = value;
			continue;
		}
		write_bytes(&w, line);
		write_octet(&w, '\n');
	}
	write_bytes(&w, rest.rest);
	*lines = writer_keep(&w, &command->memory);
}

bool founder_lines(struct command *command, const char *path, struct bytes *lines, struct bytes *log)
{
	struct bytes text;
	struct writer w;
	struct stat st;
	struct home home;

	*log = BYTES("");
	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode)) {
		if (!read_input(command, path, 16384, &text))
			return false;
		log_line_part(command, text, lines, log);
		return true;
	}
	if (home_read(&home, path) != OK)
		return false;
	if (home.operator) {
		command->instead = EXIT_NO;
		fail(command, EXIT_NO, "{0} is the home of an operator, which is no party", "{0} 是运营方的主目录，运营方并非缔约方",
		     VALUES(bytes_of(path)));
		return false;
	}
	w = writer_in(&command->memory);
	if (home.has_log && !public_key_write(&home, "log", &w))
		return false;
	*log = writer_keep(&w, &command->memory);
	w = writer_in(&command->memory);
	write_text(&w, "party: ");
	write_text(&w, home.party);
	write_text(&w, " ");
	write_text(&w, home.kind);
	write_text(&w, " ");
	write_number(&w, home.threshold);
	write_text(&w, "\n");
	if (!keys_write(&home, &w))
		return false;
	*lines = writer_keep(&w, &command->memory);
	return true;
}

static int by_number(const void *a, const void *b, const void *context)
{
	const struct listed_key *x = a, *y = b;

	(void)context;
	return x->number < y->number ? -1 : x->number > y->number;
}

static bool key_of_value(struct bytes value, struct listed_key *item)
{
	struct bytes role, origin, party;

	return text_word(&value, &role) && (item->role = key_role(role)) < ROLES &&
	       note_key_read(value, &item->key) &&
	       act_key_name(item->key.name, &origin, &party, &item->number);
}

bool key_list_add(struct command *command, struct key_list *list, struct bytes text)
{
	struct text lines = {.rest = text};
	struct bytes line, value;

	while (text_line(&lines, &line)) {
		struct listed_key item;

		if (!text_field(line, "key", &value))
			continue;
		if (!key_of_value(value, &item)) {
			command->instead = EXIT_NO;
			fail(command, EXIT_NO, "not a key line: {0}", "不是密钥行：{0}", VALUES(line));
			return false;
		}
		key_list_remove(list, item.number);
		if (list->count == PARTY_KEYS_MAX) {
			command->instead = EXIT_NO;
			fail(command, EXIT_NO, "a party has at most 16 keys", "缔约方至多有 16 把密钥", NULL);
			return false;
		}
		list->item[list->count++] = item;
	}
	sort(list->item, list->count, sizeof(list->item[0]), by_number, NULL);
	return true;
}

bool key_list_remove(struct key_list *list, uint32_t number)
{
	for (unsigned i = 0; i < list->count; i++)
		if (list->item[i].number == number) {
			for (list->count--; i < list->count; i++)
				list->item[i] = list->item[i + 1];
			return true;
		}
	return false;
}

struct bytes key_list_text(struct command *command, const struct key_list *list)
{
	struct writer w = writer_in(&command->memory);

	for (unsigned i = 0; i < list->count; i++) {
		write_text(&w, "key: ");
		write_text(&w, key_role_word(list->item[i].role));
		write_text(&w, " ");
		note_key_write(&w, &list->item[i].key);
		write_text(&w, "\n");
	}
	return writer_keep(&w, &command->memory);
}

bool next_key_line(struct command *command, const char *role, struct bytes *line)
{
	struct writer w = writer_in(&command->memory);
	char file[32], path[1024];

	snprintf(file, sizeof(file), "%s.next", role);
	home_key_path(&command->home, file, path);
	if (access(path, F_OK) != 0 || !key_line_write(&command->home, file, role, &w))
		return false;
	*line = writer_keep(&w, &command->memory);
	return true;
}

bool next_keys_settle(struct command *command)
{
	bool settled = true;

	for (unsigned i = 0; i < HOME_ROLES; i++) {
		char file[32], next[1024], now[1024], old[1024];

		snprintf(file, sizeof(file), "%s.next", HOME_ROLE_WORDS[i]);
		home_key_path(&command->home, file, next);
		if (access(next, F_OK) != 0)
			continue;
		home_key_path(&command->home, HOME_ROLE_WORDS[i], now);
		snprintf(file, sizeof(file), "%s.old", HOME_ROLE_WORDS[i]);
		home_key_path(&command->home, file, old);
		if ((access(now, F_OK) != 0 || rename(now, old) == 0) && rename(next, now) == 0)
			continue;
		settled = false;
		fail(command, EXIT_MISHAP, "{0}: {1}", "{0}：{1}",
		     VALUES(bytes_of(next), bytes_of(strerror(errno))));
	}
	return settled;
}
