/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/check.h"

#include "base/must.h"

/* clang-format off */
static const struct {
	const char *title[2], *reason[2];
} WORDS[CHECKS] = {
	[CHECK_COUNT] = {
		{"at least two name servers, each with addresses of its own",
		 "至少两台名称服务器，各有自己的地址"},
		{"One server, or two names of one machine, fail together.",
		 "只有一台服务器，或两个名称指向同一台机器，会同时失效。"}},
	[CHECK_NAMES] = {
		{"the names of the servers are host names (RFC 1123 section 2.1)",
		 "服务器名称是合法的主机名（RFC 1123 第 2.1 节）"},
		{"Letters, digits and hyphens inside a label: what every resolver can look up.",
		 "标签只含字母、数字和内部的连字符：所有解析器都能查询。"}},
	[CHECK_REACHABLE] = {
		{"every server answers by UDP and by TCP, port 53, at each of its addresses",
		 "每台服务器在其每个地址的 53 端口上通过 UDP 和 TCP 作答"},
		{"An address that does not answer costs every resolver a wait; without TCP what is large cannot be asked for.",
		 "不作答的地址使每个解析器空等；没有 TCP，较大的答案无法取得。"}},
	[CHECK_AUTHORITATIVE] = {
		{"every server answers for the zone with authority",
		 "每台服务器以权威身份为该区作答"},
		{"A server without the zone is a lame delegation: resolvers must go on to another.",
		 "没有该区数据的服务器是无效授权：解析器只得另寻他处。"}},
	[CHECK_NETWORKS] = {
		{"the servers stand in at least two networks",
		 "服务器位于至少两个网络"},
		{"What ends one network must not end the name. Networks are told apart by /24 of IPv4 and /48 of IPv6.",
		 "一个网络中断不应使该名称消失。网络按 IPv4 的 /24 和 IPv6 的 /48 区分。"}},
	[CHECK_GLUE] = {
		{"the addresses in the act are those that the servers themselves give",
		 "文书中的地址与服务器自身给出的地址相同"},
		{"Resolvers would otherwise find one address in the parent and another in the zone.",
		 "否则解析器在上级与该区中会得到不同的地址。"}},
	[CHECK_DELEGATION] = {
		{"the NS records of the zone are those of the act",
		 "该区自身的 NS 记录与文书一致"},
		{"What the parent says and what the zone says of itself must be one thing.",
		 "上级所述与该区自述必须一致。"}},
	[CHECK_CONSISTENT] = {
		{"all servers have the same zone: the same NS, the same SOA but for the serial",
		 "所有服务器持有同一个区：NS 相同，SOA 除序列号外相同"},
		{"Otherwise what a user gets depends on which server was asked.",
		 "否则用户得到什么取决于问到哪台服务器。"}},
	[CHECK_REFERRAL] = {
		{"the referral fits into 512 octets, also for the longest name",
		 "即使查询最长的名称，引荐应答也不超过 512 字节"},
		{"A resolver without EDNS would have to ask again by TCP.",
		 "不支持 EDNS 的解析器将不得不改用 TCP 重新查询。"}},
	[CHECK_PROHIBITED] = {
		{"no address is of a network that not everybody can reach",
		 "没有地址属于并非人人可达的网络"},
		{"Private, documentation, loopback and multicast addresses lead nowhere.",
		 "私有、文档、环回和组播地址无处可达。"}},
	[CHECK_RECURSION] = {
		{"no server looks up names of others for strangers",
		 "没有服务器为陌生人递归查询他人的名称"},
		{"Open recursion serves attacks, and a poisoned cache would speak for the zone.",
		 "开放递归会被用于攻击，而被污染的缓存会冒充该区作答。"}},
	[CHECK_SOURCE] = {
		{"answers come from the address that was asked",
		 "答复来自被查询的地址"},
		{"Resolvers drop an answer from another address.",
		 "解析器会丢弃来自其他地址的答复。"}},
	[CHECK_DS_FORMAT] = {
		{"the DS records are whole: the digest is as long as its type says",
		 "DS 记录完整：摘要长度与其类型相符"},
		{"A resolver cannot use what is cut short, and may take the zone for bogus.",
		 "解析器无法使用不完整的记录，并可能判定该区为伪造。"}},
	[CHECK_DS_ALGORITHM] = {
		{"the DS records name algorithms and digests in use: 8, 10, 13 to 16; 1, 2, 4",
		 "DS 记录使用现行的算法与摘要：8、10、13 至 16；1、2、4"},
		{"What resolvers do not know protects nobody; older ones are broken.",
		 "解析器不认识的算法不能保护任何人；旧算法已被攻破。"}},
	[CHECK_DS_KEY] = {
		{"every DS has its DNSKEY in the zone, at every server",
		 "每条 DS 在每台服务器的区中都有对应的 DNSKEY"},
		{"A DS without its key is one typing error away from an outage.",
		 "没有对应密钥的 DS 离中断只差一次笔误。"}},
	[CHECK_DS_CHAIN] = {
		{"the signatures over DNSKEY and SOA hold, from the DS on, at every server",
		 "自 DS 起，每台服务器上 DNSKEY 与 SOA 的签名均成立"},
		{"With a DS that leads to no good signature the whole name goes dark for who validates.",
		 "DS 若不能导向有效签名，对验证者而言整个名称将不可用。"}},
};
/* clang-format on */

const char *check_title(enum check check, bool chinese)
{
	must(check < CHECKS);
	return WORDS[check].title[chinese];
}

const char *check_reason(enum check check, bool chinese)
{
	must(check < CHECKS);
	return WORDS[check].reason[chinese];
}
