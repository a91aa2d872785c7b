/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/form_text.h"

#include <string.h>

#include "prog/comity/print.h"

static const struct {
	enum field_form form;
	const char *en, *zh;
} FORMS[] = {
	{FORM_PARTY, "the name of a party", "缔约方名称"},
	{FORM_PARTIES, "parties, or none", "若干缔约方，或 none"},
	{FORM_LABEL, "a label: aur", "一个标签：aur"},
	{FORM_DNAME, "an absolute name: a.nic.aur.", "绝对域名：a.nic.aur."},
	{FORM_NUMBER, "a number", "数字"},
	{FORM_TIME, "a time: 2026-11-22T13:00:00Z", "时间：2026-11-22T13:00:00Z"},
	{FORM_DIGEST, "a SHA-256, as the id of an act is: 64 hex digits", "SHA-256（如文书编号）：64 位十六进制数字"},
	{FORM_POINT, "a point of the curve: 64 hex digits", "曲线上的点：64 位十六进制数字"},
	{FORM_HEX, "32 hex digits", "32 位十六进制数字"},
	{FORM_BASE64, "octets in base64", "base64 编码的字节"},
	{FORM_COUNTED, "a number and a digest", "数字与摘要"},
	{FORM_SHA384, "96 hex digits", "96 位十六进制数字"},
	{FORM_SLOT, "what stands now; filled in by itself", "现有记录；自动填写"},
	{FORM_SUBJECT, "tld/LABEL or party/NAME", "tld/标签 或 party/名称"},
	{FORM_WHEN, "a time, or none", "时间，或 none"},
	{FORM_ORDER, "parties in order of preference", "按偏好排列的缔约方"},
	{FORM_GROUND, "tld/LABEL, party/NAME or breach/NORM/PARTY/PARAGRAPH", "tld/标签、party/名称 或 breach/规范/缔约方/款次"},
	{FORM_NUMBERS, "numbers of paragraphs, rising", "款次，由小到大"},
	{FORM_TLDS, "a label; or * for every TLD of the party", "一个标签；或 * 表示该方的全部顶级域"},
	{FORM_VKEY, "a public key, as comity key show prints it", "公钥，如 comity key show 所示"},
	{FORM_KEYS, "role and key, one line each; those of the home by themselves", "角色与密钥，每行一把；默认为本主目录的密钥"},
};

/* Names of the form of a party's name, which are not of a party. */
static const struct {
	const char *field, *en, *zh;
} NAMES[] = {
	{"vantage", "the name that an observer has for the network it looks from", "观测方为其所在网络起的名称"},
	{"norm", "the name of a norm", "规范名称"},
	{"kind", "a kind of party, of the charter", "宪章中的缔约方类别"},
};

struct bytes form_text(const struct command *command, const struct act_field *field)
{
	for (size_t i = 0; field->form == FORM_PARTY && i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
		if (strcmp(NAMES[i].field, field->name) == 0)
			return bytes_of(say(command, NAMES[i].en, NAMES[i].zh));
	for (size_t i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++)
		if (FORMS[i].form == field->form)
			return bytes_of(say(command, FORMS[i].en, FORMS[i].zh));
	if (field->choices == NULL)
		return BYTES("");
	if (field->form == FORM_SCOPES)
		return sentence(command, "some of, in this order: {0}; or none", "以下若干项，按此次序：{0}；或 none",
		                VALUES(bytes_of(field->choices)));
	return sentence(command, "one of: {0}", "以下之一：{0}", VALUES(bytes_of(field->choices)));
}
