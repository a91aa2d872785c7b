/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alike.c - alike QUERIES OURS PEER DIFFERENT: asks two servers on loopback by UDP and compares what they say.
 *
 * QUERIES are messages with two octets of their size in front (bench/queries); OURS and PEER are ports of 127.0.0.1.
 * Two answers are the same when their flags, RCODE and question are, when both or none have an OPT record, of the same
 * version, upper RCODE and DO, and when each section has the same set of records: names in lower case and without
 * compression. What differs goes to DIFFERENT: query, our answer, the peer's, each behind its size, 0 for none.
 * What is shorter than a header is passed over: nobody answers it. Prints how many were asked, and how many are the same.
 * Nothing here is shared with the product.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WINDOW      64    /* queries under way: their answers fit in a socket's buffer */
#define ANSWER_MAX  4096  /* octets; nobody sends more than 1232 by UDP */
#define OWNER_MAX   255   /* octets of a name */
#define RECORDS_MAX 512   /* of an answer by UDP */
#define RECORD_MAX  2048  /* octets of one, expanded */
#define TRIES       3

enum { HEADER = 12, FIXED = 10, SECTIONS = 3, TYPE_OPT = 41, SILENT = 0 };

struct answer {
	size_t size; /* SILENT: there was none */
	uint8_t octets[ANSWER_MAX];
};

struct ask {
	const uint8_t *query; /* its size in front */
	struct answer ours, peer;
};

/* What is compared of an answer. */
struct said {
	uint16_t flags; /* and the RCODE */
	const uint8_t *question;
	size_t question_size;
	bool opt;
	uint32_t opt_rest; /* upper RCODE, version, DO */
	size_t count[SECTIONS];
	size_t total;
	struct record {
		size_t size;
		uint8_t octets[RECORD_MAX];
	} record[RECORDS_MAX];
};

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

static unsigned u16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

/* ---- reading an answer ---- */

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Appends the name at `*at` to a record; false when it is none. */
static bool take_name(const struct answer *a, size_t *at, struct record *r)
{
	size_t i = *at, after = 0, size = 0;

	for (unsigned jumps = 0;;) {
		if (i >= a->size)
			return false;
		uint8_t label = a->octets[i];
		if (label >= 0xc0) {
			if (i + 2 > a->size || ++jumps > 64)
				return false;
			after = after == 0 ? i + 2 : after;
			i = u16(a->octets + i) & 0x3fff;
			continue;
		}
		size += 1u + label;
		if (label > 63 || i + 1 + label > a->size || size > OWNER_MAX || r->size + 1 + label > RECORD_MAX)
			return false;
		for (size_t j = 0; j <= label; j++)
			r->octets[r->size++] = j == 0 ? label : lower(a->octets[i + j]);
		i += 1u + label;
		if (label == 0)
			break;
	}
	*at = after == 0 ? i : after;
	return true;
}

static bool take_octets(const struct answer *a, size_t *at, size_t size, struct record *r)
{
	if (size > a->size || *at > a->size - size || size > RECORD_MAX - r->size)
		return false;
	memcpy(r->octets + r->size, a->octets + *at, size);
	r->size += size;
	*at += size;
	return true;
}

/* Names at the front of RDATA that may be compressed (RFC 3597 section 4), and octets before them. */
static void names_of(unsigned type, unsigned *names, size_t *before)
{
	*names = type == 2 || type == 5 || type == 12 || type == 15 ? 1 : type == 6 ? 2 : 0;
	*before = type == 15 ? 2 : 0;
}

/* Reads one record; an OPT goes to `said`, any other becomes its next record. */
static bool take_record(const struct answer *a, size_t *at, unsigned section, struct said *said)
{
	struct record *r = &said->record[said->total];
	size_t end, before;
	unsigned type, names;

	*r = (struct record){.size = 1, .octets = {(uint8_t)section}};
	if (said->total == RECORDS_MAX - 1 || !take_name(a, at, r) || a->size - *at < FIXED)
		return false;
	type = u16(a->octets + *at);
	end = *at + FIXED + u16(a->octets + *at + 8);
	if (end > a->size)
		return false;
	if (type == TYPE_OPT) {
		said->opt_rest = u16(a->octets + *at + 4) << 16 | (u16(a->octets + *at + 6) & 0x8000);
		*at = end;
		return !said->opt && (said->opt = true);
	}
	if (!take_octets(a, at, FIXED - 2, r))
		return false;
	*at += 2;
	names_of(type, &names, &before);
	if (!take_octets(a, at, before, r))
		return false;
	while (names-- > 0)
		if (!take_name(a, at, r))
			return false;
	if (*at > end || !take_octets(a, at, end - *at, r))
		return false;
	said->total++;
	return true;
}

