/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/sign.h"

#include <sodium.h>
#include <string.h>

#include "base/must.h"
#include "frost/secret.h"

/* Is (hiding_nonce_commitment, binding_nonce_commitment) in the list the one we made? */
static bool ours_in_list(const struct frost_nonces *nonces, const struct frost_session *session,
                         size_t index)
{
	uint8_t listed[FROST_COMMITMENT_SIZE];

	frost_commitment_write(listed, &session->commitment_list[index]);
	return memcmp(listed, nonces->commitment, FROST_COMMITMENT_SIZE) == 0;
}

enum mishap frost_sign(uint8_t sig_share[FROST_SCALAR_SIZE], struct frost_nonces *nonces,
                       const uint8_t secret_share[FROST_SCALAR_SIZE],
                       const struct frost_session *session, size_t index)
{
	enum mishap result = MISHAP_MALFORMED;
	uint8_t product[FROST_SCALAR_SIZE];
	struct public_scalar lambda_c;

	must(index < session->set->count);
	memset(sig_share, 0, FROST_SCALAR_SIZE);
	if (!ours_in_list(nonces, session, index))
		goto wiped;

	/* sig_share = hiding_nonce + (binding_nonce * binding_factor) + */
	secret_multiply(product, nonces->binding_nonce, session->binding_factor[index].octet);
	secret_add(sig_share, nonces->hiding_nonce, product);

	/*             (lambda_i * sk_i * challenge) */
	lambda_c = scalar_multiply(&session->set->lambda[index], &session->challenge);
	secret_multiply(product, secret_share, lambda_c.octet);
	secret_add(sig_share, sig_share, product);
	result = OK;
wiped:
	sodium_memzero(product, sizeof(product));
	sodium_memzero(nonces, sizeof(*nonces));
	secret_forget();
	return result;
}
