/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_BESIDE_H
#define COMITY_HOST_BESIDE_H

/*
 * beside.h - the files of ours that a running program needs: helpers to start, modules to load.
 *
 * They stand beside the program where a build leaves them, and in the folder libexec/comity where
 * they are installed.
 */

#include <stdbool.h>

#define BESIDE_PATH_SIZE 4096 /* PATH_MAX of Linux, the final zero included */

/* The folder in which the running program stands, with no slash at its end. False: /proc does not
 * tell; nothing is written. */
bool beside_folder(char folder[BESIDE_PATH_SIZE]);

/* The path of `name` beside the running program when it is there; else where it would be installed,
 * there or not: whoever opens it tells what is amiss. */
void beside_find(char path[BESIDE_PATH_SIZE], const char *name);

#endif
