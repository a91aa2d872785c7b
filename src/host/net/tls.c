/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/tls.h"

#include <stdio.h>

#include "host/net/module.h"

const struct tls_library *tls_load(void)
{
	const char *why;
	const struct tls_library *library = module_load("comity-tls.so", TLS_SYMBOL, &why);

	if (library == NULL)
		fprintf(stderr, "comity-rootd: TLS: %s\n", why);
	return library;
}
