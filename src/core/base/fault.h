/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_FAULT_H
#define COMITY_BASE_FAULT_H

/*
 * fault.h - where a text was not accepted, and why.
 *
 * Goes with a mishap: the enum says what to do, the fault says what to tell the
 * person who wrote the text. A function that takes a fault sets it only when it
 * returns a mishap (or false), and never touches it otherwise.
 */

#include <stdint.h>

struct fault {
	uint32_t line;   /* from 1; 0 when it concerns the text as a whole */
	uint32_t column; /* octet in the line, from 1; 0 when it concerns the whole line */
	const char *why; /* English, lower case, no full stop; a constant, never freed */
};

#endif
