/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec_at FILE COMMAND [ARGUMENT...] - writes the seconds of the monotonic clock to a file, and
 * becomes the command: so that a start is measured from exec, not from what came before.
 */
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "meter.h"

int main(int argc, char *argv[])
{
	FILE *file;

	if (argc < 3)
		return 2;
	file = fopen(argv[1], "w");
	if (file == NULL || fprintf(file, "%.9f\n", (double)meter_now() * 1e-9) < 0 ||
	    fclose(file) != 0)
		give_up(argv[1]);
	execvp(argv[2], argv + 2);
	give_up(argv[2]);
}
