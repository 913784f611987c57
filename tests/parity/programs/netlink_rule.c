// RTM_NEWRULE, address labels, configurations, namespaces' numbers
#include "network.h"
#include <linux/fib_rules.h>
#include <linux/if_addrlabel.h>
#include <linux/netconf.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const struct fib_rule_hdr heads[] = {{AF_INET, 24, 0, 0x10, 254, 0, 0, 1, 0},
		{AF_INET6, 0, 128, 0, 99, 1, 2, 88, 0xffffffff}};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);

	for (unsigned i = 0; i < COUNT(heads); i++) {
		for (unsigned size = 0; size <= 12; size += 3)
			message(fd, RTM_NEWRULE + i, 5, &heads[i], size);
		put(&b, &heads[i], sizeof(heads[i]));
		for (int type = 0; type < 25; type++) {
			attribute(&b, type, "\1\0\0", 4);
			attribute(&b, type, "\1\2\3\4\5\6\7", 8);
			attribute(&b, type, "\6", 1);
		}
		word(&b, FRA_IIFNAME, "lo");
		built(fd, RTM_NEWRULE, 0x600, &b);
	}
	for (int size = 0; size <= 12; size += 4)
		message(fd, RTM_NEWADDRLABEL, 5, "\12\0\100\0\1\0\0\0\7\0\0", size);
	put(&b, "\12\0\100\0\1\0\0\0\7\0\0", 12);
	attribute(&b, IFAL_ADDRESS, ramp(16, 1), 16);
	number(&b, IFAL_LABEL, 5);
	built(fd, RTM_NEWADDRLABEL, 0x600, &b);
	put(&b, "\2\0\0", 1);
	for (int type = 0; type < 10; type++)
		number(&b, type, type - 1);
	built(fd, RTM_NEWNETCONF, 0, &b);
	put(&b, "\0\0\0", 1);
	for (int type = 0; type < 7; type++)
		number(&b, type, type - 2);
	built(fd, RTM_NEWNSID, 5, &b);
}
