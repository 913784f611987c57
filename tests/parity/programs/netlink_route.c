// RTM_NEWROUTE and its kin
#include "network.h"
#include <linux/rtnetlink.h>

void run(void)
{
	static const struct rtmsg heads[] = {
		{AF_INET, 24, 0, 0, RT_TABLE_MAIN, RTPROT_STATIC, RT_SCOPE_LINK, RTN_UNICAST, 0},
		{AF_INET6, 128, 128, 0x1e, 99, 77, 88, 66, 0xffffffff},
		{99, 0, 0, 0x10, RT_TABLE_LOCAL, RTPROT_KERNEL, RT_SCOPE_HOST, RTN_LOCAL, 0x100}};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);
	size_t outer;

	for (unsigned i = 0; i < COUNT(heads); i++) {
		for (unsigned size = 0; size <= 12; size += 3)
			message(fd, RTM_NEWROUTE + i, 5, &heads[i], size);
		put(&b, &heads[i], sizeof(heads[i]));
		attribute(&b, RTA_DST, "\12\0\0\1", 4);
		attribute(&b, RTA_SRC, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16);
		number(&b, RTA_IIF, 1);
		number(&b, RTA_OIF, 12345);
		attribute(&b, RTA_GATEWAY, "\177\0\0\1", 4);
		number(&b, RTA_PRIORITY, 100);
		attribute(&b, RTA_PREFSRC, "\177\0\0\1", 4);
		number(&b, RTA_FLOW, 0x20001);
		attribute(&b, RTA_CACHEINFO, ramp(32, 1), 32);
		number(&b, RTA_TABLE, 254);
		number(&b, RTA_MARK, 0x1234);
		attribute(&b, RTA_MFC_STATS, ramp(24, 1), 24);
		attribute(&b, RTA_VIA, "\2\0\177\0\0\1", 6);
		attribute(&b, RTA_VIA, "\12\0\1", 3);
		attribute(&b, RTA_NEWDST, "\12\0\0\2", 4);
		attribute(&b, RTA_PREF, "\1", 1);
		attribute(&b, RTA_ENCAP_TYPE, "\1\0", 2);
		attribute(&b, RTA_EXPIRES, "\1\2\3\4\5\6\7", 8);
		number(&b, RTA_UID, 1000);
		attribute(&b, RTA_TTL_PROPAGATE, "\1", 1);
		attribute(&b, RTA_IP_PROTO, "\21", 1);
		attribute(&b, RTA_SPORT, "\0\65", 2);
		attribute(&b, RTA_DPORT, "\1\273", 2);
		number(&b, RTA_NH_ID, 4);
		outer = begin(&b, RTA_METRICS, NULL, 0);
		for (int type = 0; type < 19; type++)
			number(&b, type, type + 1);
		word(&b, RTAX_CC_ALGO, "cubic");
		finish(&b, outer);
		outer = begin(&b, RTA_MULTIPATH, NULL, 0);
		put(&b, &(struct rtnexthop){16, 0x7f, 10, 1}, 8);
		attribute(&b, RTA_GATEWAY, "\177\0\0\1", 4);
		put(&b, &(struct rtnexthop){8, 0, 0, 0}, 8);
		finish(&b, outer);
		built(fd, RTM_NEWROUTE, 0x600, &b);
	}
}
