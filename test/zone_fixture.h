/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_ZONE_FIXTURE_H
#define COMITY_TEST_ZONE_FIXTURE_H

/*
 * zone_fixture.h - two small zones, signed in form only, and their images. Include it in one .c
 * file of a test.
 *
 * The root has what the real one has not, too: an empty non-terminal, delegations two labels
 * down, addresses of its own, and labels that share their first eight octets.
 */

#include <stdalign.h>

#include "dns/message.h"
#include "dns/zonetext.h"
#include "serving/compile.h"
#include "serving/image.h"

#define SIG(type, labels)                                                                      \
	" IN RRSIG " type " 15 " labels " 60 20260101000000 20250101000000 7 . AAAA\n"

static const char ROOT_ZONE[] =
	". 60 IN NS a.root-servers.\n"
	". 60 IN SOA a.root-servers. h. 7 1800 900 604800 30\n"
	". 60" SIG("NS", "0") ". 60" SIG("SOA", "0") ". 60" SIG(
		"NSEC",
		"0") ". 60 IN NSEC cn. NS SOA RRSIG NSEC\n"
		     "cn. 60 IN NS a.cn.\n"
		     "cn. 60 IN NS ns.net.\n"
		     "cn. 60 IN DS 1 15 9 aa\n"
		     "cn. 60" SIG("DS", "1") "cn. 60" SIG(
			     "NSEC",
			     "1") "cn. 60 IN NSEC two.levels. NS DS RRSIG NSEC\n"
				  "a.cn. 60 IN A 192.0.2.1\n"
				  "a.cn. 60 IN AAAA 2001:db8::1\n"
				  "two.levels. 60 IN NS ns.net.\n"
				  "two.levels. 60" SIG(
					  "NSEC",
					  "2") "two.levels. 60 IN NSEC net. NS RRSIG NSEC\n"
					       "net. 60 IN NS ns.net.\n"
					       "net. 60" SIG(
						       "NSEC",
						       "1") "net. 60 IN NSEC a.root-servers. "
                                                            "NS RRSIG NSEC\n"
							    "ns.net. 60 IN A 192.0.2.2\n"
							    "a.root-servers. 60 IN A "
                                                            "192.0.2.3\n"
							    "a.root-servers. 60 IN AAAA "
                                                            "2001:db8::3\n"
							    "a.root-servers. 60" SIG("A", "2") "a.root-servers. 60" SIG(
								    "AAAA",
								    "2") "a.root-servers. "
                                                                         "60" SIG("NSEC",
                                                                                  "2") "a.root-"
                                                                                       "servers"
                                                                                       ". 60 "
                                                                                       "IN "
                                                                                       "NSEC "
                                                                                       "xn--"
                                                                                       "same-"
                                                                                       "one. A "
                                                                                       "AAAA "
                                                                                       "RRSIG "
                                                                                       "NSEC\n"
										       "xn--"
                                                                                       "same-"
                                                                                       "one. "
                                                                                       "60 IN "
                                                                                       "NS "
                                                                                       "ns.net."
                                                                                       "\n"
										       "xn--"
                                                                                       "same-"
                                                                                       "one. "
                                                                                       "60" SIG(
											       "NSEC",
											       "1") "xn--same-one. 60 IN NSEC xn--same-two. NS RRSIG NSEC\n"
												    "xn--same-two. 60 IN NS ns.net.\n"
												    "xn--same-two. 60" SIG(
													    "NSEC",
													    "1") "xn--same-two. 60 IN NSEC . NS RRSIG NSEC\n";

/* An apex two labels down, not signed. */
static const char INNER_ZONE[] =
	"inner.example. 60 IN NS ns.inner.example.\n"
	"inner.example. 60 IN SOA ns.inner.example. h.inner.example. 9 1 1 1 90\n"
	"inner.example. 60 IN MX 10 mail.inner.example.\n"
	"cut.inner.example. 60 IN NS ns.cut.inner.example.\n"
	"ns.cut.inner.example. 60 IN A 192.0.2.1\n"
	"mail.inner.example. 60 IN A 192.0.2.2\n"
	"ns.inner.example. 60 IN A 192.0.2.3\n";

static uint8_t fixture_memory[16 << 20];
static alignas(IMAGE_ALIGN) uint8_t fixture_image[1 << 20];

/* Compiles a text; MISHAP_MALFORMED with the fault of whichever step failed. */
static inline enum mishap fixture_compile(const char *text, struct writer *to,
                                          struct fault *fault)
{
	struct arena arena = {fixture_memory, sizeof(fixture_memory), 0};
	struct rrset_list zone;

	*to = (struct writer){.at = fixture_image, .size = sizeof(fixture_image)};
	if (!zone_read_text(bytes_of(text), &arena, &zone, fault))
		return MISHAP_MALFORMED;
	return image_compile(&zone, &arena, to, fault);
}

#endif
