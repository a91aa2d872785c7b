/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/charter.h"

#include "charter/read.h"

const struct charter_rule *charter_rule(const struct charter *charter, struct bytes name)
{
	for (size_t i = 0; i < charter->rule_count; i++)
		if (bytes_same(charter->rules[i].name, name))
			return &charter->rules[i];
	return NULL;
}

const struct charter_article *charter_article(const struct charter *charter, uint32_t number)
{
	for (size_t i = 0; i < charter->article_count; i++)
		if (charter->articles[i].number == number)
			return &charter->articles[i];
	return NULL;
}

const struct charter_set *charter_set(const struct charter *charter, struct bytes name)
{
	for (size_t i = 0; i < charter->set_count; i++)
		if (bytes_same(charter->sets[i].name, name))
			return &charter->sets[i];
	return NULL;
}

uint32_t charter_weight(const struct charter *charter, struct bytes party)
{
	for (size_t i = 0; i < charter->weight_count; i++)
		if (bytes_same(charter->weights[i].party, party))
			return charter->weights[i].weight;
	return 1;
}

bool charter_signs(const struct charter *charter, struct bytes party, struct bytes kind)
{
	return charter_set_has(charter->signers, party, kind);
}

uint32_t charter_signing_threshold(uint32_t n)
{
	return (uint32_t)((uint64_t)n * 2 / 3 + 1);
}

static enum mishap fault_at(struct charter_fault *fault, uint32_t line, const char *why,
                            struct bytes found)
{
	*fault = (struct charter_fault){.at = {line, line != 0, why}, .found = found};
	return MISHAP_MALFORMED;
}

static enum mishap check_needed(const struct charter *charter, struct charter_fault *fault)
{
	for (size_t i = 0; i < CHARTER_RULES_MAX; i++) {
		struct bytes name = bytes_of(CHARTER_RULE_NAMES[i].name);

		if (CHARTER_RULE_NAMES[i].needed && charter_rule(charter, name) == NULL)
			return fault_at(fault, 0, "a rule that every charter needs is missing",
			                name);
	}
	return OK;
}

/* What is entrenched can be changed by charter.entrench, and that rule by nothing less. */
static enum mishap check_entrenched(const struct charter *charter, struct charter_fault *fault)
{
	struct bytes name = BYTES("charter.entrench");
	const struct charter_rule *rule = charter_rule(charter, name);

	if (rule != NULL && !charter_article(charter, rule->article)->entrenched)
		return fault_at(fault, rule->line, "this rule stands in an entrenched article",
		                name);
	for (size_t i = 0; i < charter->article_count; i++)
		if (charter->articles[i].entrenched && rule == NULL)
			return fault_at(fault, charter->articles[i].line,
			                "an entrenched article, and no rule charter.entrench",
			                (struct bytes){NULL, 0});
	return OK;
}

static enum mishap register_add(struct charter *charter, struct bytes name, struct charter_fault *fault)
{
	for (size_t i = 0; i < charter->register_count; i++)
		if (bytes_same(charter->registers[i], name))
			return OK;
	if (charter->register_count == CHARTER_REGISTERS_MAX) {
		*fault = (struct charter_fault){.at = {0, 0, "more than 8 registers"}, .found = name};
		return MISHAP_LIMIT;
	}
	charter->registers[charter->register_count++] = name;
	return OK;
}

static enum mishap registers_add(struct charter *charter, const struct charter_expression *by,
                                 struct charter_fault *fault)
{
	enum mishap m = OK;

	for (size_t i = 0; m == OK && i < by->count; i++)
		if (charter_clause_asks_register(&by->clauses[i]))
			m = register_add(charter, by->clauses[i].party, fault);
	return m;
}

/* Which registers the charter asks. There is a rule by which they are adopted. */
static enum mishap find_registers(struct charter *charter, struct charter_fault *fault)
{
	enum mishap m = OK;

	for (size_t i = 0; m == OK && i < charter->set_count; i++)
		if (charter->sets[i].recognised_by.size > 0)
			m = register_add(charter, charter->sets[i].recognised_by, fault);
	for (size_t i = 0; m == OK && i < charter->rule_count; i++) {
		m = registers_add(charter, &charter->rules[i].consent, fault);
		if (m == OK)
			m = registers_add(charter, &charter->rules[i].fast, fault);
	}
	if (m == OK && charter->register_count > 0 && charter_rule(charter, BYTES("register.adopt")) == NULL)
		return fault_at(fault, 0, "a register, and no rule register.adopt", charter->registers[0]);
	return m;
}

enum mishap charter_read(struct bytes text, struct arena *arena, struct charter *charter,
                         struct charter_fault *fault)
{
	struct reader reader = {
		.text = {.rest = text},
		.cursor = {.fault = fault},
		.arena = arena,
		.charter = {.text = text, .times = CHARTER_TIMES_DEFAULT, .batches = CHARTER_BATCHES},
	};
	enum mishap m;

	if (text.size > CHARTER_SIZE_MAX) {
		*fault = (struct charter_fault){.at = {0, 0, "longer than 24,576 octets"}};
		return MISHAP_LIMIT;
	}
	m = read_head(&reader);
	if (m == OK)
		m = read_articles(&reader);
	if (m == OK)
		m = check_needed(&reader.charter, fault);
	if (m == OK)
		m = check_entrenched(&reader.charter, fault);
	if (m == OK)
		m = find_registers(&reader.charter, fault);
	if (m == OK)
		*charter = reader.charter;
	return m;
}
