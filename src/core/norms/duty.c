/* SPDX-License-Identifier: Apache-2.0 */
#include "norms/duty.h"

#include "base/must.h"
#include "base/text.h"

static const struct {
	const char *word, *en, *zh;
} ROWS[DUTIES] = {
	[DUTY_SIGNS] = {"signs", "its signer answers when it is asked to sign", "被要求签名时，其签署程序作答"},
	[DUTY_POOL] = {"pool", "it has announced nonces to sign with, neither used up nor past their lease",
	               "已公布可用于签名的随机数，未用尽，也未过租期"},
	[DUTY_SHARE] = {"share", "it holds a share of the zone-signing key", "持有区签名密钥的份额"},
	[DUTY_SERVER] = {"server", "it has a root server in the zone", "在区中有根服务器"},
	[DUTY_DUAL_STACK] = {"dual-stack", "each of its root servers has an IPv4 and an IPv6 address",
	                     "其每台根服务器都有 IPv4 和 IPv6 地址"},
	[DUTY_VOTES] = {"votes", "it says yes, no or abstain wherever its vote is asked for",
	                "凡征求其表决之处，均表示赞成、反对或弃权"},
	[DUTY_TECHNICAL] = {"technical", "its delegations meet the technical rules, or are waived",
	                    "其授权符合技术规则，或已获豁免"},
	[DUTY_AWARD] = {"award", "it has complied with the award against it", "已履行对其作出的裁决"},
};

const char *duty_word(enum duty_kind kind)
{
	must(kind < DUTIES);
	return ROWS[kind].word;
}

enum duty_kind duty_kind(struct bytes word)
{
	enum duty_kind k = 0;

	while (k < DUTIES && !bytes_same(word, bytes_of(ROWS[k].word)))
		k++;
	return k;
}

const char *duty_text(enum duty_kind kind, bool chinese)
{
	must(kind < DUTIES);
	return chinese ? ROWS[kind].zh : ROWS[kind].en;
}

/* The span is any; `*span_text` is how it is written. */
static bool parts_read(struct bytes text, struct duty *duty, struct bytes *span_text)
{
	struct bytes word, within;

	if (!text_word(&text, &word) || !text_word(&text, &within) || !bytes_same(within, BYTES("within")) ||
	    !time_span_read(text, &duty->within))
		return false;
	*span_text = text;
	duty->kind = duty_kind(word);
	return duty->kind < DUTIES;
}

/* A span has one form, the largest unit that divides it. */
bool duty_read(struct bytes text, struct duty *duty)
{
	struct bytes span;
	struct duty read;
	char form[12];

	if (!parts_read(text, &read, &span) || read.within < DUTY_WITHIN_MIN || read.within > DUTY_WITHIN_MAX ||
	    !bytes_same(span, (struct bytes){(const uint8_t *)form, time_span_write(form, read.within)}))
		return false;
	*duty = read;
	return true;
}

struct duty duty_of_record(struct bytes value)
{
	struct bytes span;
	struct duty duty;
	bool good = parts_read(value, &duty, &span);

	must(good);
	return duty;
}

void duty_write(struct writer *writer, const struct duty *duty)
{
	write_text(writer, duty_word(duty->kind));
	write_text(writer, " within ");
	write_span(writer, duty->within);
}
