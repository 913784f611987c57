// RTM_NEWNEIGH and neighbour tables
#include "network.h"
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const struct ndmsg heads[] = {{AF_INET, 0, 0, 1, NUD_REACHABLE, NTF_PROXY, RTN_UNICAST},
		{AF_BRIDGE, 1, 2, 12345, 0xffff, 0xff, 99}, {99, 0, 0, 0, NUD_NONE, 0, 0}};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);
	size_t outer;

	for (unsigned i = 0; i < COUNT(heads); i++) {
		for (unsigned size = 0; size <= 12; size += 2)
			message(fd, RTM_NEWNEIGH + i, 5, &heads[i], size);
		put(&b, &heads[i], sizeof(heads[i]));
		attribute(&b, NDA_DST, "\177\0\0\1", 4);
		attribute(&b, NDA_LLADDR, "\1\2\3\4\5\6", 6);
		attribute(&b, NDA_CACHEINFO, ramp(16, 1), 16);
		number(&b, NDA_PROBES, 3);
		attribute(&b, NDA_VLAN, "\1\0", 2);
		attribute(&b, NDA_PORT, "\22\265", 2);
		number(&b, NDA_VNI, 42);
		number(&b, NDA_IFINDEX, 1);
		number(&b, NDA_MASTER, 1);
		number(&b, NDA_LINK_NETNSID, 1);
		number(&b, NDA_SRC_VNI, 1);
		attribute(&b, NDA_PROTOCOL, "\4", 1);
		number(&b, NDA_NH_ID, 1);
		attribute(&b, NDA_DST, "12", 2);
		built(fd, RTM_NEWNEIGH, 0x600, &b);
	}
	put(&b, "\2\0\0", 4);
	word(&b, NDTA_NAME, "arp_cache");
	number(&b, NDTA_THRESH1, 128);
	attribute(&b, NDTA_CONFIG, ramp(32, 1), 32);
	outer = begin(&b, NDTA_PARMS, NULL, 0);
	for (int type = 0; type < 20; type++) {
		number(&b, type, 1);
		attribute(&b, type, "\1\2\3\4\5\6\7", 8);
	}
	finish(&b, outer);
	attribute(&b, NDTA_STATS, ramp(80, 1), 80);
	attribute(&b, NDTA_GC_INTERVAL, "\1\2\3\4\5\6\7", 8);
	built(fd, RTM_SETNEIGHTBL, 5, &b);
}
