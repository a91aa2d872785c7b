/* SPDX-License-Identifier: Apache-2.0 */
#include "echo.h"

#include <stdio.h>

#include "meter.h"

void echo_begin(struct echo *echo, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t octets[2];

	if (file == NULL)
		give_up(path);
	echo->count = echo->next = 0;
	while (echo->count < ECHO_SIZES && fread(octets, sizeof(octets), 1, file) == 1)
		echo->size[echo->count++] = (uint16_t)(octets[0] << 8 | octets[1]);
	fclose(file);
	if (echo->count == 0)
		give_up("no sizes");
	for (size_t i = 0; i < sizeof(echo->filling); i++)
		echo->filling[i] = (uint8_t)(i * 7);
}
