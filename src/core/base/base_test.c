/* SPDX-License-Identifier: Apache-2.0 */
/* The small things everything stands on, one example or property each. */
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/sort.h"
#include "base/text.h"
#include "base/writer.h"
#include "tap.h"

static struct bytes text_of_time(int64_t seconds, char at[TIME_TEXT_SIZE])
{
	time_write(at, (struct ledger_time){seconds});
	return (struct bytes){(const uint8_t *)at, TIME_TEXT_SIZE};
}

static void time_is_read_as_written(void)
{
	char at[TIME_TEXT_SIZE];
	struct ledger_time t = {0};
	bool same = true;

	for (int64_t s = 0; s <= TIME_MAX; s += 86399 * 31)
		same = same && time_read(text_of_time(s, at), &t) && t.seconds == s;
	ok(same, "every 31st day from 1970 to 9999 reads back");
	ok(bytes_same(text_of_time(1795352400, at), BYTES("2026-11-22T13:00:00Z")), "a known moment");
	ok(bytes_same(text_of_time(951782400, at), BYTES("2000-02-29T00:00:00Z")), "a leap day");
	ok(time_read(BYTES("9999-12-31T23:59:59Z"), &t) && t.seconds == TIME_MAX, "the last moment");
	ok(!time_read(BYTES("2026-02-29T00:00:00Z"), &t), "no such day");
	ok(!time_read(BYTES("1969-12-31T23:59:59Z"), &t), "before time began");
	ok(!time_read(BYTES("2026-11-22T24:00:00Z"), &t), "no such hour");
	ok(!time_read(BYTES("2026-11-22t13:00:00Z"), &t), "one shape only");
	ok(time_day((struct ledger_time){1795352400}) == 20261122, "the day as a number");
}

static void spans(void)
{
	static const int64_t some[] = {0, 1, 59, 60, 90, 3600, 86400, 90 * 86400, 7201};
	char at[12];
	int64_t s = -1;
	bool same = true;

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
		same = same &&
		       time_span_read((struct bytes){(uint8_t *)at, time_span_write(at, some[i])}, &s) &&
		       s == some[i];
	ok(same, "spans read back");
	ok(time_span_read(BYTES("72h"), &s) && s == 72 * 3600, "72h");
	ok(!time_span_read(BYTES("072h"), &s) && !time_span_read(BYTES("h"), &s) &&
	           !time_span_read(BYTES("1w"), &s) && !time_span_read(BYTES("99999999d"), &s),
	   "nothing else is a span");
}

static void hex_and_base64(void)
{
	uint8_t out[8];
	size_t size = 0;

	ok(hex_read(BYTES("00ff10"), out, 3) && out[1] == 0xff && out[2] == 0x10, "hex");
	ok(!hex_read(BYTES("00FF10"), out, 3) && !hex_read(BYTES("00f"), out, 1), "hex is lower case, whole");
	ok(base64_read(BYTES("Zm9vYg=="), out, 8, &size) && size == 4 && memcmp(out, "foob", 4) == 0,
	   "base64 of RFC 4648 section 10");
	ok(base64_read(BYTES(""), out, 0, &size) && size == 0, "nothing is nothing");
	ok(!base64_read(BYTES("Zm9vYh=="), out, 8, &size), "spare bits are zero");
	ok(!base64_read(BYTES("Zm9vYg="), out, 8, &size) && !base64_read(BYTES("Zm=vYg=="), out, 8, &size) &&
	           !base64_read(BYTES("Zm9v\nZm9"), out, 8, &size) && !base64_read(BYTES("===="), out, 8, &size),
	   "one form only");
	ok(!base64_read(BYTES("Zm9vYg=="), out, 3, &size), "never past the room");
}

static void hashes(void)
{
	uint8_t buffer[256], got[SHA384_SIZE];
	struct writer w = {.at = buffer, .size = sizeof(buffer)};
	struct sha384 h;
	struct digest d = sha256(BYTES("abc"));

	write_digest(&w, &d);
	ok(bytes_same(writer_bytes(&w),
	              BYTES("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")),
	   "SHA-256 of FIPS 180-4");
	sha384_init(&h);
	sha384_update(&h, BYTES("a"));
	sha384_update(&h, BYTES("bc"));
	sha384_final(&h, got);
	w.used = 0;
	write_hex(&w, (struct bytes){got, sizeof(got)});
	ok(bytes_same(writer_bytes(&w), BYTES("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff"
	                                      "5bed8086072ba1e7cc2358baeca134c825a7")),
	   "SHA-384 of FIPS 180-4, in pieces");
}

static bool numbers_end_at_the_most(void)
{
	for (uint64_t most = 0; most <= 120; most++)
		for (uint64_t i = 0; i <= 1300; i++) {
			uint8_t text[8];
			struct writer w = {.at = text, .size = sizeof(text)};
			uint64_t n = 0;

			write_number(&w, i);
			if (text_number(writer_bytes(&w), most, &n) != (i <= most) || (i <= most && n != i))
				return false;
		}
	return true;
}

