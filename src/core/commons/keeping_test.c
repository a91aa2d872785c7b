/* SPDX-License-Identifier: Apache-2.0 */
/* Who may still change a name: after a revocation, while an operator keeps it, when it has passed on; and where root
 * servers have their names. */
#include "commons/holding.h"

#include "commons/proposal.h"
#include "commons/vacancy.h"
#include "tap.h"
#include "bare.h"

#define CHARTER                                                                                  \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n"    \
	"signers states\n\narticle 1\nen A\n"                                                      \
	"rule delegate.update holder, delay 3d\nrule delegate.drop-ds holder\n"                     \
	"rule delegate.transfer holder & recipient\nrule delegate.withdraw holder\n"                \
	"rule delegate.grant states > 1/2, vote 4d\nrule delegate.retire states > 1/2, sunset 400d\n" \
	"rule delegate.operate states > 1/2, sunset 100d\nrule host.update holder, objection 3d by interested\n" \
	"rule server.update holder\nrule party.withdraw holder\nrule charter.amend states > 2/3\n"

#define GLUE "+ a.nic.aur. 172800 IN A 192.0.2.1\n"

static struct refusal refusal;
static char id[64];

static void begin(void)
{
	bare_begin();
	bare_join("aurelia", "state");
	bare_join("borealia", "state");
	bare_join("cascadia", "state");
	bare_charter(BYTES(CHARTER));
	bare_put("tld/aur\nholder: aurelia\nact: genesis\n+ aur. 172800 IN NS a.nic.aur.\n"
	         "+ aur. 172800 IN NS b.nic.aur.\n" GLUE "+ b.nic.aur. 172800 IN A 192.0.2.2\n");
	bare_put("tld/bor\nholder: borealia\nact: genesis\n");
	bare_founded();
}

static bool says(const char *by, struct act act)
{
	return bare_say(&act, bytes_of(by), id, &refusal);
}

static struct act host_of(const char *name, const char *records)
{
	return (struct act){.kind = ACT_HOST,
	                    .field = {bytes_of(name), bare_slot_of("host", bytes_of(name), BYTES(""))},
	                    .records = bytes_of(records)};
}

static struct act server_of(const char *name, const char *records)
{
	return (struct act){.kind = ACT_SERVER,
	                    .field = {bytes_of(name), BYTES("active"), bare_slot_of("server", bytes_of(name), BYTES(""))},
	                    .records = bytes_of(records)};
}

static struct act transfer_of(const char *label, const char *to)
{
	return (struct act){.kind = ACT_TRANSFER,
	                    .field = {bytes_of(label), bytes_of(to), bare_slot_of("tld", bytes_of(label), BYTES(""))}};
}

static struct act withdrawal_of(const char *kind, const char *name)
{
	struct writer w = writer_in(&room);

	write_text(&w, kind);
	write_octet(&w, '/');
	write_text(&w, name);
	return (struct act){.kind = ACT_WITHDRAW, .field = {bare_made(&w), bare_slot_of(kind, bytes_of(name), BYTES(""))}};
}

/* It passes on, both sides having signed. */
static bool passes_on(const char *label, const char *from, const char *to)
{
	struct act act = transfer_of(label, to);
	struct signed_act signed_act;

	act.by = bytes_of(from);
	if (!bare_read(&act, &signed_act))
		bail_out("an act that does not read");
	signed_act.recipient = bytes_of(to);
	return bare_decide(&signed_act, &refusal);
}

static void operate(const char *label, const char *ground)
{
	char record[300];

	snprintf(record, sizeof(record),
	         "operation/%s\noperator: borealia\nholder: aurelia\nground: %s\nfrom: 2026-11-22T13:00:00Z\n"
	         "until: 2027-01-01T00:00:00Z\nact: genesis\n",
	         label, ground);
	bare_put(record);
}

static void revoked(void)
{
	struct holding holding;

	begin();
	if (!holding_get(&state, BYTES("aur"), &holding))
		bail_out("no aur");
	vacancy_put(&commons, &holding, BYTES("0000"));
	ok(!says("aurelia", host_of("a.nic.aur.", "+ a.nic.aur. 172800 IN A 192.0.2.66\n")) && refusal.reason == REASON_VACANT,
	   "who lost a name does not change the addresses below it");
}

static void retiring(void)
{
	struct act plan = {.kind = ACT_PLAN, .field = {BYTES("aur")}};

	begin();
	bare_put("retirement/aur\nholder: aurelia\nground: code-removed\nnotice: 2026-11-22T13:00:00Z\n"
	         "ends: 2027-11-22T13:00:00Z\nlatest: 2028-11-22T13:00:00Z\nact: genesis\n");
	plan.field[1] = bare_time(BARE_BEGIN + 60);
	plan.field[2] = bare_slot_of("retirement", BYTES("aur"), BYTES(""));
	operate("aur", "contested");
	ok(!says("aurelia", plan) && refusal.reason == REASON_OPERATED, "nor does a plan end it sooner while an operator keeps it");
	state_delete(&state, BYTES("operation/aur"));
	ok(says("aurelia", plan), "otherwise an earlier end is the holder's own");
}