static int record_order(const void *a, const void *b)
{
	const struct record *x = a, *y = b;
	int d = memcmp(x->octets, y->octets, x->size < y->size ? x->size : y->size);

	return d != 0 ? d : x->size < y->size ? -1 : x->size > y->size;
}

/* A set: in order, none twice. The first octet of a record is its section. */
static void make_set(struct said *said)
{
	size_t kept = 0;

	qsort(said->record, said->total, sizeof(said->record[0]), record_order);
	for (size_t i = 0; i < said->total; i++)
		if (kept == 0 || record_order(&said->record[kept - 1], &said->record[i]) != 0)
			said->record[kept++] = said->record[i];
	said->total = kept;
}

static bool read_answer(const struct answer *a, struct said *said)
{
	struct record name = {0};
	size_t at = HEADER;

	if (a->size < HEADER || u16(a->octets + 4) > 1)
		return false;
	said->flags = (uint16_t)u16(a->octets + 2);
	said->opt = false;
	said->opt_rest = 0;
	said->total = 0;
	said->question = a->octets + HEADER;
	if (u16(a->octets + 4) == 1) {
		if (!take_name(a, &at, &name))
			return false;
		at += 4;
	}
	said->question_size = at - HEADER;
	for (unsigned s = 0; s < SECTIONS; s++)
		for (unsigned i = 0; i < u16(a->octets + 6 + 2 * s); i++)
			if (!take_record(a, &at, s, said))
				return false;
	make_set(said);
	return at == a->size;
}

static bool same(const struct answer *a, const struct answer *b)
{
	static struct said x, y;

	if (a->size == SILENT || b->size == SILENT)
		return a->size == b->size;
	if (!read_answer(a, &x) || !read_answer(b, &y) || x.flags != y.flags || x.opt != y.opt ||
	    x.opt_rest != y.opt_rest || x.question_size != y.question_size ||
	    memcmp(x.question, y.question, x.question_size) != 0 || x.total != y.total)
		return false;
	for (size_t i = 0; i < x.total; i++)
		if (record_order(&x.record[i], &y.record[i]) != 0)
			return false;
	return true;
}

/* ---- asking ---- */

