// RTM_NEWLINK and its kin: attributes of an interface
#include "network.h"
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const struct ifinfomsg heads[] = {
		{AF_UNSPEC, 0, 1, 1, IFF_UP, 0xffffffff}, {AF_INET6, 0, 772, 0, 0xffffffff, 0},
		{99, 3, 9999, -1, 0x80000000, IFF_PROMISC}, {AF_BRIDGE, 0, 32, 12345, 0x11043, 1}};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);
	size_t outer, inner;

	for (unsigned i = 0; i < COUNT(heads); i++)
		message(fd, RTM_NEWLINK + i % 4, 5, &heads[i], sizeof(heads[i]));
	for (unsigned size = 0; size < sizeof(heads[0]); size += 5)
		message(fd, RTM_NEWLINK, 5, &heads[0], size);
	for (int type = 0; type < 64; type += 32) {
		put(&b, &(struct ifinfomsg){AF_UNSPEC, 0, type, 1, 0, 0}, sizeof(heads[0]));
		attribute(&b, IFLA_ADDRESS, ramp(20, 1), 20);
		attribute(&b, IFLA_BROADCAST, ramp(5, 1), 5);
		built(fd, RTM_NEWLINK, 0, &b);
	}
	put(&b, &heads[0], sizeof(heads[0]));
	word(&b, IFLA_IFNAME, "lo");
	attribute(&b, IFLA_ADDRESS, "\1\2\3\4\5\6", 6);
	attribute(&b, IFLA_BROADCAST, "\377\377\377\377\377\377", 6);
	number(&b, IFLA_MTU, 1500);
	number(&b, IFLA_LINK, 1);
	word(&b, IFLA_QDISC, "noqueue");
	number(&b, IFLA_TXQLEN, 1000);
	number(&b, IFLA_NET_NS_PID, 1);
	number(&b, IFLA_NUM_VF, 0);
	number(&b, IFLA_GROUP, 7);
	number(&b, IFLA_EVENT, 3);
	word(&b, IFLA_IFALIAS, "other \1 name");
	for (int size = 30; size < 35; size++) {
		attribute(&b, IFLA_IFALIAS, ramp(size, 'A'), size);
		attribute(&b, IFLA_IFALIAS, "abcdefghijklmnopqrstuvwxyzABCDEFGH" + 35 - size, size);
	}
	attribute(&b, IFLA_OPERSTATE, "\6", 1);
	attribute(&b, IFLA_CARRIER, "\1", 1);
	attribute(&b, 999, "12345", 5);
	built(fd, RTM_NEWLINK, 0x600, &b);
	put(&b, &heads[0], sizeof(heads[0]));
	attribute(&b, IFLA_STATS, ramp(96, 1), 96);
	attribute(&b, IFLA_STATS, ramp(92, 1), 92);
	attribute(&b, IFLA_STATS, ramp(40, 1), 40);
	attribute(&b, IFLA_STATS64, ramp(200, 1), 200);
	attribute(&b, IFLA_STATS64, ramp(184, 1), 184);
	attribute(&b, IFLA_MAP, ramp(32, 1), 32);
	attribute(&b, IFLA_MAP, ramp(28, 1), 28);
	built(fd, RTM_NEWLINK, 0, &b);
	put(&b, &heads[0], sizeof(heads[0]));
	outer = begin(&b, IFLA_AF_SPEC, NULL, 0);
	inner = begin(&b, AF_INET, NULL, 0);
	attribute(&b, IFLA_INET_CONF, ramp(132, 0), 132);
	finish(&b, inner);
	inner = begin(&b, AF_INET6, NULL, 0);
	number(&b, IFLA_INET6_FLAGS, 0x80000010);
	attribute(&b, IFLA_INET6_CONF, ramp(60, 0), 60);
	attribute(&b, IFLA_INET6_CACHEINFO, ramp(16, 1), 16);
	attribute(&b, IFLA_INET6_STATS, ramp(32, 1), 32);
	attribute(&b, IFLA_INET6_ICMP6STATS, ramp(32, 1), 32);
	attribute(&b, IFLA_INET6_TOKEN, ramp(16, 1), 16);
	attribute(&b, IFLA_INET6_ADDR_GEN_MODE, "\2", 1);
	finish(&b, inner);
	finish(&b, outer);
	built(fd, RTM_NEWLINK, 0, &b);
	put(&b, &heads[0], sizeof(heads[0]));
	outer = begin(&b, IFLA_XDP, NULL, 0);
	number(&b, IFLA_XDP_FD, 3);
	attribute(&b, IFLA_XDP_ATTACHED, "\2", 1);
	number(&b, IFLA_XDP_FLAGS, 0x1f);
	number(&b, IFLA_XDP_PROG_ID, 5);
	finish(&b, outer);
	number(&b, IFLA_EXT_MASK, 0xff);
	built(fd, RTM_GETLINK, 0x301, &b);
}
