/* SPDX-License-Identifier: Apache-2.0 */
/* The module of tls.h, by OpenSSL 3. Sessions read and write memory; the sockets are ours. */
#include "host/net/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const unsigned char DOT[] = {3, 'd', 'o', 't'};

struct tls_context {
	pthread_mutex_t mutex; /* held while `ctx` is exchanged, or a session made of it */
	SSL_CTX *ctx;
};

struct tls {
	SSL *ssl;
	BIO *in, *out; /* part of ssl */
};

/* ---- contexts ---- */

/* RFC 7858 does not ask for ALPN, RFC 9103 section 7.1 does: who offers something must offer
 * "dot". */
static int choose_dot(SSL *ssl, const unsigned char **out, unsigned char *out_size,
                      const unsigned char *in, unsigned in_size, void *unused)
{
	unsigned char *chosen;

	(void)ssl, (void)unused;
	if (SSL_select_next_proto(&chosen, out_size, DOT, sizeof(DOT), in, in_size) !=
	    OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static struct tls_context *keep(SSL_CTX *ctx)
{
	struct tls_context *context = malloc(sizeof(*context));

	if (context == NULL) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	pthread_mutex_init(&context->mutex, NULL);
	context->ctx = ctx;
	return context;
}

static SSL_CTX *make(const SSL_METHOD *method)
{
	SSL_CTX *ctx = SSL_CTX_new(method);

	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION); /* RFC 9103 section 7.2 */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
	return ctx;
}

static void *fail(SSL_CTX *ctx, const char **why, const char *what)
{
	SSL_CTX_free(ctx);
	*why = what;
	return NULL;
}

static SSL_CTX *make_server(const char *certificate, const char *key, const char **why)
{
	SSL_CTX *ctx = make(TLS_server_method());

	if (ctx == NULL)
		return fail(ctx, why, "no TLS");
	if (SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1)
		return fail(ctx, why, "no certificate in its file");
	if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(ctx) != 1)
		return fail(ctx, why, "no key of that certificate in its file");
	SSL_CTX_set_alpn_select_cb(ctx, choose_dot, NULL);
	return ctx;
}

static struct tls_context *server(const char *certificate, const char *key, const char **why)
{
	SSL_CTX *ctx = make_server(certificate, key, why);

	return ctx == NULL ? NULL : keep(ctx);
}

static bool renew(struct tls_context *context, const char *certificate, const char *key,
                  const char **why)
{
	SSL_CTX *ctx = make_server(certificate, key, why), *old;

	if (ctx == NULL)
		return false;
	pthread_mutex_lock(&context->mutex);
	old = context->ctx;
	context->ctx = ctx;
	pthread_mutex_unlock(&context->mutex);
	SSL_CTX_free(old); /* sessions made of it keep it */
	return true;
}

static struct tls_context *client(const char *trusted, const char **why)
{
	SSL_CTX *ctx = make(TLS_client_method());

	if (ctx == NULL || SSL_CTX_set_alpn_protos(ctx, DOT, sizeof(DOT)) != 0)
		return fail(ctx, why, "no TLS");
	if (trusted == NULL ? SSL_CTX_set_default_verify_paths(ctx) != 1
	                    : SSL_CTX_load_verify_file(ctx, trusted) != 1)
		return fail(ctx, why, "no certificates to trust in their file");
	return keep(ctx);
}

/* ---- sessions ---- */

static void end(struct tls *tls)
{
	if (tls == NULL)
		return;
	SSL_free(tls->ssl);
	free(tls);
}

static struct tls *begin(struct tls_context *context)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (tls == NULL)
		return NULL;
	pthread_mutex_lock(&context->mutex);
	tls->ssl = SSL_new(context->ctx);
	pthread_mutex_unlock(&context->mutex);
	tls->in = BIO_new(BIO_s_mem());
	tls->out = BIO_new(BIO_s_mem());
	if (tls->ssl == NULL || tls->in == NULL || tls->out == NULL) {
		BIO_free(tls->in);
		BIO_free(tls->out);
		end(tls);
		return NULL;
	}
	SSL_set_bio(tls->ssl, tls->in, tls->out);
	return tls;
}

static struct tls *accept_one(struct tls_context *context)
{
	struct tls *tls = begin(context);

