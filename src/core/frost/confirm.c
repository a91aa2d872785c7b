/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/confirm.h"

#include <string.h>

#include "base/must.h"
#include "frost/domain.h"

#define CONTEXT_SIZE (FROST_DIGEST_SIZE + 2)

void frost_transcript(uint8_t transcript[FROST_DIGEST_SIZE], const struct frost_keygen *keygen,
                      const struct frost_deal *deals, size_t count,
                      const struct frost_group *group)
{
	crypto_hash_sha512_state hash;
	uint8_t digest[FROST_DIGEST_SIZE];

	domain_digest_begin(&hash, "transcript");
	crypto_hash_sha512_update(&hash, keygen->sid, FROST_SID_SIZE);
	domain_number(&hash, (uint16_t)count);
	for (size_t i = 0; i < count; i++)
		crypto_hash_sha512_update(&hash, deals[i].octets.at, deals[i].octets.size);
	frost_group_digest(digest, group);
	crypto_hash_sha512_update(&hash, digest, sizeof(digest));
	domain_digest_end(&hash, transcript);
}

static void context_make(uint8_t context[CONTEXT_SIZE],
                         const uint8_t transcript[FROST_DIGEST_SIZE], uint16_t identifier)
{
	memcpy(context, transcript, FROST_DIGEST_SIZE);
	context[FROST_DIGEST_SIZE] = (uint8_t)(identifier >> 8);
	context[FROST_DIGEST_SIZE + 1] = (uint8_t)identifier;
}

void frost_confirm_make(uint8_t confirmation[FROST_CONFIRMATION_SIZE],
                        const uint8_t transcript[FROST_DIGEST_SIZE],
                        const struct frost_group *group, uint16_t identifier,
                        const uint8_t secret_share[FROST_SCALAR_SIZE],
                        const uint8_t seed[SEED_SIZE])
{
	uint8_t context[CONTEXT_SIZE];
	size_t index = 0;
	bool member = frost_group_find(group, identifier, &index);

	must(member);
	memcpy(confirmation, transcript, FROST_DIGEST_SIZE);
	context_make(context, transcript, identifier);
	proof_make(confirmation + FROST_DIGEST_SIZE, "confirm",
	           (struct bytes){context, CONTEXT_SIZE}, group->verification_share[index],
	           secret_share, seed);
}

enum mishap frost_confirm_check(struct bytes confirmation,
                                const uint8_t transcript[FROST_DIGEST_SIZE],
                                const struct frost_group *group, uint16_t identifier)
{
	uint8_t context[CONTEXT_SIZE];
	size_t index;

	if (confirmation.size < FROST_CONFIRMATION_SIZE)
		return MISHAP_SHORT;
	if (confirmation.size > FROST_CONFIRMATION_SIZE)
		return MISHAP_TRAILING;
	if (!frost_group_find(group, identifier, &index) ||
	    memcmp(confirmation.at, transcript, FROST_DIGEST_SIZE) != 0)
		return MISHAP_MALFORMED;
	context_make(context, transcript, identifier);
	if (!proof_check(confirmation.at + FROST_DIGEST_SIZE, "confirm",
	                 (struct bytes){context, CONTEXT_SIZE},
	                 group->verification_share[index]))
		return MISHAP_MALFORMED;
	return OK;
}
