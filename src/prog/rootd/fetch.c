/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/fetch.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host/net/conduit.h"
#include "serving/receive.h"

#include <sodium.h>

#define CONNECT_MILLISECONDS 5000
#define ANSWER_MILLISECONDS  10000  /* between two messages */
#define BUILD_MILLISECONDS   120000 /* from the last message to the zone */

/* One conversation with a primary. */
struct talk {
	struct config *config;
	const struct fetch_tls *tls;
	const struct peer *primary;
	struct bytes apex;
	const struct held *have;
	const struct rrset_list *zone; /* that we have */
	struct builder *ready;         /* for changes of it */
	const struct fetch_listener *listener;
	struct conduit *conduit;
	struct tsig_chain chain; /* with primary->key */
	uint8_t mac[TSIG_MAC_MAX];
	bool last_signed;
	uint16_t id;
};

static bool tell(const struct talk *t, const char *why)
{
	char name[LISTEN_TEXT_MAX];

	listen_write(&t->primary->address, name);
	fprintf(stderr, "comity-rootd: primary %s: %s\n", name, why);
	return false;
}

/* Sends a request, signed when the primary has a key. */
static bool ask(struct talk *t, struct writer *request)
{
	const struct tsig_key *key = t->primary->key;
	size_t size;

	if (key != NULL) {
		size = tsig_sign_request(request, key, (uint64_t)time(NULL), t->mac);
		tsig_chain_begin(&t->chain, key, (struct bytes){t->mac, size});
	}
	conduit_allow(t->conduit, ANSWER_MILLISECONDS);
	return conduit_send(t->conduit, writer_bytes(request)) ||
	       tell(t, "does not take a request");
}

/* Checks who signed a message; all of a stream in one chain. */
static bool authentic(struct talk *t, struct bytes message)
{
	struct tsig tsig;
	bool present = false;
	uint16_t error;

	if (t->primary->key == NULL)
		return true;
	if (tsig_find(message, &tsig, &present) != OK)
		return tell(t, "a message that is malformed");
	t->last_signed = present;
	if (!present)
		return tsig_chain_skip(&t->chain, message) ||
		       tell(t, "a message that is not signed");
	if (!tsig_names_key(&tsig, t->primary->key))
		return tell(t, "a message under another key");
	if (tsig.error != 0 && tsig.mac.size == 0)
		return tell(t, tsig.error == TSIG_BADKEY ? "does not have our key"
		                                         : "does not take our signature");
	error = tsig_chain_check(&t->chain, message, &tsig, (uint64_t)time(NULL));
	if (error == 0 && tsig.error == TSIG_BADTIME)
		return tell(t, "says that our clocks differ");
	return error == 0 ||
	       tell(t, error == TSIG_BADTIME ? "its clock differs from ours"
	                                     : "a message whose signature is wrong");
}

static bool receive(struct talk *t, struct bytes *message)
{
	conduit_allow(t->conduit, ANSWER_MILLISECONDS);
	return conduit_receive(t->conduit, message) ||
	       tell(t, "ended too early, or is too slow");
}

/* True when the primary has a newer zone than we; `*answered` when it said anything at all. */
static bool is_newer(struct talk *t, bool *answered)
{
	uint8_t room[2048];
	struct writer request = {.at = room, .size = sizeof(room)};
	struct serial serial, have = {t->have->transfer.header->serial};
	struct bytes message;
	const char *why;

	*answered = false;
	t->id = (uint16_t)randombytes_random();
	receive_write_soa_request(&request, t->id, t->apex);
	if (!ask(t, &request) || !receive(t, &message) || !authentic(t, message))
		return false;
	if (!receive_read_soa(message, t->id, t->apex, &serial, &why))
		return tell(t, why);
	*answered = true;
	return serial_compare(serial, have) == SERIAL_AFTER;
}

/* ---- the transfer ---- */

static bool builder_says_something(const struct builder *builder, int milliseconds)
{
	struct pollfd wait = {.fd = builder->from, .events = POLLIN};

	return poll(&wait, 1, milliseconds) > 0;
}

/* Waits for either the next message or a verdict; true when it is a message. */
static bool message_comes(const struct talk *t, const struct builder *builder)
{
	struct pollfd wait[] = {{.fd = builder->from, .events = POLLIN},
	                        {.fd = t->conduit->descriptor, .events = POLLIN}};

	if (conduit_has_some(t->conduit))
		return !builder_says_something(builder, 0);
	(void)poll(wait, 2, ANSWER_MILLISECONDS);
	return wait[0].revents == 0;
}