	if (tls != NULL)
		SSL_set_accept_state(tls->ssl);
	return tls;
}

static struct tls *connect_to(struct tls_context *context, const char *name)
{
	struct tls *tls = begin(context);

	if (tls == NULL)
		return NULL;
	SSL_set_connect_state(tls->ssl);
	if (name == NULL)
		return tls;
	SSL_set_verify(tls->ssl, SSL_VERIFY_PEER, NULL);
	SSL_set_hostflags(tls->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	/* SSL_set_tlsext_host_name() casts const away. */
	if (SSL_set1_host(tls->ssl, name) == 1 &&
	    SSL_ctrl(tls->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
	             (void *)(uintptr_t)name) == 1)
		return tls;
	end(tls);
	return NULL;
}

static bool has_unsent(const struct tls *tls)
{
	return BIO_ctrl_pending(tls->out) != 0;
}

static bool flush(struct tls *tls, int descriptor)
{
	char *octets;
	long size;

	while ((size = BIO_get_mem_data(tls->out, &octets)) > 0) {
		char taken[16384];
		ssize_t sent = send(descriptor, octets, (size_t)size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EAGAIN;
		while (sent > 0) { /* out of the memory, too */
			int n = BIO_read(tls->out, taken,
			                 (int)((size_t)sent < sizeof(taken) ? (size_t)sent
			                                                    : sizeof(taken)));
			if (n <= 0)
				return false;
			sent -= n;
		}
	}
	return true;
}

/* Takes in what the socket has. As recv(). */
static ssize_t feed(struct tls *tls, int descriptor)
{
	uint8_t octets[16384];
	ssize_t n;

	do
		n = recv(descriptor, octets, sizeof(octets), 0);
	while (n < 0 && errno == EINTR);
	if (n > 0 && BIO_write(tls->in, octets, (int)n) != n) {
		errno = ENOMEM;
		return -1;
	}
	return n;
}

static ssize_t receive(struct tls *tls, int descriptor, uint8_t *to, size_t size)
{
	for (;;) {
		int n = SSL_read(tls->ssl, to, (int)size), error = SSL_get_error(tls->ssl, n);
		ssize_t fed;

		if (!flush(tls, descriptor))
			break;
		if (n > 0)
			return n;
		if (error == SSL_ERROR_ZERO_RETURN)
			return 0;
		if (error != SSL_ERROR_WANT_READ)
			break;
		fed = feed(tls, descriptor);
		if (fed <= 0)
			return fed;
	}
	ERR_clear_error();
	errno = ECONNRESET;
	return -1;
}

static enum tls_state shake_hands(struct tls *tls, int descriptor)
{
	for (;;) {
		int done = SSL_do_handshake(tls->ssl), error = SSL_get_error(tls->ssl, done);
		ssize_t fed;

		if (!flush(tls, descriptor))
			return TLS_FAILED;
		if (done == 1)
			return TLS_READY;
		if (error != SSL_ERROR_WANT_READ) {
			ERR_clear_error();
			return TLS_FAILED;
		}
		fed = feed(tls, descriptor);
		if (fed <= 0)
			return fed < 0 && errno == EAGAIN ? TLS_WAITS : TLS_FAILED;
	}
}

static ssize_t send_whole(struct tls *tls, int descriptor, const uint8_t *octets, size_t size)
{
	size_t put = 0;

	if (!flush(tls, descriptor))
		return -1;
	if (has_unsent(tls))
		return 0;
	while (put < size) {
		int n = SSL_write(tls->ssl, octets + put, (int)(size - put));

		if (n <= 0) {
			ERR_clear_error();
			return -1;
		}
		put += (size_t)n;
	}
	return flush(tls, descriptor) ? (ssize_t)size : -1;
}

static bool has_more(const struct tls *tls)
{
	return SSL_has_pending(tls->ssl) == 1 || BIO_ctrl_pending(tls->in) != 0;
}

extern const struct tls_library comity_tls;
__attribute__((visibility("default"))) const struct tls_library comity_tls = {
	.server = server,
	.renew = renew,
	.client = client,
	.accept = accept_one,
	.connect = connect_to,
	.end = end,
	.shake_hands = shake_hands,
	.send = send_whole,
	.receive = receive,
	.flush = flush,
	.has_unsent = has_unsent,
	.has_more = has_more,
};
