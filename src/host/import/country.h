/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_COUNTRY_H
#define COMITY_HOST_IMPORT_COUNTRY_H

/*
 * country.h - TLDs of countries that are not the country's two letters of ISO 3166-1 themselves:
 * those in other scripts (as A-labels), and two that keep another code. As delegated in 2026.
 */

struct country_tld {
	const char *tld;
	const char *code; /* ISO 3166-1 alpha-2, or eu; lower case */
};

/* Ends with a row of NULL. */
extern const struct country_tld COUNTRY_TLDS[];

#endif
