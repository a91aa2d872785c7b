/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/answer.h"

#include <string.h>

#include "base/must.h"
#include "dns/message.h"
#include "serving/chaos.h"
#include "serving/ordinary/respond.h"
#include "serving/request.h"
#include "serving/zones.h"

#define OPT_SIZE 11 /* octets of an OPT record without options */

/* Codes of extended errors (RFC 8914 section 4). */
#define EDE_NOT_READY         14
#define EDE_PROHIBITED        18
#define EDE_NOT_AUTHORITATIVE 20
#define EDE_NOT_SUPPORTED     21
#define EDE_INVALID_DATA      24 /* an expired zone is what it is for */

/* Spares a variable on a query's way the zeros that -ftrivial-auto-var-init gives all. */
#define UNINITIALIZED __attribute__((uninitialized))

#define LIKELY(x) __builtin_expect((x), 1)

/* A response under construction: behind the question, in place of the query. */
struct response {
	const struct answerer *server;
	const struct image *image;
	struct request *request;
	uint8_t *message;
	size_t end;      /* octets so far */
	size_t limit;    /* octets at most, room for OPT already taken off */
	size_t opt_size; /* octets of OPT to come; 0: none */
	uint64_t counts; /* IMAGE_COUNTS of its records */
	uint32_t rcode;
	uint32_t ede;                /* why there is no answer (RFC 8914); 0: not told */
	uint32_t keepalive;          /* units of 100 ms; 0: not told */
	bool cookie_told, known;     /* it has a cookie; the query had one of ours */
	uint8_t cookie[COOKIE_SIZE]; /* where cookie_told */
};

/* ---- finishing ---- */

static uint8_t *put_option(uint8_t *at, uint32_t code, struct bytes value)
{
	store16(at, code);
	store16(at + 2, (uint32_t)value.size);
	if (value.size != 0)
		memcpy(at + 4, value.at, value.size);
	return at + 4 + value.size;
}

/* How many octets the options of the response take, told before it is laid out. */
static size_t options_size(const struct response *r)
{
	size_t nsid = r->server->identity.nsid.size, size = 0;

	if (r->cookie_told)
		size += 4 + COOKIE_SIZE;
	if (r->request->wants_nsid && nsid != 0)
		size += 4 + nsid;
	if (r->keepalive != 0)
		size += 4 + 2;
	return size;
}

static __attribute__((noinline)) void put_options(const struct response *r, uint8_t *at)
{
	uint8_t number[2];

	if (r->cookie_told)
		at = put_option(at, EDNS_COOKIE, (struct bytes){r->cookie, COOKIE_SIZE});
	if (r->request->wants_nsid && r->server->identity.nsid.size != 0)
		at = put_option(at, EDNS_NSID, r->server->identity.nsid);
	if (r->keepalive != 0) {
		store16(number, r->keepalive);
		at = put_option(at, EDNS_TCP_KEEPALIVE, (struct bytes){number, 2});
	}
	if (r->ede != 0) {
		store16(number, r->ede);
		put_option(at, EDNS_EDE, (struct bytes){number, 2});
	}
}

static inline void put_opt(struct response *r)
{
	uint8_t *at = r->message + r->end;

	/* Root, type, our size, upper RCODE, version 0, DO. */
	store64(at, (uint64_t)TYPE_OPT << 40 | (uint64_t)r->server->udp_size << 24 |
	                    (uint64_t)(r->rcode >> 4) << 16 |
	                    (r->request->dnssec_ok ? 0x80 : 0));
	at[8] = 0;
	store16(at + 9, (uint32_t)(r->opt_size - OPT_SIZE));
	if (!LIKELY(r->opt_size == OPT_SIZE))
		put_options(r, at + OPT_SIZE);
	r->end += r->opt_size;
}

/* Writes header and OPT. `flags` are AA and TC; RD is copied, RA, AD and CD are clear
 * (RFC 4035 section 3.1.6). */
static inline size_t finish(struct response *r, uint32_t flags, uint32_t rcode)
{
	uint8_t *m = r->message;
	uint64_t counts = r->counts + ((uint64_t)r->request->has_question << 48);

	r->rcode = rcode;
	if (LIKELY(r->opt_size != 0)) {
		put_opt(r);
		counts++;
	}
	store16(m + 2, MESSAGE_QR | flags | (rcode & 15) | ((uint32_t)m[2] << 8 & MESSAGE_RD));
	store64(m + 4, counts);
	return r->end;
}

