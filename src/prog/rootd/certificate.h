/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ROOTD_CERTIFICATE_H
#define COMITY_ROOTD_CERTIFICATE_H

/*
 * certificate.h - what a server shows by TLS: a certificate and its key, which are renewed
 * while it serves.
 */

#include "host/net/tls.h"
#include "prog/rootd/config.h"
#include "prog/rootd/release.h"

struct certificate {
	const struct tls_library *library; /* NULL: no TLS is served */
	struct tls_context *context;
	struct file_identity chain, key; /* of the files when they were read */
};

/* Reads both, where the configuration has an address for TLS. MISHAP_IO or MISHAP_MALFORMED,
 * told on standard error. */
enum mishap certificate_load(const struct config *config,
                             struct certificate *certificate) CHECKED;

/* Reads both again when either file is another, or `now`: whoever connects from then on sees
 * the new one. What is no certificate and its key is told on standard error, and the old one
 * stays. */
void certificate_look(const struct config *config, struct certificate *certificate, bool now);

#endif
