/* SPDX-License-Identifier: Apache-2.0 */
#include "base/words.h"

#include <string.h>

#include "fuzz.h"

/* Whatever the bytes, the answer is total; a word of a valid line is a valid line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes line = {data, size};
	struct fault fault = {0};

	if (!words_valid(line, &fault)) {
		must(fault.line == 1 && fault.column >= 1 && fault.why != NULL);
		must(fault.column <= size || size == 0);
		return 0;
	}
	must(fault.why == NULL && size >= 1 && size <= WORDS_SIZE_MAX);
	while (line.size != 0) {
		const uint8_t *blank = memchr(line.at, ' ', line.size);
		size_t word = blank == NULL ? line.size : (size_t)(blank - line.at);

		bool valid = words_valid(bytes_first(line, word), &fault);

		must(valid);
		line = bytes_from(line, word + 1);
	}
	return 0;
}