/* Nothing but the question: an error, or what did not fit. */
static size_t finish_empty(struct response *r, uint32_t flags, uint32_t rcode)
{
	r->end = r->request->question_end;
	r->counts = 0;
	return finish(r, flags, rcode);
}

/* An error and why, which always fits behind the question alone. */
static size_t finish_error(struct response *r, uint32_t rcode, uint32_t ede)
{
	if (r->opt_size != 0 && ede != 0) {
		r->ede = ede;
		r->opt_size += 4 + 2;
	}
	return finish_empty(r, 0, rcode);
}

/* ---- pieces ---- */

static inline void move_pointer(uint8_t *at, uint32_t by)
{
	store16(at, load16(at) + by);
}

/* `count` pointers of a piece move by `by`. */
static inline void move_pointers(uint8_t *octets, const uint16_t *pointer, uint32_t count,
                                 uint32_t by)
{
	for (; count >= 4; count -= 4, pointer += 4) {
		move_pointer(octets + pointer[0], by);
		move_pointer(octets + pointer[1], by);
		move_pointer(octets + pointer[2], by);
		move_pointer(octets + pointer[3], by);
	}
	for (; count != 0; count--, pointer++)
		move_pointer(octets + *pointer, by);
}

/* Adds a whole piece; false when it does not fit. */
static inline bool put_piece(struct response *r, const struct image_piece *piece, uint32_t by)
{
	uint8_t *to = r->message + r->end;

	if (!LIKELY(r->end + piece->size <= r->limit))
		return false;
	memcpy(to, r->image->file.at + piece->octets, piece->size);
	if (by != 0)
		move_pointers(to, r->image->pointer + piece->pointers, piece->pointer_count,
		              by);
	r->end += piece->size;
	r->counts += piece->counts;
	return true;
}

