// RTM_NEWADDR and its kin
#include "network.h"
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

void run(void)
{
	static const struct ifaddrmsg heads[] = {{AF_INET, 8, 0x80, 254, 1}, {AF_INET6, 128, 0xff, 0, 1},
		{99, 0, 0, 77, 12345}, {AF_UNSPEC, 0, 1, 253, 0}};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_ROUTE);

	for (unsigned i = 0; i < COUNT(heads); i++) {
		for (unsigned size = 0; size <= 8; size++)
			message(fd, RTM_NEWADDR + i % 3, 5, &heads[i], size);
		put(&b, &heads[i], sizeof(heads[i]));
		for (int type = 0; type < 12; type++) {
			attribute(&b, type, "\177\0\0\1", 4);
			attribute(&b, type, "\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16);
			attribute(&b, type, "\3\2", 2);
		}
		word(&b, IFA_LABEL, "lo");
		number(&b, IFA_FLAGS, 0x80);
		number(&b, IFA_FLAGS, 0xffffffff);
		number(&b, IFA_TARGET_NETNSID, 3);
		attribute(&b, IFA_CACHEINFO, ramp(12, 1), 12);
		attribute(&b, IFA_CACHEINFO, ramp(20, 1), 20);
		built(fd, RTM_NEWADDR, 0x600, &b);
	}
}
