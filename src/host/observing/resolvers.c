/* SPDX-License-Identifier: Apache-2.0 */
#include "host/observing/resolvers.h"

#include <stdio.h>

#include "observing/asking.h"

#define KEYWORD "name" "server" /* of resolv.conf(5), in one word */

void resolvers_of_machine(struct writer *writer)
{
	FILE *file = fopen("/etc/resolv.conf", "re");
	char line[300], word[100];
	uint8_t octets[IPV6_SIZE];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, " " KEYWORD " %99s", word) == 1 && address_read(bytes_of(word), octets) > 0)
			write_field(writer, "resolver", bytes_of(word));
	if (file != NULL)
		fclose(file);
}
