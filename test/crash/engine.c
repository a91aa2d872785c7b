/* SPDX-License-Identifier: Apache-2.0 */
#include "crash/engine.h"

#include <stdlib.h>
#include <string.h>

#include "prog/comityd/node.h"

struct engine {
	struct node node;
};

struct engine *engine_open(const char *home)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	return engine != NULL && node_open(&engine->node, home) == OK ? engine : NULL;
}

struct solo *engine_solo(struct engine *engine)
{
	return &engine->node.solo;
}

bool engine_close_block(struct engine *engine, const struct solo_clock *clock)
{
	enum mishap mishap;

	return solo_step(&engine->node.solo, clock, publish_leaf, &engine->node, &mishap) && mishap == OK;
}

bool engine_publish(struct engine *engine, const uint8_t log_line[64])
{
	engine->node.log_size = engine->node.solo.finality.sealed.size;
	memcpy(engine->node.log_line, log_line, sizeof(engine->node.log_line));
	publish(&engine->node);
	return !engine->node.failed;
}

const char *engine_public(const struct engine *engine)
{
	return engine->node.public;
}

void engine_close(struct engine *engine)
{
	node_close(&engine->node);
}
