/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/state_proof.h"

#include "fuzz.h"

/* Whatever the octets, checking is total; what holds is within them, and says what it claims.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = {data, size};
	struct checkpoint checkpoint;
	struct fault fault = {0};
	struct state_proof proof;
	const char *why = NULL;
	struct note note;

	if (!state_proof_check(text, &proof, &why)) {
		must(why != NULL);
		return 0;
	}
	must(proof.key.at >= data && proof.key.at + proof.key.size <= data + size);
	must(proof.present == (proof.record.size > 0));
	must(!proof.present || bytes_same(state_key(proof.record), proof.key));
	must(note_read(proof.checkpoint, &note, &fault) == OK &&
	     checkpoint_read(note.text, &checkpoint, &fault) == OK);
	must(bytes_same(checkpoint.origin, proof.seal.origin));
	return 0;
}
