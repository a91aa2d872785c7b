/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_ENGINE_H
#define COMITY_TEST_ENGINE_H

/*
 * engine.h - for tests only: a comityd without its loop: what it opens, writes down and publishes,
 * by a clock that the test turns.
 */

#include <stdbool.h>

#include "host/engine/solo.h"

struct engine;

/* Everything that comityd opens; NULL, told on standard error, where comityd would not start. */
struct engine *engine_open(const char *home);

struct solo *engine_solo(struct engine *engine);

/* Closes the open block. False: comityd would stop. */
bool engine_close_block(struct engine *engine, const struct solo_clock *clock);

/* Publishes what is due, `log_line` being the log key's signature over the newest final checkpoint.
 * False: comityd would stop. */
bool engine_publish(struct engine *engine, const uint8_t log_line[64]);

/* The folder of what is published. */
const char *engine_public(const struct engine *engine);

/* Lets go of the journal and the socket. */
void engine_close(struct engine *engine);

#endif
