/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_SANDBOX_H
#define COMITY_HOST_SANDBOX_H

/*
 * sandbox.h - giving rights up: another user, fewer files, fewer system calls.
 *
 * In this order, each once: become, drop capabilities, see only, start the threads, call only.
 * What was given up does not come back. A kernel without Landlock or seccomp is told of on
 * standard error and goes on: the sandbox is the second wall, not the first.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/mishap.h"

/* Becomes `user`, with its group and no other. MISHAP_IO, told on standard error: no such user,
 * or not allowed to. */
enum mishap sandbox_become(const char *user) CHECKED;

/* Gives up every capability, for this thread and those it starts, and that of having any again,
 * also for root. MISHAP_IO, told on standard error. */
enum mishap sandbox_drop_capabilities(void) CHECKED;

/*
 * From here on this thread and those it starts see no file but what is in or below the `count`
 * `folders`, and those for reading only (Landlock). Open descriptors stay. Sets
 * no_new_privs. MISHAP_IO, told on standard error: a folder that is not there.
 */
enum mishap sandbox_see_only(const char *const *folders, size_t count) CHECKED;

/* The same, and what is in or below the `owned_count` folders of `owned` can be written, made
 * and removed, too. */
enum mishap sandbox_see_and_own(const char *const *seen, size_t seen_count,
                                const char *const *owned, size_t owned_count) CHECKED;

/* The same for a process that owns one folder: what is in or below it can be read, written,
 * made and removed, and no other file. */
enum mishap sandbox_own_only(const char *folder) CHECKED;

/*
 * From here on every thread of the process calls nothing but what a running server needs:
 * its sockets, reading files, memory, waiting, and the `count` system calls of `more`, by name
 * (seccomp). Any other call ends the process. MISHAP_IO, told on standard error.
 */
enum mishap sandbox_call_only(const char *const *more, size_t count) CHECKED;

#endif
