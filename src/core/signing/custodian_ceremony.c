/* SPDX-License-Identifier: Apache-2.0 */
/* A custodian in key ceremonies: key, deal, complain or confirm. */
#include <sodium.h>

#include "base/hex.h"
#include "base/must.h"
#include "frost/complaint.h"
#include "signing/custodian.h"

struct part {
	struct custodian *custodian;
	const struct custodian_view *view;
	struct ceremony ceremony;
	struct bytes number; /* as text */
	char digits[20];
	uint16_t identifier;
	unsigned index; /* among the members */
	const uint8_t *seed;
};

static void name_write(char to[40], const char *what, enum group_kind kind, uint64_t number)
{
	struct writer w = {.at = (uint8_t *)to, .size = 39};

	write_text(&w, what);
	write_octet(&w, '-');
	write_text(&w, group_word(kind));
	write_octet(&w, '-');
	write_number(&w, number);
	must(!w.full);
	to[w.used] = '\0';
}

static void forget(struct custodian *custodian, const char *what, enum group_kind kind,
                   uint64_t number)
{
	char name[40];

	name_write(name, what, kind, number);
	custodian->host->forget(custodian->host->context, name);
}

/* The seed of this attempt: fresh, and kept before anything is said that follows from it. */
static void seed_ready(struct part *p)
{
	struct custodian *c = p->custodian;
	enum group_kind kind = p->ceremony.kind;
	char name[40];

	if (c->vault->ceremony[kind].held && c->vault->ceremony[kind].number != p->ceremony.number) {
		forget(c, "ceremony", kind, c->vault->ceremony[kind].number);
		c->vault->ceremony[kind].held = false;
	}
	if (!c->vault->ceremony[kind].held) {
		c->vault->ceremony[kind].held = true;
		c->vault->ceremony[kind].number = p->ceremony.number;
		c->host->random(c->host->context, c->vault->ceremony[kind].seed, CUSTODIAN_SEED_SIZE);
		name_write(name, "ceremony", kind, p->ceremony.number);
		c->host->keep(c->host->context, name, c->vault->ceremony[kind].seed,
		              CUSTODIAN_SEED_SIZE);
	}
	p->seed = c->vault->ceremony[kind].seed;
}

static struct act ceremony_act(const struct part *p, enum act_kind kind)
{
	struct act act = custodian_act(p->custodian, p->view, kind);

	act.field[0] = bytes_of(group_word(p->ceremony.kind));
	act.field[1] = p->number;
	return act;
}

static void encryption_key(const struct part *p, uint8_t secret[FROST_SCALAR_SIZE],
                           uint8_t public_key[FROST_ELEMENT_SIZE])
{
	struct digest opening =
		keygen_opening(&p->view->genesis, p->ceremony.kind, p->ceremony.number);

	frost_encryption_key_derive(secret, public_key, p->seed, opening.octet, p->identifier);
}

static void say_key(struct part *p)
{
	struct act act = ceremony_act(p, ACT_KEY);
	uint8_t secret[FROST_SCALAR_SIZE], public_key[FROST_ELEMENT_SIZE];
	char hex[64];

	if (p->ceremony.member[p->index].has_key)
		return;
	encryption_key(p, secret, public_key);
	sodium_memzero(secret, sizeof(secret));
	hex_write(hex, (struct bytes){public_key, sizeof(public_key)});
	act.field[2] = (struct bytes){(uint8_t *)hex, sizeof(hex)};
	custodian_submit(p->custodian, p->view, &act);
}