static int open_to(const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int s = socket(AF_INET, SOCK_DGRAM, 0), buffer = 1 << 20;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (s < 0 || connect(s, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("socket");
	setsockopt(s, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	return s;
}

/* The ID of the first query of the window: an answer that comes too late is of none of it. */
static uint16_t first_id;

/* A query under the number of its place. */
static void send_one(int s, const uint8_t *query, size_t place)
{
	uint8_t octets[UINT16_MAX];
	size_t size = u16(query);
	uint16_t id = (uint16_t)(first_id + place);

	memcpy(octets, query + 2, size);
	octets[0] = (uint8_t)(id >> 8);
	octets[1] = (uint8_t)id;
	(void)!send(s, octets, size, 0);
}

static struct answer *answer_of(struct ask *ask, bool ours)
{
	return ours ? &ask->ours : &ask->peer;
}

/* Waits until all that were asked have answered, or nothing comes for so long. */
static void collect(int s, struct ask *asks, size_t count, bool ours, size_t wanted, int milliseconds)
{
	struct pollfd wait = {.fd = s, .events = POLLIN};
	uint8_t octets[ANSWER_MAX];

	while (wanted > 0 && poll(&wait, 1, milliseconds) > 0) {
		ssize_t n = recv(s, octets, sizeof(octets), 0);
		size_t place = n < HEADER ? count : (uint16_t)(u16(octets) - first_id);

		if (place >= count || answer_of(&asks[place], ours)->size != SILENT)
			continue;
		answer_of(&asks[place], ours)->size = (size_t)n;
		memcpy(answer_of(&asks[place], ours)->octets, octets, (size_t)n);
		wanted--;
	}
}

/* Asks all that have no answer yet. */
static void ask_all(int s, struct ask *asks, size_t count, bool ours, int milliseconds)
{
	size_t wanted = 0;

	for (size_t i = 0; i < count; i++)
		if (answer_of(&asks[i], ours)->size == SILENT) {
			send_one(s, asks[i].query, i);
			wanted++;
		}
	collect(s, asks, count, ours, wanted, milliseconds);
}

/* ---- all of them ---- */

struct count {
	size_t asked, same, different;
};

static void put(FILE *to, const uint8_t *octets, size_t size)
{
	uint8_t prefix[2] = {(uint8_t)(size >> 8), (uint8_t)size};

	if (fwrite(prefix, 2, 1, to) != 1 || (size != 0 && fwrite(octets, size, 1, to) != 1))
		die("write");
}

static void judge(const struct ask *ask, FILE *to, struct count *count)
{
	count->asked++;
	if (same(&ask->ours, &ask->peer)) {
		count->same++;
		return;
	}
	count->different++;
	put(to, ask->query + 2, u16(ask->query));
	put(to, ask->ours.octets, ask->ours.size);
	put(to, ask->peer.octets, ask->peer.size);
}

static bool silent(const struct ask *ask)
{
	return ask->ours.size == SILENT || ask->peer.size == SILENT;
}

/* Asks a window of queries; judges what has answers, and keeps the rest for a later one. */
static size_t ask_window(const int s[2], struct ask *asks, size_t count, unsigned tries, FILE *to, struct count *counts,
                         const uint8_t **later)
{
	size_t kept = 0;

	first_id = (uint16_t)(first_id + WINDOW);
	for (unsigned t = 0; t < tries; t++)
		for (int peer = 0; peer < 2; peer++)
			ask_all(s[peer], asks, count, peer == 0, t == 0 ? 50 : 250 << 2 * t);
	for (size_t i = 0; i < count; i++)
		if (tries == 1 && silent(&asks[i]))
			later[kept++] = asks[i].query;
		else
			judge(&asks[i], to, counts);
	return kept;
}

static uint8_t *read_file(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *octets;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		die(path);
	*size = (size_t)ftell(f);
	rewind(f);
	octets = malloc(*size + 1);
	if (octets == NULL || fread(octets, 1, *size, f) != *size)
		die(path);
	fclose(f);
	return octets;
}

int main(int argc, char *argv[])
{
	static struct ask asks[WINDOW];
	struct count count = {0};
	const uint8_t **later;
	size_t size, waiting = 0, i = 0;
	uint8_t *queries;
	FILE *to;

	if (argc != 5)
		return fprintf(stderr, "usage: alike QUERIES OURS PEER DIFFERENT\n"), 2;
	queries = read_file(argv[1], &size);
	later = malloc((size / HEADER + 1) * sizeof(*later));
	to = fopen(argv[4], "wb");
	if (later == NULL || to == NULL)
		die(argv[4]);
	const int s[2] = {open_to(argv[2]), open_to(argv[3])};
	for (size_t at = 0; at + 2 <= size; at += 2 + u16(queries + at)) {
		if (u16(queries + at) < HEADER)
			continue;
		asks[i++] = (struct ask){.query = queries + at};
		if (i < WINDOW)
			continue;
		waiting += ask_window(s, asks, i, 1, to, &count, later + waiting);
		i = 0;
	}
	waiting += ask_window(s, asks, i, 1, to, &count, later + waiting);
	for (size_t l = 0; l < waiting; l += i) { /* few: they wait together */
		for (i = 0; i < WINDOW && l + i < waiting; i++)
			asks[i] = (struct ask){.query = later[l + i]};
		ask_window(s, asks, i, TRIES, to, &count, NULL);
	}
	if (fclose(to) != 0)
		die(argv[4]);
	printf("%zu asked, %zu the same, %zu different\n", count.asked, count.same, count.different);
	return 0;
}
