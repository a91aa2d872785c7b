/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/tsig.h"

#include "fuzz.h"

/* Looking for a record is total; one that is found lies in the message, and without the secret
 * no message is taken for signed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tsig_key key = {.name = {3, {1, 'k', 0}}, .secret_size = 32};
	struct bytes message = {data, size};
	struct tsig_chain chain;
	struct tsig tsig;
	bool present;

	if (tsig_find(message, &tsig, &present) != OK || !present)
		return 0;
	must(tsig.at < size && tsig.mac.size < size && tsig.other.size < size);
	must(dname_check(dname_bytes(&tsig.key)) && dname_check(dname_bytes(&tsig.algorithm)));
	for (unsigned i = 0; i < 2; i++) {
		key.algorithm = i == 0 ? TSIG_HMAC_SHA256 : TSIG_HMAC_SHA512;
		if (!tsig_names_key(&tsig, &key))
			continue;
		tsig_chain_begin(&chain, &key, (struct bytes){NULL, 0});
		must(tsig_chain_check(&chain, message, &tsig, tsig.time) != 0);
	}
	return 0;
}