static void say_deal(struct part *p)
{
	struct act act = ceremony_act(p, ACT_DEAL);
	struct arena *scratch = &p->custodian->scratch;
	struct keygen *keygen = arena_take(scratch, sizeof(*keygen));
	struct bytes octets;
	struct writer w;
	size_t size;

	if (deal_get(p->view->state, p->ceremony.kind, p->custodian->party, scratch, &octets) ||
	    !keygen_of(p->view->state, p->view->origin, &p->view->genesis, &p->ceremony, keygen))
		return;
	size = FROST_DEAL_SIZE(p->ceremony.threshold, p->ceremony.count);
	uint8_t *deal = arena_take(scratch, size);
	frost_deal_make(deal, &keygen->frost, p->identifier, p->seed, NULL);
	w = writer_in(scratch);
	record_write_blob(&w, (struct bytes){deal, size});
	act.embed = writer_keep(&w, scratch);
	custodian_submit(p->custodian, p->view, &act);
}

static void say_proof(struct part *p, struct act *act, unsigned field, struct bytes proof)
{
	struct writer w = writer_in(&p->custodian->scratch);

	write_base64(&w, proof);
	act->field[field] = writer_keep(&w, &p->custodian->scratch);
	custodian_submit(p->custodian, p->view, act);
}

static void say_complaint(struct part *p, const struct keygen *keygen,
                          const struct frost_deal *deal, struct bytes dealer,
                          const uint8_t secret[FROST_SCALAR_SIZE])
{
	struct act act = ceremony_act(p, ACT_COMPLAIN);
	uint8_t complaint[FROST_COMPLAINT_SIZE];

	frost_complaint_make(complaint, &keygen->frost, deal, p->index, secret, p->seed);
	act.field[2] = dealer;
	say_proof(p, &act, 3, (struct bytes){complaint, sizeof(complaint)});
}

static void say_confirmation(struct part *p, const struct frost_group *group,
                             const uint8_t share[FROST_SCALAR_SIZE])
{
	struct act act = ceremony_act(p, ACT_CONFIRM);
	uint8_t confirmation[FROST_CONFIRMATION_SIZE];
	char hex[64];

	frost_confirm_make(confirmation, p->ceremony.transcript.octet, group, p->identifier, share,
	                   p->seed);
	hex_write(hex, digest_bytes(&p->ceremony.transcript));
	act.field[2] = (struct bytes){(uint8_t *)hex, sizeof(hex)};
	say_proof(p, &act, 3, (struct bytes){confirmation, sizeof(confirmation)});
}

/* The share is kept before it is confirmed: whoever confirmed can sign, also after a crash. */
static void share_keep(struct part *p, const uint8_t share[FROST_SCALAR_SIZE])
{
	struct custodian *c = p->custodian;
	char name[40];

	name_write(name, "share", p->ceremony.kind, p->ceremony.number);
	c->host->keep(c->host->context, name, share, FROST_SCALAR_SIZE);
	if (!custodian_restore(c, name, share, FROST_SCALAR_SIZE))
		must_fail("there is room for a share", __FILE__, __LINE__);
}

/* Keeps the share that the partial ones come to, and proves that it is there; nothing, where
 * they come to none. */
static void take_share(struct part *p, const struct keygen *keygen,
                       const struct frost_deal *deal, const uint8_t *partial)
{
	struct arena *scratch = &p->custodian->scratch;
	struct frost_group *group = arena_take(scratch, sizeof(*group));
	uint8_t share[FROST_SCALAR_SIZE];
	struct digest transcript;

	if (!keygen_result(keygen, deal, p->ceremony.count, scratch, group, &transcript) ||
	    frost_keygen_share(share, &keygen->frost, group, deal, p->ceremony.count, partial,
	                       p->identifier) != OK)
		return;
	if (custodian_share(p->custodian, p->ceremony.kind, p->ceremony.number) == NULL)
		share_keep(p, share);
	say_confirmation(p, group, share);
	sodium_memzero(share, sizeof(share));
}

