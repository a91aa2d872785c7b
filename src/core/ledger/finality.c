/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/finality.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"

#define UNTIL_SECONDS SECONDS_A_DAY

static bool is_among(const struct bytes *name, unsigned count, struct bytes party)
{
	for (unsigned i = 0; i < count; i++)
		if (bytes_same(name[i], party))
			return true;
	return false;
}

/* The place of one who is a countersigner no more. There is one when all are taken, and not by
 * `party`. */
static struct voice *voice_left(struct finality *finality, const struct ledger *ledger)
{
	struct bytes name[CUSTODY_MEMBERS_MAX];
	unsigned threshold, count = commons_countersigners(&ledger->commons, name, &threshold);

	for (unsigned i = 0; i < finality->voices; i++) {
		struct voice *v = &finality->voice[i];
		if (!is_among(name, count, (struct bytes){v->name, v->name_size}))
			return v;
	}
	must_fail("a countersigner has a place", __FILE__, __LINE__);
}

static struct voice *voice_of(struct finality *finality, const struct ledger *ledger,
                              struct bytes party)
{
	struct voice *v;

	for (unsigned i = 0; i < finality->voices; i++) {
		v = &finality->voice[i];
		if (bytes_same((struct bytes){v->name, v->name_size}, party))
			return v;
	}
	v = finality->voices == CUSTODY_MEMBERS_MAX ? voice_left(finality, ledger)
	                                            : &finality->voice[finality->voices++];
	*v = (struct voice){.name_size = (uint8_t)party.size};
	must(party.size <= sizeof(v->name));
	memcpy(v->name, party.at, party.size);
	return v;
}

static uint64_t height_of(const struct finality *finality, struct bytes party)
{
	for (unsigned i = 0; i < finality->voices; i++) {
		const struct voice *v = &finality->voice[i];
		if (bytes_same((struct bytes){v->name, v->name_size}, party))
			return v->height;
	}
	return 0;
}

static bool has_spoken(const struct finality *finality, struct bytes party, uint64_t height)
{
	for (unsigned i = 0; i < finality->voices; i++) {
		const struct voice *v = &finality->voice[i];
		if (bytes_same((struct bytes){v->name, v->name_size}, party))
			return v->size > 0 && v->height >= height;
	}
	return false;
}

static unsigned count_for(const struct finality *finality, const struct ledger *ledger,
                          uint64_t height, unsigned *threshold)
{
	struct bytes name[CUSTODY_MEMBERS_MAX];
	unsigned count = commons_countersigners(&ledger->commons, name, threshold), spoken = 0;

	for (unsigned i = 0; i < count; i++)
		spoken += has_spoken(finality, name[i], height);
	return spoken;
}

bool finality_take(struct finality *finality, const struct ledger *ledger, struct bytes note,
                   const char **why)
{
	struct sealed sealed;
	struct bytes party;
	uint8_t cosignature[72];
	struct voice *voice;
	unsigned threshold;

	if (!ledger_countersigned(ledger, note, &sealed, &party, cosignature, why))
		return false;
	*why = "the party has countersigned this seal, or a later one";
	if (has_spoken(finality, party, sealed.height))
		return false;
	voice = voice_of(finality, ledger, party);
	voice->height = sealed.height;
	voice->size = sealed.size;
	memcpy(voice->cosignature, cosignature, sizeof(voice->cosignature));
	if ((!finality->any || finality->sealed.height < sealed.height) &&
	    count_for(finality, ledger, sealed.height, &threshold) >= threshold) {
		finality->any = true;
		finality->sealed = sealed;
	}
	return true;
}

unsigned finality_count(const struct finality *finality, const struct ledger *ledger,
                        unsigned *threshold)
{
	struct sealed newest;

	return ledger_last_seal(ledger, &newest)
	               ? count_for(finality, ledger, newest.height, threshold)
	               : 0;
}

bool finality_reached(const struct finality *finality, const struct ledger *ledger)
{
	struct sealed newest;

	return finality->any && ledger_last_seal(ledger, &newest) &&
	       finality->sealed.height == newest.height;
}

bool finality_has(const struct finality *finality, const struct ledger *ledger,
                  struct bytes party)
{
	struct sealed newest;

	return ledger_last_seal(ledger, &newest) && has_spoken(finality, party, newest.height) &&
	       height_of(finality, party) == newest.height;
}

void countersign_write(struct writer *writer, const struct ledger *ledger,
                       const struct sealed *sealed, struct bytes party,
                       const uint8_t cosignature[72])
{
	char height[20], seal[64], log[90], line[BASE64_SIZE(72)];
	struct writer h = {.at = (uint8_t *)height, .size = sizeof(height)};
	struct writer l = {.at = (uint8_t *)log, .size = sizeof(log)};
	struct act act = {
		.kind = ACT_SEAL_SIGN,
		.origin = ledger->commons.origin,
		.charter = ledger->commons.charter.version,
		.by = party,
		.until = {sealed->time.seconds + UNTIL_SECONDS},
	};

	memcpy(act.federation, ledger->commons.genesis.octet, sizeof(act.federation));
	write_number(&h, sealed->height);
	hex_write(seal, digest_bytes(&sealed->seal));
	write_number(&l, sealed->size);
	write_octet(&l, ' ');
	write_digest(&l, &sealed->root);
	base64_write(line, (struct bytes){cosignature, 72});
	act.field[0] = writer_bytes(&h);
	act.field[1] = (struct bytes){(uint8_t *)seal, sizeof(seal)};
	act.field[2] = writer_bytes(&l);
	act.field[3] = (struct bytes){(uint8_t *)line, sizeof(line)};
	act_write(writer, &act);
}
