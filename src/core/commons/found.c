/* SPDX-License-Identifier: Apache-2.0 */
/* The founding: the genesis and its import manifest (comity-import(5)) become the first state. */
#include "base/must.h"
#include "commons/admit.h"
#include "commons/apply.h"
#include "commons/linking.h"
#include "commons/manifest.h"
#include "commons/standing.h"
#include "dns/dname.h"

static bool founders_signed(const struct note *note, const struct genesis *genesis,
                            struct refusal *refusal)
{
	struct bytes parties = genesis->parties;
	unsigned count = 0;
	struct founder f;

	while (genesis_party(&parties, &f))
		if (!signed_by(note, f.keys, ROLE_ACT, f.threshold, &count, refusal))
			return false;
	return count == note->count || refuse(refusal, REASON_SIGNATURES);
}

static bool founders_put(struct commons *commons, const struct genesis *genesis,
                         struct refusal *refusal)
{
	struct bytes parties = genesis->parties;
	struct founder f;

	while (genesis_party(&parties, &f)) {
		struct party party = {f.name, f.kind, f.threshold, f.keys, BYTES("genesis")};

		if (party_keys_taken(commons->state, f.keys, f.name))
			return refuse_name(refusal, REASON_KEYS, f.name);
		party_put(commons->state, &commons->scratch, &party);
	}
	return true;
}

static bool charter_put(struct commons *commons, const struct genesis *genesis,
                        struct refusal *refusal)
{
	struct arena *scratch = &commons->scratch;
	struct bytes text = genesis_charter(genesis, scratch);
	struct charter_fault fault;
	struct charter charter;

	if (charter_read(text, scratch, &charter, &fault) != OK) {
		struct writer w = writer_in(scratch);
		charter_fault_write(&fault, &w);
		return refuse_name(refusal, REASON_CHARTER_TEXT, writer_keep(&w, scratch));
	}
	if (charter.version != genesis->charter_version)
		return refuse(refusal, REASON_VERSION);
	return standing_put_charter(commons, text, NULL, &charter, BYTES("genesis"), refusal);
}

static void log_key_put(struct commons *commons, const struct genesis *genesis)
{
	struct writer w = record_begin(&commons->scratch, BYTES("log"));

	write_text(&w, "key: ");
	note_key_write(&w, &genesis->log);
	write_octet(&w, '\n');
	record_put(commons->state, &w);
}

static bool found(struct commons *commons, const struct note *note,
                  const struct genesis *genesis, struct bytes manifest, struct refusal *refusal)
{
	struct digest digest = sha256(manifest);

	if (!founders_signed(note, genesis, refusal))
		return false;
	if (genesis->import ? manifest.size != genesis->import_size ||
	                              !digest_same(&digest, &genesis->import_digest)
	                    : manifest.size != 0)
		return refuse_name(refusal, REASON_DERIVES, BYTES("import"));
	log_key_put(commons, genesis);
	standing_put_apex(commons, &genesis->apex, BYTES("genesis"));
	return founders_put(commons, genesis, refusal) && charter_put(commons, genesis, refusal) &&
	       (!genesis->import || manifest_put(commons, manifest, refusal));
}

bool commons_found(struct commons *commons, const struct note *note,
                   const struct genesis *genesis, struct bytes manifest,
                   struct refusal *refusal)
{
	struct state_mark mark = state_mark(commons->state);

	must(commons->state->count == 2); /* the sentinels */
	commons->scratch.used = 0;
	*refusal = (struct refusal){0};
	commons->origin = genesis->origin;
	commons->genesis = genesis->id;
	commons->height = 0;
	commons->now = genesis->time;
	if (found(commons, note, genesis, manifest, refusal))
		return true;
	state_undo(commons->state, mark);
	must(refusal->reason != REASON_NONE);
	return false;
}
