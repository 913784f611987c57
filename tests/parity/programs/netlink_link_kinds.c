// RTM_NEWLINK: what the kinds of interfaces say of themselves
#include "network.h"
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const char *kinds[] = {"bridge", "tun", "vlan", "bond", "veth", "vxlan", "macvlan",
		"ipvlan", "vrf", "can", "geneve", "gre", "ipip", "nothing"};
	static const struct ifinfomsg head = {AF_UNSPEC, 0, 1, 1, IFF_UP, 0};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);

	for (unsigned i = 0; i < COUNT(kinds); i++) {
		size_t outer, inner;

		put(&b, &head, sizeof(head));
		outer = begin(&b, IFLA_LINKINFO, NULL, 0);
		word(&b, IFLA_INFO_KIND, kinds[i]);
		inner = begin(&b, IFLA_INFO_DATA, NULL, 0);
		for (int type = 0; type < 8; type++)
			number(&b, type, 0x04030201 + type);
		for (int type = 8; type < 14; type++)
			attribute(&b, type, "\1\2", 2);
		for (int type = 14; type < 30; type++)
			attribute(&b, type, "\1\2\3\4\5\6\7", 8);
		finish(&b, inner);
		word(&b, IFLA_INFO_SLAVE_KIND, "bond");
		attribute(&b, IFLA_INFO_XSTATS, "\1\2\3", 3);
		finish(&b, outer);
		built(fd, RTM_NEWLINK, 0x600, &b);
	}
}
