/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/ces1.h"
#include <sodium.h>
bool ces1_public_key_valid(const uint8_t key[32]) { return crypto_core_ed25519_is_valid_point(key) == 1; }
bool ces1_verify(const uint8_t key[32], struct bytes message, const uint8_t signature[64])
{
	return crypto_core_ed25519_is_valid_point(signature) == 1 && crypto_sign_ed25519_verify_detached(signature, message.at, message.size, key) == 0;
}
