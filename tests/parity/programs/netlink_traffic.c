// RTM_NEWQDISC, RTM_NEWTCLASS, RTM_NEWTFILTER, RTM_NEWACTION
#include "network.h"
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const struct tcmsg heads[] = {{AF_UNSPEC, 0, 0, 1, 0x10000, TC_H_ROOT, 2},
		{AF_INET, 0, 0, 12345, 0xffffffff, 0x10002, 0x3000800}};
	static const int types[] = {RTM_NEWQDISC, RTM_GETTCLASS, RTM_DELTFILTER, 100};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);
	size_t outer, inner;

	for (unsigned i = 0; i < COUNT(types); i++) {
		for (unsigned size = 0; size <= 20; size += 5)
			message(fd, types[i], 5, &heads[i % 2], size);
		put(&b, &heads[i % 2], sizeof(heads[0]));
		word(&b, TCA_KIND, "fq_codel");
		attribute(&b, TCA_OPTIONS, "\1\2\3\4", 4);
		attribute(&b, TCA_STATS, ramp(36, 1), 36);
		attribute(&b, TCA_RATE, ramp(2, 1), 2);
		attribute(&b, TCA_FCNT, ramp(4, 1), 4);
		attribute(&b, TCA_HW_OFFLOAD, "\1", 1);
		number(&b, TCA_INGRESS_BLOCK, 1);
		outer = begin(&b, TCA_STATS2, NULL, 0);
		attribute(&b, 1, ramp(12, 1), 12);
		attribute(&b, 1, ramp(16, 1), 16);
		attribute(&b, 2, ramp(8, 1), 8);
		attribute(&b, 3, ramp(20, 1), 20);
		attribute(&b, 4, ramp(4, 1), 4);
		attribute(&b, 5, ramp(16, 1), 16);
		finish(&b, outer);
		outer = begin(&b, TCA_STAB, NULL, 0);
		attribute(&b, 1, ramp(24, 1), 24);
		attribute(&b, 2, ramp(8, 1), 8);
		finish(&b, outer);
		number(&b, TCA_CHAIN, 3);
		built(fd, types[i], 0x600, &b);
	}
	message(fd, RTM_NEWACTION, 5, "\0\0\0", 1);
	put(&b, "\2\0\0", 4);
	outer = begin(&b, 1, NULL, 0);
	inner = begin(&b, 1, NULL, 0);
	word(&b, 1, "gact");
	attribute(&b, 2, "\1\2\3\4", 4);
	number(&b, 3, 7);
	attribute(&b, 6, "\1\2\3\4", 4);
	finish(&b, inner);
	finish(&b, outer);
	attribute(&b, 2, "\1\0\0\0\1\0\0", 8);
	number(&b, 3, 2);
	built(fd, RTM_NEWACTION, 0x600, &b);
}