static void passed_on(void)
{
	struct proposal p;
	struct host host;
	char host_id[64];

	begin();
	ok(says("aurelia", host_of("a.nic.aur.", "+ a.nic.aur. 172800 IN A 192.0.2.66\n")) &&
	           proposal_get(&state, (struct bytes){(uint8_t *)id, 64}, &p) && p.status == PROPOSAL_OPEN,
	   "an address waits for objections");
	memcpy(host_id, id, sizeof(host_id));
	ok(passes_on("aur", "aurelia", "cascadia"), "the name passes on meanwhile");
	bare_wait(4 * BARE_DAY);
	ok(proposal_get(&state, (struct bytes){(uint8_t *)host_id, 64}, &p) && p.status == PROPOSAL_REFUSED &&
	           p.reason == REASON_NOT_HOLDER && !host_get(&state, BYTES("a.nic.aur."), &host),
	   "what its holder wanted of it does not come");
}

static void operation_over(void)
{
	struct act act = {.kind = ACT_DELEGATE, .field = {BYTES("aur"), BYTES("")},
	                  .records = BYTES("+ aur. 172800 IN NS b.nic.aur.\n+ aur. 172800 IN NS c.nic.aur.\n"
	                                   "+ b.nic.aur. 172800 IN A 192.0.2.2\n+ c.nic.aur. 172800 IN A 192.0.2.3\n"
	                                   "+ c.nic.aur. 172800 IN AAAA 2001:db8::3\n")};
	struct proposal p;

	begin();
	operate("aur", "incapacity");
	act.field[1] = bare_slot_of("tld", BYTES("aur"), BYTES(""));
	ok(says("borealia", act), "an interim operator changes a delegation, in three days");
	state_delete(&state, BYTES("operation/aur"));
	bare_wait(4 * BARE_DAY);
	ok(proposal_get(&state, (struct bytes){(uint8_t *)id, 64}, &p) && p.status == PROPOSAL_REFUSED &&
	           p.reason == REASON_NOT_HOLDER,
	   "and does not when its time is over before");
}

static void ended(void)
{
	struct host host;

	begin();
	ok(says("aurelia", host_of("ns1.aur.", "+ ns1.aur. 172800 IN A 192.0.2.9\n")), "a host that nobody uses yet");
	bare_wait(4 * BARE_DAY);
	ok(host_get(&state, BYTES("ns1.aur."), &host), "it is there");
	ok(says("aurelia", withdrawal_of("tld", "aur")) && !host_get(&state, BYTES("ns1.aur."), &host),
	   "it goes with the delegation, and waits for no successor");
}

static void servers(void)
{
	struct server server;

	begin();
	ok(!says("cascadia", server_of("ns1.aur.", "+ ns1.aur. 172800 IN A 192.0.2.7\n")) && refusal.reason == REASON_SERVER_NAME,
	   "a root server is not below a TLD of another");
	ok(says("cascadia", server_of("a.root-servers.", "+ a.root-servers. 172800 IN A 192.0.2.7\n")), "the first one chooses");
	ok(says("aurelia", server_of("b.root-servers.", "+ b.root-servers. 172800 IN A 192.0.2.8\n")), "others join it there");
	ok(!says("aurelia", server_of("a.example.", "+ a.example. 172800 IN A 192.0.2.7\n")) && refusal.reason == REASON_SERVER_NAME,
	   "and nobody sets another label aside");
	ok(says("aurelia", server_of("root.aur.", "+ root.aur. 172800 IN A 192.0.2.7\n")) &&
	           server_get(&state, BYTES("root.aur."), &server),
	   "but each may below its own");
	ok(!says("cascadia", server_of("ns1.aur.", "+ ns1.aur. 172800 IN A 192.0.2.7\n")) && refusal.reason == REASON_SERVER_NAME,
	   "where nobody follows it");
	begin();
	ok(says("borealia", server_of("a.root-servers.aur.", "+ a.root-servers.aur. 172800 IN A 192.0.2.7\n")) &&
	           says("cascadia", server_of("b.root-servers.aur.", "+ b.root-servers.aur. 172800 IN A 192.0.2.8\n")) &&
	           !says("cascadia", server_of("b.roots.aur.", "+ b.roots.aur. 172800 IN A 192.0.2.8\n")),
	   "a domain below a TLD may be that of all, as root-servers.net is");
}

static void leaving(void)
{
	struct act proxy = {.kind = ACT_PROXY, .field = {BYTES("aurelia"), BYTES("none")}};
	struct bytes record;

	begin();
	operate("aur", "incapacity");
	ok(says("borealia", withdrawal_of("tld", "bor")) && !says("borealia", withdrawal_of("party", "borealia")) &&
	           refusal.reason == REASON_OPERATES,
	   "an interim operator does not leave with the name");
	ok(says("cascadia", proxy) && says("cascadia", withdrawal_of("party", "cascadia")) &&
	           !state_get(&state, BYTES("proxy/cascadia"), &record),
	   "who has left has no proxy");
	ok(bare_holds(), "all records have their form");
}

static void nobody(void)
{
	ok(!party_name_valid(BYTES("none")) && party_name_valid(BYTES("nones")), "no party is called none");
}

int main(void)
{
	revoked();
	retiring();
	passed_on();
	operation_over();
	ended();
	servers();
	leaving();
	nobody();
	return done_testing();
}
