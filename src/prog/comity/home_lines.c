/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/home_lines.h"

#include <sys/stat.h>

#include "act/genesis.h"
#include "base/text.h"

static bool keys_write(const struct home *home, struct writer *w)
{
	static const char *const KEY_ROLES[] = {"act", "cosign", "custody"};

	/* Where several hold a party's act keys, nobody holds the others: it countersigns nothing. */
	for (unsigned i = 0; i < (home->number > 0 ? 1 : 3); i++) {
		struct key key;
		char path[1024];

		home_key_path(home, KEY_ROLES[i], path);
		if (key_read(&key, path) != OK)
			return false;
		key_wipe(&key);
		write_text(w, "key: ");
		write_text(w, KEY_ROLES[i]);
		write_text(w, " ");
		note_key_write(w, &key.public);
		write_text(w, "\n");
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

bool home_founder_lines(struct command *command, const char *path, struct bytes *lines)
{
	struct writer w;
	struct stat st;
	struct home home;

	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return read_input(command, path, 16384, lines);
	if (home_read(&home, path) != OK)
		return false;
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
