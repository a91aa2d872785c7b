/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_MODULE_H
#define COMITY_HOST_NET_MODULE_H

/*
 * module.h - libraries that not everybody needs stand in modules of ours, loaded only where a
 * configuration asks for what they do: whoever has none starts without and has less in memory.
 */

/*
 * Loads the module of that file name, from beside the program, where it was built, or where it
 * was installed, and finds its one symbol. NULL, and `*why` until the next call, when there is
 * none.
 */
const void *module_load(const char *name, const char *symbol, const char **why);

#endif