/* Hands message after message to the builder until it has a verdict. */
static bool stream(struct talk *t, struct builder *builder)
{
	struct bytes message;

	while (message_comes(t, builder)) {
		if (!receive(t, &message) || !authentic(t, message))
			return false;
		if (!builder_give(builder, message))
			return builder_says_something(builder, 0) ||
			       tell(t, "its transfer broke our reader");
	}
	return true;
}

static bool take_verdict(struct talk *t, struct builder *builder, struct verdict *verdict)
{
	if (!builder_verdict(builder, verdict))
		return tell(t, "its transfer broke our reader");
	if (verdict->kind != VERDICT_ENDED)
		return true;
	if (t->primary->key != NULL && !t->last_signed)
		return tell(t, "a last message that is not signed");
	conduit_close(t->conduit);
	do {
		if (!builder_says_something(builder, BUILD_MILLISECONDS) ||
		    !builder_verdict(builder, verdict))
			return tell(t, "its zone broke our reader");
		if (verdict->kind == VERDICT_CHANGES)
			t->listener->heard(t->listener->context, verdict,
			                   builder_changes(builder, verdict));
	} while (verdict->kind == VERDICT_CHANGES);
	return true;
}

/* Asks for the changes, or for all when `have` is NULL. False when it came to nothing. */
static bool transfer(struct talk *t, const struct held *have, struct builder *builder,
                     struct verdict *verdict)
{
	uint8_t room[2048];
	struct writer request = {.at = room, .size = sizeof(room)};
	struct serial serial = {have == NULL ? 0 : have->transfer.header->serial};
	struct building building = {.apex = t->apex,
	                            .have = have,
	                            .before = t->have,
	                            .zone = t->zone,
	                            .zonemd_required = t->config->zonemd_required,
	                            .config = t->config};

	bool waits = have != NULL && t->ready->process != 0;

	t->id = building.id = waits ? t->ready->id : (uint16_t)randombytes_random();
	receive_write_request(&request, t->id, t->apex, have == NULL ? NULL : &serial);
	if (!ask(t, &request))
		return false;
	if (waits) {
		*builder = *t->ready;
		*t->ready = BUILDER_NONE;
	} else if (builder_start(builder, &building) != OK) {
		return false; /* the answer is on its way while the process starts */
	}
	if (stream(t, builder) && take_verdict(t, builder, verdict))
		return true;
	builder_end(builder);
	return false;
}

static bool open_talk(struct talk *t)
{
	const struct peer *p = t->primary;
	const struct fetch_tls *tls = t->tls;
	const char *why, *name = p->tls_name[0] == '\0' ? NULL : p->tls_name;

	if (!conduit_open(t->conduit, &p->address, CONNECT_MILLISECONDS, &why))
		return tell(t, why);
	if (!p->tls)
		return true;
	return conduit_secure(t->conduit, tls->library, tls->context, name, &why) ||
	       tell(t, why);
}

/* The changes, or, when they do not fit or the primary has none, the whole zone. */
static enum fetched take(struct talk *t, struct builder *builder, struct verdict *verdict)
{
	bool came = transfer(t, t->have, builder, verdict);

	if (came && t->have != NULL && verdict->kind == VERDICT_NOT_APPLICABLE) {
		tell(t, verdict->why);
		builder_end(builder);
		conduit_close(t->conduit);
		came = open_talk(t) && transfer(t, NULL, builder, verdict);
	}
	if (!came)
		return FETCHED_FAILED;
	if (verdict->kind == VERDICT_BUILT)
		return FETCHED_ZONE;
	if (verdict->kind != VERDICT_UP_TO_DATE)
		tell(t, verdict->why);
	builder_end(builder);
	return verdict->kind == VERDICT_UP_TO_DATE ? FETCHED_NOTHING : FETCHED_FAILED;
}

enum fetched fetch(struct config *config, const struct fetch_tls *tls,
                   const struct peer *primary, struct bytes apex, const struct fetch_have *have,
                   bool surely_newer, const struct fetch_listener *listener,
                   struct builder *builder, struct verdict *verdict)
{
	static struct conduit conduit; /* too large for a stack, and for being cleared before a primary is asked */
	enum fetched fetched = FETCHED_FAILED;
	bool answered = false;
	struct talk talk = {.config = config,
	                    .tls = tls,
	                    .primary = primary,
	                    .apex = apex,
	                    .have = have->held,
	                    .zone = have->zone,
	                    .ready = have->ready,
	                    .listener = listener,
	                    .conduit = &conduit};

	if (!open_talk(&talk))
		return FETCHED_FAILED;
	if (have->held == NULL || surely_newer || is_newer(&talk, &answered))
		fetched = take(&talk, builder, verdict);
	else if (answered)
		fetched = FETCHED_NOTHING;
	conduit_close(&conduit);
	return fetched;
}
