/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - runs a fuzz target over the files of a folder (or named files), over
 * small mutations of each, and over cheap pseudo-random input, so that every
 * fuzzer is also an ordinary test under any compiler.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX     (1 << 20)
#define MUTANTS       200
#define RANDOM_INPUTS 20000

static uint8_t input[INPUT_MAX], mutant[INPUT_MAX];
static uint64_t seed = 20261122;
static int runs;

static uint64_t next(void) /* splitmix64 */
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static void run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size + (size == 0)); /* so that a sanitizer sees one octet too many */

	if (size != 0)
		memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	runs++;
}

static void run_mutants(size_t size)
{
	for (int m = 0; m < MUTANTS && size > 0; m++) {
		size_t keep = next() % 4 == 0 ? next() % size + 1 : size;

		memcpy(mutant, input, keep);
		for (uint64_t edits = next() % 4; edits > 0; edits--)
			mutant[next() % keep] = (uint8_t)(next() % 3 ? input[next() % size] : next());
		run(mutant, keep);
	}
}

static void run_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	size_t size;

	if (f == NULL) {
		perror(path);
		exit(99);
	}
	size = fread(input, 1, sizeof(input), f);
	fclose(f);
	run(input, size);
	run_mutants(size);
}

static void run_path(const char *path)
{
	struct stat st;
	struct dirent **names;
	int count;

	if (stat(path, &st) != 0)
		return; /* a fuzzer without a corpus yet */
	if (!S_ISDIR(st.st_mode)) {
		run_file(path);
		return;
	}
	count = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char file[4096];
		if (names[i]->d_name[0] != '.') {
			snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
			run_file(file);
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

int main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		run_path(argv[i]);
	for (int r = 0; r < RANDOM_INPUTS; r++) {
		size_t size = next() % 300;
		for (size_t j = 0; j < size; j++)
			input[j] = (uint8_t)(next() % (next() % 2 ? 8 : 256));
		run(input, size);
	}
	printf("1..1\nok 1 - %d inputs\n", runs);
	return 0;
}
