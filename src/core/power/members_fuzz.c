/* SPDX-License-Identifier: Apache-2.0 */
#include "power/members.h"

#include "fuzz.h"
#include "power/check.h"

/* With one octet before: which of two charters it is checked over. */
static const char *const CHARTERS[2] = {
	"comity-charter/1\nversion 1\nlanguages en\ntitle en Test\nchamber states of kind state\n"
	"chamber others of kind other, third\nweight aurelia 5\nweight gaul 3\nsigners states\n\narticle 1\nen Test\n"
	"rule delegate.update holder\nrule delegate.drop-ds holder\n"
	"rule delegate.revoke ruling & states > 2/3 excluding concerned\n"
	"rule party.admit states > 1/2 of votes cast & quorum 1/2\nrule party.withdraw holder\n"
	"rule charter.amend states >= 3/4 & others > 1/2 by weight\n",
	"comity-charter/1\nversion 1\nlanguages en\ntitle en Test\nsigners all\n\narticle 1\nen Test\n"
	"rule delegate.update holder | 3 of parties\nrule delegate.drop-ds holder\n"
	"rule delegate.transfer holder & recipient, objection 3d by parties\n"
	"rule party.withdraw holder\nrule charter.amend no veto of parties & parties > 1/2\n",
};

static uint8_t reading[CHARTER_MEMORY] __attribute__((aligned(16)));
static uint8_t memory[(size_t)64 << 20] __attribute__((aligned(16)));

/* Over few parties the whole check is made; its numbers keep their order. */
static void look(const struct charter *charter, const struct charter_party *parties, size_t count,
                 struct arena *arena)
{
	static struct check check;

	check_charter(charter, parties, count, arena, &check);
	for (size_t i = 0; i < check.rule_count; i++) {
		const struct rule_report *r = &check.rules[i];

		must(r->figures.monotone && r->smallest.exact && r->blocking.exact);
		must(!r->smallest.found || (r->silent.found && r->silent.count <= r->smallest.count));
		must(r->smallest.found != natural_zero(&r->figures.winning));
	}
	for (size_t i = 0; i < check.peril_count; i++)
		for (size_t k = 0; k < check.perils[i].count; k++)
			must(check.perils[i].path[k].count < count + 1);
}

/* Whatever the bytes, reading is total; over what was read, a charter can be checked. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {reading, sizeof(reading), 0}, rest = {memory, sizeof(memory), 0};
	struct charter_fault fault = {0};
	struct charter_party *parties;
	struct charter charter;
	size_t count = 0;
	enum mishap m;

	if (size == 0)
		return 0;
	m = charter_read(bytes_of(CHARTERS[data[0] & 1]), &arena, &charter, &fault);
	must(m == OK);
	m = members_read((struct bytes){data + 1, size - 1}, &charter, &rest, &parties, &count, &fault);
	if (m != OK) {
		must(fault.at.why != NULL);
		return 0;
	}
	must(count >= 1 && count <= GAME_PARTIES_MAX);
	if (count <= 12)
		look(&charter, parties, count, &rest);
	return 0;
}
