/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/chaos.h"

/* The text of the name, if there is one; nothing written otherwise. */
static void write_told(struct writer *to, const struct answerer *server, struct bytes name)
{
	const struct answer_identity *identity = &server->identity;

	if (bytes_same(name, BYTES("\7version\4bind\0")) ||
	    bytes_same(name, BYTES("\7version\6server\0")))
		write_bytes(to, identity->version);
	else if (bytes_same(name, BYTES("\10hostname\4bind\0")))
		write_bytes(to, identity->hostname);
	else if (bytes_same(name, BYTES("\2id\6server\0")))
		write_bytes(to, identity->id);
	else if (server->status == NULL)
		return;
	else if (bytes_same(name, BYTES("\6height\6ledger\6comity\0")))
		write_number(to, server->status->height);
	else if (bytes_same(name, BYTES("\4size\6ledger\6comity\0")))
		write_number(to, server->status->size);
	else if (bytes_same(name, BYTES("\4root\6ledger\6comity\0")))
		write_base64(to, digest_bytes(&server->status->root));
}

bool chaos_write(struct writer *to, const struct answerer *server,
                 const struct request *request, const uint8_t *message)
{
	uint8_t octets[ANSWER_IDENTITY_MAX];
	struct writer text = {.at = octets, .size = sizeof(octets)};
	struct dname name;
	size_t taken;

	if (request->type != TYPE_TXT && request->type != TYPE_ANY)
		return false;
	if (dname_read((struct bytes){message + MESSAGE_HEADER_SIZE, DNAME_SIZE_MAX}, &name,
	               &taken) != OK)
		return false;
	write_told(&text, server, dname_bytes(&name));
	if (text.used == 0)
		return false;
	write_u16(to, 0xc000 | MESSAGE_HEADER_SIZE); /* the question's name */
	write_u16(to, TYPE_TXT);
	write_u16(to, CLASS_CH);
	write_u32(to, 0); /* TTL: it changes */
	write_u16(to, (uint16_t)(1 + text.used));
	write_octet(to, (uint8_t)text.used);
	write_bytes(to, writer_bytes(&text));
	return true;
}
