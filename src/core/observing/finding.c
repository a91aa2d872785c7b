/* SPDX-License-Identifier: Apache-2.0 */
#include "act/show.h"
#include "base/must.h"
#include "observing/verdict.h"

/* clang-format off */
static const char *const SENTENCES[CAUSES][2] = {
	[CAUSE_FEW] = {"there are fewer than two name servers", "名称服务器不足两台"},
	[CAUSE_MANY] = {"there are more than thirteen name servers", "名称服务器超过十三台"},
	[CAUSE_SHARED] = {"{0} and {1} have one address", "{0} 与 {1} 使用同一地址"},
	[CAUSE_NAME] = {"{0} is no host name", "{0} 不是主机名"},
	[CAUSE_NO_ADDRESS] = {"{0} has no address", "{0} 没有地址"},
	[CAUSE_UDP] = {"{0} by UDP: {1}", "{0} 经 UDP：{1}"},
	[CAUSE_TCP] = {"{0} by TCP: {1}", "{0} 经 TCP：{1}"},
	[CAUSE_NOT_ASKED] = {"there is no way to {0} from here", "从此处无法到达 {0}"},
	[CAUSE_NOBODY] = {"no server answered", "没有服务器作答"},
	[CAUSE_LAME] = {"{0} does not answer with authority: {1}", "{0} 未以权威身份作答：{1}"},
	[CAUSE_ONE_NETWORK] = {"all addresses lie in one network", "所有地址都在同一网络"},
	[CAUSE_GLUE] = {"{0} gives other addresses for {1}", "{0} 给出的 {1} 的地址不同"},
	[CAUSE_NO_GLUE] = {"nobody answers with authority for {0}", "没有服务器以权威身份答复 {0}"},
	[CAUSE_NS] = {"{0} has other NS records than the act", "{0} 的 NS 记录与文书不同"},
	[CAUSE_NS_DIFFER] = {"{0} and {1} have different NS records", "{0} 与 {1} 的 NS 记录不同"},
	[CAUSE_SOA_DIFFER] = {"{0} and {1} have different SOA records", "{0} 与 {1} 的 SOA 记录不同"},
	[CAUSE_REFERRAL] = {"the referral may take {0} octets", "引荐应答可达 {0} 字节"},
	[CAUSE_SPECIAL] = {"{0} has the address {1}, which not everybody can reach",
	                   "{0} 的地址 {1} 并非人人可达"},
	[CAUSE_OPEN] = {"{0} looks up names for strangers", "{0} 为陌生人递归查询"},
	[CAUSE_ELSEWHERE] = {"answers of {0} come from another address", "{0} 的答复来自另一地址"},
	[CAUSE_DIGEST] = {"the digest of DS {0} has not the length of its type",
	                  "DS {0} 的摘要长度与类型不符"},
	[CAUSE_ALGORITHM] = {"DS {0} is of an algorithm or digest that is not in use",
	                     "DS {0} 的算法或摘要已不使用"},
	[CAUSE_NO_KEY] = {"DS {0} has no DNSKEY at {1}", "DS {0} 在 {1} 没有对应的 DNSKEY"},
	[CAUSE_CHAIN] = {"at {0}: {1}", "在 {0}：{1}"},
};
/* clang-format on */

void finding_write(struct writer *writer, const struct finding *finding, bool chinese)
{
	const struct bytes value[10] = {finding->a, finding->b};

	must(finding->cause < CAUSES);
	show_template(writer, SENTENCES[finding->cause][chinese], value);
}
