/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/frame.h"

#include <string.h>

#include "serving/octets.h"
#include "tap.h"

/* A frame that is made field by field, so that a test can make one of them wrong. */
struct made {
	uint8_t octets[2048];
	size_t size, ip, udp;
};

/* The one's complement sum as RFC 1071 section 1 says it: 16 bits at a time. */
static uint32_t plain_sum(const uint8_t *octets, size_t size, uint32_t sum)
{
	for (size_t i = 0; i < size; i++) {
		sum += i % 2 == 0 ? (uint32_t)octets[i] << 8 : octets[i];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return sum;
}

static bool is_v6(const struct made *f)
{
	return f->octets[f->ip] >> 4 == 6;
}

/* The sum of a UDP datagram with its pseudo header: 0xffff when the checksum in it is right. */
static uint32_t udp_sum(const struct made *f)
{
	uint32_t size = load16(f->octets + f->udp + 4);
	uint32_t sum = is_v6(f) ? plain_sum(f->octets + f->ip + 8, 32, 17)
	                        : plain_sum(f->octets + f->ip + 12, 8, 17);

	sum = plain_sum((const uint8_t[]){(uint8_t)(size >> 8), (uint8_t)size}, 2, sum);
	return plain_sum(f->octets + f->udp, size, sum);
}

static void seal_ip(struct made *f)
{
	if (is_v6(f))
		return;
	store16(f->octets + f->ip + 10, 0);
	store16(f->octets + f->ip + 10, ~plain_sum(f->octets + f->ip, 20, 0) & 0xffff);
}

static void seal(struct made *f)
{
	uint32_t checksum;

	seal_ip(f);
	store16(f->octets + f->udp + 6, 0);
	checksum = ~udp_sum(f) & 0xffff;
	store16(f->octets + f->udp + 6, checksum == 0 ? 0xffff : checksum);
}

#define V4_HEAD                                                                                \
	"\x45\x08\0\0\x12\x34\x40\0\x39\x11\0\0"                                               \
	"\xc0\0\2\x07"                                                                         \
	"\xc6\x33\x64\x35"
#define V6_HEAD                                                                                \
	"\x60\x0b\x1c\xd3\0\0\x11\x39"                                                         \
	"\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7"                                               \
	"\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x35"

/* A frame with so many tags whose message has `size` octets. */
static struct made made(bool v6, unsigned tags, size_t size)
{
	static const uint8_t link[] = "\2\0\0\0\0\x01\2\0\0\0\0\x02";
	struct made f = {.ip = 14 + 4 * (size_t)tags, .size = 0};
	size_t head = v6 ? 40 : 20;

	memcpy(f.octets, link, 12);
	for (unsigned t = 0; t < tags; t++) {
		store16(f.octets + 12 + 4 * (size_t)t, tags == 2 && t == 0 ? 0x88a8 : 0x8100);
		store16(f.octets + 14 + 4 * (size_t)t, 100 + t);
	}
	store16(f.octets + f.ip - 2, v6 ? 0x86dd : 0x0800);
	memcpy(f.octets + f.ip, v6 ? V6_HEAD : V4_HEAD, head);
	f.udp = f.ip + head;
	store16(f.octets + f.ip + (v6 ? 4 : 2), (uint32_t)(8 + size + (v6 ? 0 : head)));
	store16(f.octets + f.udp, 4242);
	store16(f.octets + f.udp + 2, 53);
	store16(f.octets + f.udp + 4, (uint32_t)(8 + size));
	for (size_t i = 0; i < size; i++)
		f.octets[f.udp + 8 + i] = (uint8_t)(i * 37 + 11);
	f.size = f.udp + 8 + size;
	seal(&f);
	return f;
}

static enum frame_kind kind_of(const struct made *f)
{
	struct frame frame;

	return frame_read(f->octets, f->size, &frame);
}

static bool reads(const struct made *f)
{
	struct frame frame;
	const uint8_t *sender = f->octets + f->ip + (is_v6(f) ? 8 : 12);

	return frame_read(f->octets, f->size, &frame) == FRAME_QUERY && frame.ip == f->ip &&
	       frame.udp == f->udp && frame.message == f->udp + 8 && frame.port == 4242 &&
	       frame.size == load16(f->octets + f->udp + 4) - 8 && frame.v6 == is_v6(f) &&
	       frame_sender(f->octets, &frame).at == sender &&
	       frame_sender(f->octets, &frame).size == (is_v6(f) ? 16 : 4) &&
	       frame_room(&frame, 1500) == (is_v6(f) ? 1452 : 1472);
}

/* ---- what is taken ---- */

static void taken(void)
{
	bool all = true, every_size = true;

	for (unsigned c = 0; c < 6; c++) {
		struct made f = made(c % 2 == 1, c / 2, 61);

		all = all && reads(&f);
	}
	ok(all, "IPv4 and IPv6, with no tag, one and two");
	for (size_t size = 0; size <= FRAME_QUERY_MAX; size++) {
		struct made v4 = made(false, 0, size), v6 = made(true, 1, size);

		every_size = every_size && reads(&v4) && reads(&v6);
	}
	ok(every_size, "a message of every size, and its checksum");
}

static void padded(void)
{
	struct made f = made(false, 0, 17);

	f.size = 64;
	ok(reads(&f), "octets behind the packet, which short frames are filled up with");
	f.size = f.udp + 8 + 17;
	for (size_t size = 0; size < f.size; size++) {
		struct frame frame;

		if (frame_read(f.octets, size, &frame) == FRAME_QUERY) {
			ok(false, "a frame that is cut");
			return;
		}
	}
	ok(true, "one that is cut anywhere is not taken");
}

/* ---- what is not ---- */

static bool other(struct made f, size_t at, uint32_t value)
{
	store16(f.octets + at, value);
	seal(&f);
	return kind_of(&f) == FRAME_OTHER;
}

static bool other_octet(struct made f, size_t at, uint8_t value)
{
	f.octets[at] = value;
	seal(&f);
	return kind_of(&f) == FRAME_OTHER;
}

static void left_v4(void)
{
	struct made f = made(false, 0, 40), g;

	ok(other_octet(f, f.ip, 0x46), "IPv4 with options");
	ok(other(f, f.ip + 6, 0x2000), "a first fragment");
	ok(other(f, f.ip + 6, 0x0007), "a later fragment");
	ok(other(f, f.ip + 6, 0x8000), "the reserved flag");
	ok(other_octet(f, f.ip + 9, 6), "TCP");
	ok(other_octet(f, f.ip + 12, 127) && other_octet(f, f.ip + 12, 224) &&
	           other_octet(f, f.ip + 12, 255) && other_octet(f, f.ip + 12, 0),
	   "a sender nobody can be");
	g = f;
	memcpy(g.octets + g.ip + 12, g.octets + g.ip + 16, 4);
	seal(&g);
	ok(kind_of(&g) == FRAME_OTHER, "the receiver as its sender");
	ok(other(f, f.ip + 2, 20 + 7) && other(f, f.ip + 2, 1400), "a packet of another size");
	ok(other(f, f.udp + 4, 8 + 39) && other(f, f.udp + 4, 7), "a datagram of another size");
	ok(other(f, f.udp, 0), "a sender to whom nothing can be sent");
	f = made(false, 0, FRAME_QUERY_MAX + 1);
	ok(kind_of(&f) == FRAME_OTHER, "a message that is too long");
}

static void left_v6(void)
{
	struct made f = made(true, 0, 40), g;

	ok(other_octet(f, f.ip + 6, 0) && other_octet(f, f.ip + 6, 44) &&
	           other_octet(f, f.ip + 6, 60),
	   "IPv6 with a header between: options, a fragment");
	ok(other_octet(f, f.ip, 0x40), "a version of its own");
	ok(other_octet(f, f.ip + 8, 0xff), "a group as its sender");
	g = f;
	memset(g.octets + g.ip + 8, 0, 16);
	seal(&g);
	ok(kind_of(&g) == FRAME_OTHER && other_octet(g, g.ip + 23, 1), ":: and ::1");
	g = f;
	memcpy(g.octets + g.ip + 8, g.octets + g.ip + 24, 16);
	seal(&g);
	ok(kind_of(&g) == FRAME_OTHER, "the receiver as its sender");
	ok(other(f, f.ip + 4, 7) && other(f, f.ip + 4, 1400), "a packet of another size");
}

static void left_link(void)
{
	struct made f = made(false, 2, 40);
	struct frame frame;

	ok(other(f, f.ip - 2, 0x8100), "three tags");
	ok(other(f, f.ip - 2, 0x0806), "ARP");
	ok(other_octet(f, 6, 3), "a group as the sender of a frame");
	ok(frame_read(f.octets, 0, &frame) == FRAME_OTHER, "nothing");
}

/* ---- checksums ---- */

/* Every single bit of a packet that is changed on its way is noticed. */
static void damaged(void)
{
	bool found = true;

	for (unsigned c = 0; c < 2; c++)
		for (size_t bit = 0; bit < 8 * (size_t)(8 + 40); bit++) {
			struct made f = made(c == 1, 0, 40);

			f.octets[f.udp + bit / 8] ^= (uint8_t)(1 << bit % 8);
			found = found && kind_of(&f) != FRAME_QUERY;
		}
	ok(found, "a bit that is wrong in a datagram");
	found = true;
	for (size_t bit = 0; bit < (size_t)8 * 20; bit++) {
		struct made f = made(false, 0, 40);

		f.octets[f.ip + bit / 8] ^= (uint8_t)(1 << bit % 8);
		found = found && kind_of(&f) != FRAME_QUERY;
	}
	ok(found, "a bit that is wrong in an IPv4 header");
}

static void special(void)
{
	struct made v4 = made(false, 0, 40), v6 = made(true, 0, 40);
	uint32_t zero;

	store16(v4.octets + v4.udp + 6, 0);
	store16(v6.octets + v6.udp + 6, 0);
	ok(kind_of(&v4) == FRAME_QUERY, "no checksum: there may be none in IPv4");
	ok(kind_of(&v6) == FRAME_DAMAGED, "and must be one in IPv6");
	/* What a socket of this machine leaves to the card: the sum of the pseudo header. */
	for (unsigned c = 0; c < 2; c++) {
		struct made f = made(c == 1, 0, 40);
		uint32_t pseudo = c == 1 ? plain_sum(f.octets + f.ip + 8, 32, 17 + 48)
		                         : plain_sum(f.octets + f.ip + 12, 8, 17 + 48);

		store16(f.octets + f.udp + 6, pseudo);
		ok(kind_of(&f) == FRAME_QUERY, "one that is left to the card");
	}
	v4 = made(false, 0, 40); /* made to sum up to nothing */
	zero = ~load16(v4.octets + v4.udp + 6) & 0xffff;
	zero = load16(v4.octets + v4.udp + 8) + (0xffff - zero);
	store16(v4.octets + v4.udp + 8, (zero & 0xffff) + (zero >> 16));
	seal(&v4);
	ok(load16(v4.octets + v4.udp + 6) == 0xffff && kind_of(&v4) == FRAME_QUERY,
	   "one of ones, which is nothing but says so");
}

/* ---- replies ---- */

static bool replied(const struct made *query, size_t size)
{
	struct made f = *query;
	struct frame frame;
	size_t half = is_v6(query) ? 16 : 4, at = query->ip + (is_v6(query) ? 8 : 12);

	if (frame_read(f.octets, f.size, &frame) != FRAME_QUERY)
		return false;
	for (size_t i = 0; i < size; i++)
		f.octets[frame.message + i] = (uint8_t)(i * 91 + size);
	f.size = frame_reply(f.octets, &frame, size);
	for (size_t i = 0; i < size; i++)
		if (f.octets[frame.message + i] != (uint8_t)(i * 91 + size))
			return false;
	return f.size == query->udp + 8 + size && memcmp(f.octets, query->octets + 6, 6) == 0 &&
	       memcmp(f.octets + 6, query->octets, 6) == 0 &&
	       memcmp(f.octets + 12, query->octets + 12, query->ip - 12) == 0 &&
	       memcmp(f.octets + at, query->octets + at + half, half) == 0 &&
	       memcmp(f.octets + at + half, query->octets + at, half) == 0 &&
	       load16(f.octets + f.udp) == 53 && load16(f.octets + f.udp + 2) == 4242 &&
	       load16(f.octets + f.udp + 4) == 8 + size && udp_sum(&f) == 0xffff &&
	       load16(f.octets + f.udp + 6) != 0 &&
	       (is_v6(&f) ? load16(f.octets + f.ip + 4) == 8 + size &&
	                            memcmp(f.octets + f.ip, "\x60\0\0", 4) == 0 &&
	                            f.octets[f.ip + 7] == 64
	                  : load16(f.octets + f.ip + 2) == 28 + size &&
	                            f.octets[f.ip + 8] == 64 && f.octets[f.ip + 1] == 0 &&
	                            memcmp(f.octets + f.ip + 4, query->octets + f.ip + 4, 4) ==
	                                    0 &&
	                            plain_sum(f.octets + f.ip, 20, 0) == 0xffff);
}

static void replies(void)
{
	bool all = true;

	for (unsigned c = 0; c < 6; c++) {
		struct made f = made(c % 2 == 1, c / 2, 29);

		for (size_t size = 0; size <= 1452; size++)
			all = all && replied(&f, size);
	}
	ok(all, "a response of every size, to each kind of frame, with its checksums");
}

/* A response whose sum is all ones, of which the complement would be 0. */
static void reply_never_zero(void)
{
	struct made f = made(false, 0, 16);
	struct frame frame;
	uint32_t sum;

	if (!ok(frame_read(f.octets, f.size, &frame) == FRAME_QUERY, "a query"))
		return;
	memset(f.octets + frame.message, 0, 16);
	f.size = frame_reply(f.octets, &frame, 16);
	sum = load16(f.octets + f.udp + 6); /* what the rest lacks */
	f = made(false, 0, 16);
	memset(f.octets + frame.message, 0, 16);
	store16(f.octets + frame.message, sum);
	f.size = frame_reply(f.octets, &frame, 16);
	ok(load16(f.octets + f.udp + 6) == 0xffff && udp_sum(&f) == 0xffff,
	   "a response has a checksum, even where it comes to nothing");
}

int main(void)
{
	taken();
	padded();
	left_v4();
	left_v6();
	left_link();
	damaged();
	special();
	replies();
	reply_never_zero();
	return done_testing();
}
