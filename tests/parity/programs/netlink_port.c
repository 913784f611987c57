// RTM_NEWLINK: bridge ports, virtual functions, port profiles
#include "network.h"
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const struct ifinfomsg head = {AF_BRIDGE, 0, 1, 1, IFF_UP, 0};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);
	size_t outer, inner, third;

	for (int size = 1; size <= 8; size *= 2) {
		put(&b, &head, sizeof(head));
		outer = begin(&b, IFLA_PROTINFO, NULL, 0);
		for (int type = 0; type < 34; type++)
			attribute(&b, type, "\1\2\3\4\5\6\7", size);
		finish(&b, outer);
		built(fd, RTM_NEWLINK, 0x600, &b);
	}
	put(&b, &head, sizeof(head));
	outer = begin(&b, IFLA_VFINFO_LIST, NULL, 0);
	inner = begin(&b, IFLA_VF_INFO, NULL, 0);
	attribute(&b, IFLA_VF_MAC, ramp(36, 1), 36);
	attribute(&b, IFLA_VF_VLAN, ramp(12, 1), 12);
	attribute(&b, IFLA_VF_TX_RATE, ramp(8, 1), 8);
	attribute(&b, IFLA_VF_SPOOFCHK, ramp(8, 1), 8);
	attribute(&b, IFLA_VF_LINK_STATE, "\1\0\0\0\2\0\0", 8);
	attribute(&b, IFLA_VF_RATE, ramp(12, 1), 12);
	attribute(&b, IFLA_VF_RSS_QUERY_EN, ramp(8, 1), 8);
	third = begin(&b, IFLA_VF_STATS, NULL, 0);
	for (int type = 0; type < 10; type++)
		attribute(&b, type, "\1\2\3\4\5\6\7", 8);
	finish(&b, third);
	attribute(&b, IFLA_VF_TRUST, ramp(8, 1), 8);
	third = begin(&b, IFLA_VF_VLAN_LIST, NULL, 0);
	attribute(&b, IFLA_VF_VLAN_INFO, "\1\0\0\0\2\0\0\0\3\0\0\0\201\0\0", 16);
	finish(&b, third);
	finish(&b, inner);
	finish(&b, outer);
	outer = begin(&b, IFLA_VF_PORTS, NULL, 0);
	inner = begin(&b, IFLA_VF_PORT, NULL, 0);
	number(&b, IFLA_PORT_VF, 1);
	word(&b, IFLA_PORT_PROFILE, "profile");
	attribute(&b, IFLA_PORT_INSTANCE_UUID, ramp(16, 1), 16);
	attribute(&b, IFLA_PORT_REQUEST, "\2", 1);
	attribute(&b, IFLA_PORT_RESPONSE, "\1\0", 2);
	finish(&b, inner);
	finish(&b, outer);
	outer = begin(&b, IFLA_PORT_SELF, NULL, 0);
	number(&b, IFLA_PORT_VF, -1);
	finish(&b, outer);
	built(fd, RTM_SETLINK, 5, &b);
}
