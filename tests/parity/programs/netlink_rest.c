// The rest of NETLINK_ROUTE: multicast databases, data center bridging, statistics, next hops
#include "network.h"
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const int types[] = {RTM_NEWPREFIX, RTM_GETMULTICAST, RTM_GETANYCAST, RTM_NEWNDUSEROPT,
		RTM_GETDCB, RTM_NEWMDB, RTM_NEWSTATS, RTM_NEWCACHEREPORT, RTM_NEWCHAIN, RTM_NEWNEXTHOP,
		RTM_NEWLINKPROP, RTM_NEWVLAN, RTM_NEWNEXTHOPBUCKET};
	struct br_mdb_entry entry = {1, 1, 0, 5, {.proto = htons(0x800)}};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);
	size_t outer, inner, third;

	for (unsigned i = 0; i < COUNT(types); i++)
		for (unsigned size = 0; size <= 24; size += 4)
			message(fd, types[i], 5, ramp(size, 2), size);
	put(&b, "\7\0\0\0\1\0\0", 8);
	outer = begin(&b, MDBA_MDB, NULL, 0);
	inner = begin(&b, MDBA_MDB_ENTRY, NULL, 0);
	third = begin(&b, MDBA_MDB_ENTRY_INFO, &entry, sizeof(entry));
	number(&b, MDBA_MDB_EATTR_TIMER, 100);
	finish(&b, third);
	finish(&b, inner);
	finish(&b, outer);
	outer = begin(&b, MDBA_ROUTER, NULL, 0);
	inner = begin(&b, MDBA_ROUTER_PORT, "\1\0\0", 4);
	number(&b, MDBA_ROUTER_PATTR_TIMER, 4);
	attribute(&b, MDBA_ROUTER_PATTR_TYPE, "\1", 1);
	finish(&b, inner);
	finish(&b, outer);
	built(fd, RTM_NEWMDB, 0, &b);
	put(&b, "\1\2\3", 4);
	for (int type = 0; type < 20; type++)
		attribute(&b, type, "\1\2\3\4", 4);
	built(fd, RTM_GETDCB, 5, &b);
}
