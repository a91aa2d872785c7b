/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/sighting.h"

#include "fuzz.h"
#include "observing/verdict.h"

/* A delegation that sightings of any kind are judged against. */
#define RECORDS                                                                                    \
	"+ aur. 172800 IN NS a.nic.aur.\n+ aur. 172800 IN NS b.nic.aur.\n"                         \
	"+ aur. 86400 IN DS 1 13 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" \
	"+ a.nic.aur. 172800 IN A 9.9.9.9\n+ b.nic.aur. 172800 IN AAAA 2620:fe::9\n"

/* What is read, written again, is the same octets; and it can be judged. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[VERDICT_ARENA_SIZE] __attribute__((aligned(16)));
	static struct sightings sightings;
	static struct findings findings;
	const struct asking asking = {.tld = BYTES("aur."), .records = BYTES(RECORDS)};
	struct bytes text = {data, size};
	struct arena arena = {memory, sizeof(memory), 0};
	struct writer w = {.size = size + 64};

	if (sightings_read(text, &sightings) != OK)
		return 0;
	w.at = malloc(w.size);
	must(w.at != NULL);
	sightings_write_head(&w, sightings.tld);
	for (unsigned i = 0; i < sightings.count; i++)
		sighting_write(&w, &sightings.sighting[i]);
	sightings_write_end(&w);
	must(bytes_same(writer_bytes(&w), text));
	free(w.at);
	verdict_find(&asking, &sightings, &arena, &findings);
	must((findings.failed & findings.unable) == 0);
	return 0;
}
