/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/cookie.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "tap.h"

static struct cookie_secrets secrets;

static void use(const char *text)
{
	if (!cookie_read_secrets(bytes_of(text), &secrets))
		bail_out("the secrets do not read");
}

/* A cookie of a query, in hex. */
struct sent {
	uint8_t octets[40];
	size_t size;
};

static struct sent sent(const char *hex)
{
	struct sent cookie = {.size = strlen(hex) / 2};

	if (!hex_read(bytes_of(hex), cookie.octets, cookie.size))
		bail_out("no hex");
	return cookie;
}

/* The answer to a cookie is `want`, in hex, and the query's is one of ours or not. */
static bool gives(const char *query, struct bytes address, uint32_t now, bool ours,
                  const char *want)
{
	struct sent cookie = sent(query);
	uint8_t answer[COOKIE_SIZE];
	char got[2 * COOKIE_SIZE + 1] = "";
	bool taken = cookie_answer(&secrets, cookie.octets, cookie.size, address, now, answer);

	hex_write(got, (struct bytes){answer, sizeof(answer)});
	if (taken == ours && strcmp(got, want) == 0)
		return true;
	printf("# got  %s (%s)\n# want %s\n", got, taken ? "ours" : "not ours", want);
	return false;
}

#define A BYTES("\306\63\144\144") /* 198.51.100.100 */
#define B BYTES("\313\0\161\313")  /* 203.0.113.203 */

#define NEW_CLIENT "2464c4abcf10c957"
#define NEW_COOKIE NEW_CLIENT "010000005cf79f111f8130c3eee29480"

static void vectors(void)
{
	static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, 0x02, 0x20, 0x00, 0x01,
	                               0x59, 0xde, 0xd0, 0xf4, 0x87, 0x69, 0x82, 0xb8};

	use("e5e973e5a6b2a43f48e7dc849e37bfcf\n");
	ok(gives(NEW_CLIENT, A, 1559731985, false, NEW_COOKIE),
	   "RFC 9018 appendix A.1: a client that is new");
	ok(gives(NEW_COOKIE, A, 1559734385, true,
	         "2464c4abcf10c957010000005cf7a871d4a564a1442aca77"),
	   "A.2: it comes back after 40 minutes");
	ok(gives("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", B, 1559734700, false,
	         "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e"),
	   "A.3: one with other reserved octets, too old");
	ok(gives("fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", B, 1559727985, true,
	         "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5"),
	   "and taken when it was young");
	use("445536bcd2513298075a5d379663c962\ndd3bdf9344b678b185a6f5cb60fca715\n");
	ok(gives("22681ab97d52c298010000005cf7c57926556bd0934c72f8",
	         (struct bytes){v6, sizeof(v6)}, 1559741961, true,
	         "22681ab97d52c298010000005cf7c609a6bb79d16625507a"),
	   "A.4: IPv6, and a secret that is on its way out");
}

static void limits(void)
{
	char other[2 * COOKIE_SIZE + 1];

	use("e5e973e5a6b2a43f48e7dc849e37bfcf\n");
	ok(gives(NEW_COOKIE, A, 1559731985 + 1800, true, NEW_COOKIE),
	   "one of half an hour is given again");
	ok(gives(NEW_COOKIE, A, 1559731985 - 300, true, NEW_COOKIE),
	   "so is one of a server whose clock is five minutes ahead");
	struct sent cookie = sent(NEW_COOKIE);
	uint8_t answer[COOKIE_SIZE];
	ok(cookie_answer(&secrets, cookie.octets, cookie.size, A, 1559731985 + 3600, answer) &&
	           !cookie_answer(&secrets, cookie.octets, cookie.size, A, 1559731985 + 3601,
	                          answer) &&
	           !cookie_answer(&secrets, cookie.octets, cookie.size, A, 1559731985 - 301,
	                          answer),
	   "older than an hour, or farther ahead: not taken");
	ok(!cookie_answer(&secrets, cookie.octets, cookie.size, B, 1559731985, answer),
	   "nor one of another address");
	bool all = true;
	for (size_t i = 0; i < 2 * COOKIE_SIZE; i++) {
		memcpy(other, NEW_COOKIE, sizeof(other));
		other[i] = other[i] == '0' ? '1' : '0';
		cookie = sent(other);
		all = all && !cookie_answer(&secrets, cookie.octets, cookie.size, A, 1559731985,
		                            answer);
	}
	ok(all, "nor one with a digit changed");
	cookie = sent(NEW_COOKIE "00");
	ok(!cookie_answer(&secrets, cookie.octets, cookie.size, A, 1559731985, answer),
	   "nor one of another size");
}

static bool reads(const char *text)
{
	struct cookie_secrets read;

	return cookie_read_secrets(bytes_of(text), &read);
}

#define LINE "e5e973e5a6b2a43f48e7dc849e37bfcf\n"

static void files(void)
{
	ok(reads("# ours\n\n" LINE LINE) && reads(LINE LINE LINE LINE), "a file of secrets");
	ok(!reads("") && !reads("# none\n") && !reads(LINE LINE LINE LINE LINE) &&
	           !reads("e5e973e5a6b2a43f48e7dc849e37bfcf") && !reads(" " LINE) &&
	           !reads("E5e973e5a6b2a43f48e7dc849e37bfcf\n") &&
	           !reads("e5e973e5a6b2a43f48e7dc849e37bf\n"),
	   "and none: no secret, too many, no end of line, no hex, too short");
}

int main(void)
{
	vectors();
	limits();
	files();
	return done_testing();
}
