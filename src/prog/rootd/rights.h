/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_RIGHTS_H
#define COMITY_ROOTD_RIGHTS_H

/* rights.h - what a server that serves may still see and call. */

#include "prog/rootd/server.h"

/* The files it looks at again, by their folders. MISHAP_IO, told on standard error. */
enum mishap rights_see(const struct server *server) CHECKED;

/* The calls of serving, when all threads have begun. MISHAP_IO, told on standard error. */
enum mishap rights_call(const struct options *options) CHECKED;

/* The folder of a path, in memory of its own that is kept. */
const char *rights_folder(const char *path);

#endif
