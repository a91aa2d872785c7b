/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/notify.h"

#include "dns/message.h"

void notify_begin(struct notify *n, uint64_t now)
{
	n->pending = true;
	n->tries = 0;
	n->due = now;
}

bool notify_write(struct notify *n, struct bytes apex, struct bytes soa, uint16_t id,
                  uint64_t seconds, uint64_t now, struct writer *to)
{
	struct message_header header = {
		.id = id, .flags = OPCODE_NOTIFY << 11 | MESSAGE_AA, .count = {1, 1}};
	uint64_t wait = (uint64_t)1 << n->tries;

	if (!n->pending || seconds < n->due)
		return false;
	if (n->tries == NOTIFY_TRIES) {
		n->pending = false;
		return false;
	}
	n->tries++;
	n->due = seconds + (wait < NOTIFY_WAIT ? wait : NOTIFY_WAIT);
	n->id = id;
	message_write_header(to, &header);
	write_bytes(to, apex);
	write_u16(to, TYPE_SOA);
	write_u16(to, CLASS_IN);
	write_bytes(to, soa);
	if (n->key != NULL)
		n->mac_size = tsig_sign_request(to, n->key, now, n->mac);
	return !to->full;
}

/* True when the key signed the answer, or none was asked to. */
static bool signed_well(const struct notify *n, struct bytes message, uint64_t now)
{
	struct tsig_chain chain;
	struct tsig tsig;
	bool present = false;

	if (n->key == NULL)
		return true;
	if (tsig_find(message, &tsig, &present) != OK || !present ||
	    !tsig_names_key(&tsig, n->key))
		return false;
	tsig_chain_begin(&chain, n->key, (struct bytes){n->mac, n->mac_size});
	return tsig_chain_check(&chain, message, &tsig, now) == 0;
}

bool notify_answered(struct notify *n, struct bytes message, uint64_t now, uint16_t *rcode)
{
	struct message_header header;

	if (!n->pending || n->tries == 0 || message_read_header(message, &header) != OK ||
	    header.id != n->id || (header.flags & MESSAGE_QR) == 0 ||
	    MESSAGE_OPCODE(header.flags) != OPCODE_NOTIFY || !signed_well(n, message, now))
		return false;
	*rcode = MESSAGE_RCODE(header.flags);
	n->pending = false;
	return true;
}