static void words_and_numbers(void)
{
	struct text t = {.rest = BYTES("a: b\n\nlast")};
	struct bytes line, value, word, rest = BYTES("one two 33");
	uint64_t n = 7;

	ok(text_line(&t, &line) && text_field(line, "a", &value) && bytes_same(value, BYTES("b")), "a field");
	ok(text_line(&t, &line) && line.size == 0 && t.line == 2, "an empty line is a line");
	ok(!text_line(&t, &line) && t.rest.size == 4, "no LF, no line");
	ok(text_word(&rest, &word) && bytes_same(word, BYTES("one")) && text_word(&rest, &word) &&
	           text_word_number(&rest, 33, &n) && n == 33 && rest.size == 0,
	   "words");
	rest = BYTES("a ");
	ok(!text_word(&rest, &word), "no blank at the end");
	rest = BYTES("a  b");
	ok(text_word(&rest, &word) && !text_word(&rest, &word), "no two blanks");
	ok(!text_number(BYTES("01"), 10, &n) && !text_number(BYTES(""), 10, &n) &&
	           !text_number(BYTES("11"), 10, &n) && !text_number(BYTES("+1"), 10, &n),
	   "one form of a number");
	ok(text_number(BYTES("18446744073709551615"), UINT64_MAX, &n) && n == UINT64_MAX &&
	           !text_number(BYTES("18446744073709551616"), UINT64_MAX, &n),
	   "the largest number");
	ok(numbers_end_at_the_most(), "no number above the most that is asked for");
}

static int by_octet(const void *a, const void *b, const void *context)
{
	(void)context;
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* Large data may go another way than small; libsodium knows one only. */
static void digests_of_any_size(void)
{
	static uint8_t octets[(64 << 10) + 200];
	bool same = true;

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * i >> 3 ^ i);
	for (size_t size = (32 << 10) - 70; size < (32 << 10) + 200; size++) {
		struct bytes data = {octets + size % 5, size};
		struct digest d = sha256(data);
		uint8_t want[DIGEST_SIZE];

		crypto_hash_sha256(want, data.at, data.size);
		same = same && memcmp(d.octet, want, DIGEST_SIZE) == 0;
	}
	ok(same, "digests around the size from which the processor helps");
}

/* SHA-384 of `data` by libsodium: SHA-512 from other initial words. */
static void plain_sha384(struct bytes data, uint8_t want[crypto_hash_sha512_BYTES])
{
	crypto_hash_sha512_state state;
	struct sha384 first;

	sha384_init(&first);
	crypto_hash_sha512_init(&state);
	memcpy(state.state, first.state.state, sizeof(state.state));
	crypto_hash_sha512_update(&state, data.at, data.size);
	crypto_hash_sha512_final(&state, want);
}

/* Some octets first, then a large piece, then the rest. */
static bool same_in_pieces(struct bytes data, size_t first, size_t last)
{
	uint8_t want[crypto_hash_sha512_BYTES], got[SHA384_SIZE];
	struct sha384 h;

	sha384_init(&h);
	sha384_update(&h, bytes_first(data, first));
	sha384_update(&h, bytes_from(bytes_first(data, data.size - last), first));
	sha384_update(&h, bytes_from(data, data.size - last));
	sha384_final(&h, got);
	plain_sha384(data, want);
	return memcmp(got, want, SHA384_SIZE) == 0;
}

static void large_sha384_of_any_size(void)
{
	static uint8_t octets[(16 << 10) + 1400];
	bool same = true;

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * i >> 5 ^ i);
	for (size_t size = (8 << 10) - 3; size < (8 << 10) + 1300; size++)
		same = same && same_in_pieces((struct bytes){octets + size % 9, size}, 0, 0);
	ok(same, "SHA-384 of every size over two groups of blocks");
	same = true;
	for (size_t first = 0; first < 300; first++)
		same = same && same_in_pieces((struct bytes){octets, sizeof(octets)}, first,
		                              299 - first);
	ok(same, "whatever stands before and behind a large piece");
}

static void sorting(void)
{
	uint8_t items[200], scratch[128];
	bool sorted = true;

	for (unsigned count = 0; count <= sizeof(items); count += 7) {
		for (unsigned i = 0; i < count; i++)
			items[i] = (uint8_t)(i * 97 + count);
		sort(items, count, 1, by_octet, NULL);
		for (unsigned i = 1; i < count; i++)
			sorted = sorted && items[i - 1] <= items[i];
	}
	ok(sorted, "sorted, whatever the count");
	sorted = true;
	for (unsigned count = 0; count <= sizeof(items); count++) {
		for (unsigned i = 0; i < count; i++)
			items[i] = (uint8_t)(i % 5 == 0 ? i * 97 + count : i);
		sort_nearly(items, scratch, count, 1, by_octet, NULL);
		for (unsigned i = 1; i < count; i++)
			sorted = sorted && items[i - 1] <= items[i];
	}
	ok(sorted, "and by merging");
}

static void a_full_writer_says_so(void)
{
	uint8_t buffer[4];
	struct writer w = {.at = buffer, .size = sizeof(buffer)};

	write_text(&w, "abcd");
	ok(!w.full && w.used == 4, "exactly full is not too full");
	write_octet(&w, 'e');
	write_text(&w, "");
	ok(w.full && w.used == 4, "one more is");
}

static void arenas(void)
{
	static uint8_t memory[256] __attribute__((aligned(16)));
	struct arena a = {memory, sizeof(memory), 0};
	uint8_t *one = arena_take(&a, 3);
	struct writer w;

	one[0] = 9;
	ok(a.used == 16, "rounded up to alignment");
	w = writer_in(&a);
	write_text(&w, "words");
	ok(bytes_same(writer_keep(&w, &a), BYTES("words")) && a.used == 32, "written in place");
	a.used = 0;
	ok(((uint8_t *)arena_take(&a, 3))[0] == 0, "taken again, and zero");
}

int main(void)
{
	time_is_read_as_written();
	spans();
	hex_and_base64();
	hashes();
	words_and_numbers();
	sorting();
	digests_of_any_size();
	large_sha384_of_any_size();
	a_full_writer_says_so();
	arenas();
	return done_testing();
}