static void open_deals(struct part *p, const struct keygen *keygen,
                       const struct frost_deal *deal, const uint8_t secret[FROST_SCALAR_SIZE])
{
	uint8_t partial[CUSTODY_MEMBERS_MAX][FROST_SCALAR_SIZE];

	for (unsigned i = 0; i < p->ceremony.count; i++)
		if (!frost_deal_open(partial[i], &keygen->frost, &deal[i], p->index, secret)) {
			say_complaint(p, keygen, &deal[i], p->ceremony.member[i].party, secret);
			goto wiped;
		}
	take_share(p, keygen, deal, partial[0]);
wiped:
	sodium_memzero(partial, sizeof(partial));
}

static void open_shares(struct part *p)
{
	struct arena *scratch = &p->custodian->scratch;
	struct keygen *keygen = arena_take(scratch, sizeof(*keygen));
	struct frost_deal *deal = arena_take_array(scratch, CUSTODY_MEMBERS_MAX, sizeof(*deal));
	uint8_t secret[FROST_SCALAR_SIZE], public_key[FROST_ELEMENT_SIZE];

	if (confirmed_get(p->view->state, p->ceremony.kind, p->custodian->party) ||
	    !keygen_of(p->view->state, p->view->origin, &p->view->genesis, &p->ceremony,
	               keygen) ||
	    !keygen_deals(p->view->state, &p->ceremony, keygen, scratch, deal))
		return;
	encryption_key(p, secret, public_key);
	open_deals(p, keygen, deal, secret);
	sodium_memzero(secret, sizeof(secret));
}

/* What a ceremony that is over leaves behind: its seed, and shares of groups out of use. */
static void sweep(struct custodian *custodian, const struct custodian_view *view,
                  enum group_kind kind, const struct ceremony *ceremony)
{
	struct custodian_vault *vault = custodian->vault;
	struct custody custody;

	custody_get(view->state, &custody);
	if (vault->ceremony[kind].held &&
	    (ceremony->phase == CEREMONY_DONE || vault->ceremony[kind].number != ceremony->number)) {
		forget(custodian, "ceremony", kind, vault->ceremony[kind].number);
		sodium_memzero(&vault->ceremony[kind], sizeof(vault->ceremony[kind]));
	}
	for (unsigned i = 0; i < CUSTODIAN_SHARES; i++) {
		uint64_t number = vault->share[i].number;

		if (!vault->share[i].held || vault->share[i].kind != kind ||
		    number == custody.active[kind] || number == ceremony->number ||
		    (kind == GROUP_ZSK && (number == custody.zsk_next || number == custody.zsk_old)))
			continue;
		forget(custodian, "share", kind, number);
		sodium_memzero(&vault->share[i], sizeof(vault->share[i]));
	}
}

static void part_take(struct custodian *custodian, const struct custodian_view *view,
                      enum group_kind kind)
{
	struct part p = {.custodian = custodian, .view = view};
	struct writer w = {.at = (uint8_t *)p.digits, .size = sizeof(p.digits)};
	struct ceremony_member *m;

	if (!ceremony_get(view->state, kind, &p.ceremony))
		return;
	sweep(custodian, view, kind, &p.ceremony);
	m = ceremony_member_of(&p.ceremony, custodian->party);
	if (m == NULL || p.ceremony.phase > CEREMONY_CONFIRM)
		return;
	write_number(&w, p.ceremony.number);
	p.number = writer_bytes(&w);
	p.identifier = m->identifier;
	p.index = (unsigned)(m - p.ceremony.member);
	/* A key was posted, and its seed is gone: nothing can be said that fits it. */
	if (m->has_key && (!custodian->vault->ceremony[kind].held ||
	                   custodian->vault->ceremony[kind].number != p.ceremony.number))
		return;
	seed_ready(&p);
	if (p.ceremony.phase == CEREMONY_KEY)
		say_key(&p);
	else if (p.ceremony.phase == CEREMONY_DEAL)
		say_deal(&p);
	else
		open_shares(&p);
}

void custodian_ceremonies(struct custodian *custodian, const struct custodian_view *view)
{
	for (enum group_kind k = 0; k < GROUPS; k++) {
		custodian->scratch.used = 0;
		part_take(custodian, view, k);
	}
}
