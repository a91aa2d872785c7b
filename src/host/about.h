/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_ABOUT_H
#define COMITY_HOST_ABOUT_H

/* about.h - what every program tells of itself before it does anything. */

#include <stdbool.h>

/*
 * When the only argument is --version, writes "PROGRAM VERSION" and a LF to standard output, and when it is --help
 * the usage, unless that is NULL. Whether it wrote.
 */
bool about_tell(int argc, char *const argv[], const char *program, const char *usage);

#endif
