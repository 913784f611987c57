// NETLINK_NETFILTER: subsystems, their messages, batches
#include "network.h"
#include <linux/netfilter/nfnetlink.h>

void run(void)
{
	static const int families[] = {0, 1, 2, 3, 5, 7, 10, 12, 99};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_NETFILTER);

	for (int subsystem = 0; subsystem < 15; subsystem++)
		for (int type = 0; type < 30; type += 3)
			message(fd, subsystem << 8 | type, 1 << (type % 12), "\2\0\0\1", 4);
	for (unsigned i = 0; i < COUNT(families); i++) {
		struct nfgenmsg head = {families[i], i, htons(i * 3)};

		put(&b, &head, sizeof(head));
		attribute(&b, 1, "filter", 7);
		number(&b, 2, 1);
		attribute(&b, 0x8003, "\1\2\3", 3);
		attribute(&b, 0x4004, "", 0);
		built(fd, NFNL_SUBSYS_NFTABLES << 8, 5, &b);
	}
	for (int size = 0; size < 5; size++)
		message(fd, NFNL_SUBSYS_CTNETLINK << 8, 5, "\2\0\0\1", size);
	message(fd, NFNL_MSG_BATCH_BEGIN, 1, "\0\0\0\12", 4);
	message(fd, NFNL_MSG_BATCH_END, 1, "\0\0\0\12", 4);
}
