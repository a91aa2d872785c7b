/* SPDX-License-Identifier: Apache-2.0 */
/* zonefile_print ORIGIN <FILE - the canonical text of the zone that our reader of master files finds. */
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "dns/dname.h"
#include "dns/zonefile.h"
#include "dns/zonetext.h"

#define TEXT_MAX ((size_t)16 << 20)

_Noreturn void memory_fail(size_t wanted)
{
	fprintf(stderr, "no memory for %zu octets\n", wanted);
	exit(3);
}

_Noreturn void must_fail(const char *claim, const char *file, int line)
{
	fprintf(stderr, "%s:%d: must(%s)\n", file, line, claim);
	abort();
}

int main(int argc, char *argv[])
{
	static uint8_t text[TEXT_MAX];
	size_t size = fread(text, 1, sizeof(text), stdin);
	struct arena arena = {.size = ZONE_FILE_ARENA_SIZE(size) + 8 * TEXT_MAX};
	struct rrset_list zone;
	struct dname origin;
	struct fault fault;

	if (argc != 2 || dname_read_text(bytes_of(argv[1]), &origin) != OK)
		return 2;
	arena.at = malloc(arena.size);
	if (arena.at == NULL)
		memory_fail(arena.size);
	if (!zone_file_read((struct bytes){text, size}, dname_bytes(&origin), &arena, &zone,
	                    &fault)) {
		printf("%u:%u: %s\n", fault.line, fault.column, fault.why);
		return 1;
	}
	struct writer to = writer_in(&arena);
	zone_write_text(&to, &zone);
	fwrite(to.at, 1, to.used, stdout);
	return to.full || ferror(stdout) ? 3 : 0;
}
