// What the kernel says of the loopback interface's addresses, of rules, of errors
#include "network.h"
#include <linux/rtnetlink.h>

static void ask(long fd, int type, int flags, size_t size)
{
	struct nlmsghdr *head = edge(16 + size);

	*head = (struct nlmsghdr){16 + size, type, flags, 7, 0};
	CALL(SYS_sendto, fd, head, 16 + size, 0, NULL, 0);
	for (int turn = 0; turn < 2; turn++) {
		struct sockaddr_nl *name = edge(sizeof(*name));
		int *length = edge(4);

		*length = sizeof(*name);
		CALL(SYS_recvfrom, fd, edge(64), 64, MSG_PEEK | MSG_DONTWAIT, name, length);
		CALL(SYS_recvfrom, fd, edge(16384), 16384, MSG_DONTWAIT, name, length);
	}
}

void run(void)
{
	struct iovec vector = {edge(16384), 16384};
	struct sockaddr_nl name;
	struct msghdr header = {.msg_name = &name, .msg_namelen = sizeof(name), .msg_iov = &vector,
		.msg_iovlen = 1};
	long fd = netlink_socket(NETLINK_ROUTE), generic = netlink_socket(NETLINK_GENERIC);

	ask(fd, RTM_GETRULE, 0x301, 12);
	ask(fd, RTM_DELROUTE, 5, 12);
	ask(fd, RTM_GETNSID, 5, 1);
	ask(fd, RTM_GETNSID, 5, 20);
	ask(fd, RTM_NEWADDR, 5, 20);
	ask(fd, 999, 5, 20);
	ask(fd, NLMSG_NOOP, 5, 4);
	ask(generic, 999, 5, 4);
	CALL(SYS_setsockopt, fd, SOL_NETLINK, NETLINK_CAP_ACK, copy("\1\0\0", 4), 4);
	ask(fd, RTM_NEWADDR, 5, 20);
	CALL(SYS_sendto, fd, copy(&(struct nlmsghdr){28, RTM_GETRULE, 0x301, 7, 0}, 28), 28, 0, NULL, 0);
	CALL(SYS_recvmsg, fd, &header, 0);
	CALL(SYS_recvmsg, fd, &header, MSG_DONTWAIT);
	header.msg_name = NULL;
	CALL(SYS_recvmsg, fd, &header, MSG_DONTWAIT);
}