/* How many of the pointers of a piece, which ascend, stand in its first `size` octets. */
static uint32_t count_pointers(const uint16_t *pointer, uint32_t count, size_t size)
{
	uint32_t low = 0;

	while (low < count) {
		uint32_t middle = low + (count - low) / 2;

		if (pointer[middle] + 2u <= size)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* Adds the first `size` octets of a piece. */
static void put_start(struct response *r, const struct image_piece *piece, size_t size,
                      uint32_t by)
{
	uint8_t *to = r->message + r->end;
	const uint16_t *pointer = r->image->pointer + piece->pointers;

	memcpy(to, r->image->file.at + piece->octets, size);
	if (by != 0)
		move_pointers(to, pointer, count_pointers(pointer, piece->pointer_count, size),
		              by);
	r->end += size;
}

/* Puts as much of a piece as fits, without its last sets. */
static size_t finish_cut(struct response *r, const struct image_piece *piece, uint32_t by,
                         uint32_t flags)
{
	const struct image_cut *cut = r->image->cut + piece->cuts;
	uint32_t i = piece->cut_count;

	while (i > 0 && r->end + cut[i - 1].size > r->limit)
		i--;
	if (i == 0)
		return finish_empty(r, flags | MESSAGE_TC, RCODE_NOERROR);
	put_start(r, piece, cut[i - 1].size, by);
	r->counts = (piece->counts & ~(uint64_t)UINT16_MAX) | cut[i - 1].additionals;
	/* RFC 9471 section 3.1: a referral that lacks in-domain glue is truncated. */
	return finish(r, flags | (i <= piece->required_cuts ? MESSAGE_TC : 0), RCODE_NOERROR);
}

/* The response that is one piece. */
static inline size_t finish_piece(struct response *r, const struct image_piece *piece,
                                  uint32_t by, uint32_t flags)
{
	if (LIKELY(put_piece(r, piece, by)))
		return finish(r, flags, RCODE_NOERROR);
	return finish_cut(r, piece, by, flags);
}

/* ---- answers ---- */

/* Where the apex begins in the question's name: what pieces laid out behind it move by. */
static inline uint32_t apex_offset(const struct response *r)
{
	return request_offset(r->request, r->image->apex_labels);
}

/* An NSEC piece may stand anywhere: its pointers move by where it stands. */
static inline bool put_nsec(struct response *r, uint32_t nsec)
{
	return put_piece(r, &r->image->piece[nsec], (uint32_t)r->end);
}

/* RFC 2308 section 2.2 and RFC 4035 section 3.1.3.1: the name exists, the type does not. */
static size_t answer_no_data(struct response *r, const struct image_node *node)
{
	bool dnssec_ok = r->request->dnssec_ok;

	if (!put_piece(r, &r->image->piece[IMAGE_SOA + dnssec_ok], apex_offset(r)) ||
	    (dnssec_ok && node->nsec != 0 && !put_nsec(r, node->nsec)))
		return finish_empty(r, MESSAGE_AA | MESSAGE_TC, RCODE_NOERROR);
	return finish(r, MESSAGE_AA, RCODE_NOERROR);
}

/* RFC 4035 section 3.1.3.2, the closest encloser being the apex. `before` is the last
 * node before the name. */
static inline size_t answer_no_name(struct response *r, const struct image_node *before)
{
	const struct image *image = r->image;
	bool dnssec_ok = r->request->dnssec_ok, fits;

	fits = put_piece(r, &image->piece[dnssec_ok ? IMAGE_NX : IMAGE_SOA], apex_offset(r));
	if (dnssec_ok && before->nsec != image->header->wildcard_nsec)
		fits = fits && put_nsec(r, before->nsec);
	if (!LIKELY(fits))
		return finish_empty(r, MESSAGE_AA | MESSAGE_TC, RCODE_NXDOMAIN);
	return finish(r, MESSAGE_AA, RCODE_NXDOMAIN);
}

/* At or below a zone cut that begins at octet `by` of the question's name. */
static inline size_t answer_cut(struct response *r, const struct image_node *node, uint32_t by)
{
	const struct image_piece *piece = r->image->piece + r->request->dnssec_ok;

	if (LIKELY(r->request->type != TYPE_DS || by != 0))
		return finish_piece(r, piece + node->referral, by, 0);
	if (node->ds != 0) /* RFC 4035 section 3.1.4.1: DS is the parent's */
		return finish_piece(r, piece + node->ds, by, MESSAGE_AA);
	return answer_no_data(r, node);
}

static size_t answer_data(struct response *r, const struct image_node *node)
{
	const struct image_type *type = r->image->type + node->types;

	if (node->kind == IMAGE_DATA)
		for (uint32_t i = 0; i < node->type_count; i++)
			if (type[i].type == r->request->type)
				return finish_piece(
					r,
					&r->image->piece[type[i].piece + r->request->dnssec_ok],
					0, MESSAGE_AA);
	return answer_no_data(r, node);
}

/* ---- finding ---- */

/* The last of the nodes from `low` up to `high` that is `name` or stands before it;
 * node `low` does. */
static uint32_t find_node(const struct image *image, struct bytes name, uint32_t low,
                          uint32_t high)
{
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (dname_order(image_name(image, &image->node[middle]), name) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The closest encloser is node `encloser`, below the apex; `before` is the last node
 * before the name. */
static size_t answer_no_name_below(struct response *r, uint32_t encloser, uint32_t before)
{
	const struct image *image = r->image;
	bool dnssec_ok = r->request->dnssec_ok;
	uint32_t denier = encloser; /* of the wildcard: the last node that is not after it */
	struct dname wildcard;

	if (!put_piece(r, &image->piece[IMAGE_SOA + dnssec_ok], apex_offset(r)))
		return finish_empty(r, MESSAGE_AA | MESSAGE_TC, RCODE_NXDOMAIN);
	if (!dnssec_ok || image->node[before].nsec == 0)
		return finish(r, MESSAGE_AA, RCODE_NXDOMAIN);
	if (dname_prepend(BYTES("*"), image_name(image, &image->node[encloser]), &wildcard) ==
	    OK)
		denier = find_node(image, dname_bytes(&wildcard), encloser, image->node_count);
	if (!put_nsec(r, image->node[before].nsec) ||
	    (image->node[denier].nsec != image->node[before].nsec &&
	     !put_nsec(r, image->node[denier].nsec)))
		return finish_empty(r, MESSAGE_AA | MESSAGE_TC, RCODE_NXDOMAIN);
	return finish(r, MESSAGE_AA, RCODE_NXDOMAIN);
}

/* The name is below or at child `child` of the apex, which is no zone cut: label by label down.
 */
static size_t answer_below(struct response *r, uint32_t child)
{
	const struct image *image = r->image;
	const struct request *request = r->request;
	uint32_t node = image->child[child], end = image->child[child + 1];
	struct dname name;
	size_t taken;

	if (dname_read((struct bytes){r->message + MESSAGE_HEADER_SIZE, DNAME_SIZE_MAX}, &name,
	               &taken) != OK)
		return finish_empty(r, 0, RCODE_FORMERR);
	for (uint32_t labels = image->apex_labels + 2; labels <= request->label_count;
	     labels++) {
		struct bytes suffix = dname_last(dname_bytes(&name), labels);
		uint32_t found = find_node(image, suffix, node, end);

		if (!bytes_same(image_name(image, &image->node[found]), suffix))
			return answer_no_name_below(r, node, found);
		node = found;
		if (image->node[node].kind == IMAGE_CUT)
			return answer_cut(r, &image->node[node],
			                  (uint32_t)(suffix.at - name.wire));
	}
	return answer_data(r, &image->node[node]);
}

/* Canonical order of a label of the query and a name's first label. */
static int label_order(const uint8_t *label, const uint8_t *name)
{
	size_t shorter = label[0] < name[0] ? label[0] : name[0];

	for (size_t i = 1; i <= shorter; i++) {
		uint8_t c = dname_lower(label[i]);
		if (c != name[i])
			return c < name[i] ? -1 : 1;
	}
	return label[0] == name[0] ? 0 : label[0] < name[0] ? -1 : 1;
}

/* How many children of the apex stand before `label`, or are it. */
static uint32_t count_children(const struct image *image, const uint8_t *label)
{
	uint32_t low = 0, high = image->child_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct image_node *node = &image->node[image->child[middle]];

		if (label_order(label, image->file.at + node->name) >= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The last of `count` keys, a power of two, that is not greater than `key`; the first is 0. */
static inline const uint64_t *last_key(const uint64_t *at, size_t count, uint64_t key)
{
	if (LIKELY(count == 2048)) { /* of a root: steps of a known size are cheaper */
#pragma GCC unroll 11
		for (size_t half = 1024; half != 0; half /= 2)
			at = at[half] <= key ? at + half : at;
		return at;
	}
	for (size_t half = count / 2; half != 0; half /= 2)
		at = at[half] <= key ? at + half : at;
	return at;
}

/*
 * The same by the table of keys: `*same` tells whether the last one is the label itself. Only
 * where eight octets do not decide, labels are compared.
 */
static inline uint32_t find_child(const struct image *image, const uint8_t *label, bool *same)
{
	uint64_t key = image_label_key(label + 1, label[0]);
	const uint64_t *at = last_key(image->key, image->key_count, key);
	const uint8_t *name;
	uint32_t children;

	children = (uint32_t)(at - image->key);
	*same = false;
	if (LIKELY(*at != key))
		return children;
	if (children - 1 >= image->child_count) /* one of the entries that are no child */
		return count_children(image, label);
	name = image->file.at + image->node[image->child[children - 1]].name;
	if (LIKELY(name[0] == label[0] && label[0] <= 8)) {
		*same = true;
		return children;
	}
	children = count_children(image, label);
	if (children != 0) {
		name = image->file.at + image->node[image->child[children - 1]].name;
		*same = label_order(label, name) == 0;
	}
	return children;
}

/* True when the question's name is the apex or below it. */
static inline bool in_zone(const struct response *r)
{
	const struct image *image = r->image;
	const uint8_t *name = r->message + MESSAGE_HEADER_SIZE;
	struct bytes apex;

	if (LIKELY(image->apex_labels == 0))
		return true;
	if (r->request->label_count < image->apex_labels)
		return false;
	apex = image_apex(image);
	name += apex_offset(r);
	for (size_t i = 0; i < apex.size; i++)
		if (dname_lower(name[i]) != apex.at[i])
			return false;
	return true;
}

static inline size_t answer_zone(struct response *r)
{
	const struct image *image = r->image;
	const struct request *request = r->request;
	const struct image_node *node;
	uint32_t children, offset;
	bool same;

	if (!in_zone(r))
		return finish_error(r, RCODE_REFUSED, EDE_NOT_AUTHORITATIVE);
	if (request->label_count == image->apex_labels)
		return answer_data(r, image->node);
	offset = request_offset(request, image->apex_labels + 1);
	children = find_child(image, r->message + MESSAGE_HEADER_SIZE + offset, &same);
	if (!same) /* the node before the next child; the apex when there is no child before */
		return answer_no_name(r, &image->node[image->child[children] - 1]);
	node = &image->node[image->child[children - 1]];
	if (LIKELY(node->kind == IMAGE_CUT))
		return answer_cut(r, node, offset);
	return answer_below(r, children - 1);
}

/* ---- several zones ---- */

static size_t answer_ordinary(struct response *r, const struct ordinary *zone)
{
	struct ordinary_answer answer =
		ordinary_respond(r->server->zones, zone, r->request, r->message, r->limit);

	r->end = answer.end;
	r->counts = answer.counts;
	return finish(r, answer.flags, answer.rcode);
}

#define BY_IMAGE 0 /* no size of a response */

/* Finds the zone that answers, and its number. BY_IMAGE when that is the one of r->image now; else
 * the answer is made. */
static __attribute__((noinline)) size_t choose_zone(struct response *r, uint32_t *number)
{
	const struct request *request = r->request;
	const struct zone *zone =
		zones_choose(r->server->zones, r->message + MESSAGE_HEADER_SIZE,
	                     request->label_count, request->type);

	if (zone == NULL)
		return finish_error(r, RCODE_REFUSED, EDE_NOT_AUTHORITATIVE);
	*number = zone->number;
	if (zone->expired)
		return finish_error(r, RCODE_SERVFAIL, EDE_INVALID_DATA);
	if (zone->ordinary != NULL)
		return answer_ordinary(r, zone->ordinary);
	if (zone->image == NULL)
		return finish_error(r, RCODE_SERVFAIL, EDE_NOT_READY);
	r->image = zone->image;
	return BY_IMAGE;
}

/* ---- the door ---- */

static size_t answer_chaos(struct response *r)
{
	uint32_t flags = MESSAGE_AA;
	struct writer to = {.at = r->message, .size = r->limit, .used = r->end};

	if (!chaos_write(&to, r->server, r->request, r->message))
		return finish_error(r, RCODE_REFUSED, EDE_PROHIBITED);
	if (to.full)
		return finish_empty(r, flags | MESSAGE_TC, RCODE_NOERROR);
	r->end = to.used;
	r->counts = IMAGE_COUNTS(1, 0, 0);
	return finish(r, flags, RCODE_NOERROR);
}

/* Whatever is no question for the zone. */
static size_t answer_other(struct response *r)
{
	const struct request *request = r->request;

	if (request->attend)
		return ANSWER_ATTEND;
	if (request->rcode != RCODE_NOERROR || !request->has_question)
		return finish_empty(r, 0, request->rcode);
	if (request->type == TYPE_AXFR || request->type == TYPE_IXFR)
		return ANSWER_ATTEND;
	if (request->qclass == CLASS_CH)
		return answer_chaos(r);
	if (request->qclass != CLASS_IN)
		return finish_error(r, RCODE_REFUSED, EDE_NOT_SUPPORTED);
	return finish_error(r, RCODE_REFUSED, EDE_PROHIBITED); /* what else is no data */
}

/* Only the header, for what has no question we could repeat. */
static struct outcome answer_header(uint8_t *message, const struct request *request)
{
	uint32_t opcode = message[2] & 0x78u, rd = message[2] & MESSAGE_RD >> 8;

	/* An opcode we do not know may use the flags for something else. */
	message[2] = (uint8_t)(MESSAGE_QR >> 8 | opcode | (opcode == 0 ? rd : 0));
	message[3] = (uint8_t)request->rcode;
	memset(message + 4, 0, MESSAGE_HEADER_SIZE - 4);
	return (struct outcome){.size = MESSAGE_HEADER_SIZE,
	                        .question_end = MESSAGE_HEADER_SIZE,
	                        .rcode = request->rcode};
}

static inline size_t limit_of(const struct answerer *server, enum transport transport,
                              const struct request *request, size_t room)
{
	size_t limit = MESSAGE_SIZE_MAX;

	if (LIKELY(transport == TRANSPORT_UDP)) {
		limit = request->udp_size < server->udp_size ? request->udp_size
		                                             : server->udp_size;
		if (limit < MESSAGE_UDP_SIZE) /* RFC 6891 section 6.2.3 */
			limit = MESSAGE_UDP_SIZE;
	}
	return limit < room ? limit : room;
}

/* Options that the query gives reason for. What they are made of stands where the answer will:
 * they are made now. */
static __attribute__((noinline)) void take_options(struct response *r,
                                                   const struct asker *asker)
{
	const struct request *request = r->request;

	if (request->cookie_size != 0 && r->server->secrets != NULL) {
		r->cookie_told = true;
		r->known =
			cookie_answer(r->server->secrets, request->cookie, request->cookie_size,
		                      asker->address, asker->now, r->cookie);
	}
	/* RFC 7828 section 3.2.1: by UDP it is ignored. */
	if (request->wants_keepalive && asker->transport == TRANSPORT_TCP)
		r->keepalive = asker->keepalive;
	r->opt_size += options_size(r);
}

static inline struct outcome outcome_of(const struct response *r, size_t size, uint32_t zone)
{
	return (struct outcome){.size = (uint32_t)size,
	                        .question_end = (uint16_t)r->request->question_end,
	                        .opt_size = (uint16_t)r->opt_size,
	                        .rcode = r->rcode,
	                        .zone = zone,
	                        .has_cookie = r->cookie_told,
	                        .known = r->known};
}

static inline __attribute__((always_inline)) struct outcome respond(
	const struct answerer *server, const struct asker *asker, uint8_t *message, size_t size,
	size_t room, bool expired)
{
	struct request request UNINITIALIZED; /* what the readers below leave, and ... */
	struct response r UNINITIALIZED;      /* ... what stands here; each is complete */
	uint32_t zone = 0;

	must(room >= ANSWER_ROOM_MIN && room >= size + ANSWER_SLACK);
	if (size < MESSAGE_HEADER_SIZE || (message[2] & MESSAGE_QR >> 8) != 0)
		return (struct outcome){0};
	if (!LIKELY(request_read_plain(message, size, &request))) {
		request_read_any((struct bytes){message, size}, &request);
		if (request.question_end == 0)
			return request.attend ? (struct outcome){.size = ANSWER_ATTEND}
			                      : answer_header(message, &request);
	}
	r.server = server;
	r.image = server->image;
	r.request = &request;
	r.message = message;
	r.end = request.question_end;
	r.opt_size = 0;
	r.ede = r.keepalive = 0;
	r.cookie_told = r.known = false;
	if (LIKELY(request.edns)) {
		r.opt_size = OPT_SIZE;
		if (request.has_options)
			take_options(&r, asker);
	}
	r.limit = limit_of(server, asker->transport, &request, room) - r.opt_size;
	r.counts = 0;
	if (!LIKELY(request.is_for_zone))
		return outcome_of(&r, answer_other(&r), 0);
	if (expired)
		return outcome_of(&r, finish_error(&r, RCODE_SERVFAIL, EDE_INVALID_DATA), 0);
	if (!LIKELY(server->zones == NULL)) {
		size = choose_zone(&r, &zone);
		if (size != BY_IMAGE)
			return outcome_of(&r, size, zone);
	}
	return outcome_of(&r, answer_zone(&r), zone);
}

struct outcome answer(const struct answerer *server, const struct asker *asker,
                      uint8_t *message, size_t size, size_t room)
{
	return respond(server, asker, message, size, room, false);
}

struct outcome answer_expired(const struct answerer *server, const struct asker *asker,
                              uint8_t *message, size_t size, size_t room)
{
	if (server->zones != NULL) /* where each zone says so for itself */
		return answer(server, asker, message, size, room);
	return respond(server, asker, message, size, room, true);
}

void answer_withhold(uint8_t *message, struct outcome *outcome)
{
	uint8_t *opt = message + outcome->question_end;
	uint32_t flags = load16(message + 2) & (MESSAGE_QR | MESSAGE_RD);

	memmove(opt, message + outcome->size - outcome->opt_size, outcome->opt_size);
	outcome->size = (uint32_t)outcome->question_end + outcome->opt_size;
	if (outcome->has_cookie) {
		outcome->rcode = RCODE_BADCOOKIE;
		opt[5] = RCODE_BADCOOKIE >> 4;
		flags |= RCODE_BADCOOKIE & 15;
	} else {
		outcome->rcode = RCODE_NOERROR;
		flags |= MESSAGE_TC;
		if (outcome->opt_size != 0)
			opt[5] = 0;
	}
	store16(message + 2, flags);
	memset(message + 6, 0, 4);
	store16(message + 10, outcome->opt_size != 0);
}
