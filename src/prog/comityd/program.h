/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITYD_PROGRAM_H
#define COMITY_COMITYD_PROGRAM_H

/* program.h - where the programs that comityd starts lie (comity.conf(5), the option "programs"). */

#include <stdbool.h>

#define PROGRAM_PATH_SIZE 1000

/*
 * The path of a program: in the folder that the configuration names; when it names none (empty), beside
 * this program, else where a build tree has it, in a folder of its own beside ours. False: it is not
 * there, or may not be run, and that is told.
 */
bool program_find(char path[PROGRAM_PATH_SIZE], const char *configured, const char *program);

#endif
