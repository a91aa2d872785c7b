/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/certificate.h"

#include <stdio.h>

static void look_at_files(const struct config *config, struct certificate *c)
{
	c->chain = file_identity_of(config->tls_certificate);
	c->key = file_identity_of(config->tls_key);
}

enum mishap certificate_load(const struct config *config, struct certificate *c)
{
	const char *why;

	if (config->tls_listens == 0)
		return OK;
	c->library = tls_load();
	if (c->library == NULL)
		return MISHAP_IO;
	look_at_files(config, c);
	c->context = c->library->server(config->tls_certificate, config->tls_key, &why);
	if (c->context != NULL)
		return OK;
	fprintf(stderr, "comity-rootd: %s: %s\n", config->tls_certificate, why);
	return MISHAP_MALFORMED;
}

void certificate_look(const struct config *config, struct certificate *c, bool now)
{
	struct certificate seen = *c;
	const char *why;

	if (c->library == NULL)
		return;
	look_at_files(config, c);
	if (!now && file_identity_same(&seen.chain, &c->chain) &&
	    file_identity_same(&seen.key, &c->key))
		return;
	if (c->library->renew(c->context, config->tls_certificate, config->tls_key, &why))
		fprintf(stderr, "comity-rootd: %s: read again\n", config->tls_certificate);
	else
		fprintf(stderr, "comity-rootd: %s: %s; the one before stays\n",
		        config->tls_certificate, why);
}
