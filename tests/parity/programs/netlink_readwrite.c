// Netlink sockets through read, write, readv and writev: just bytes (without the pid behind them)
#include "network.h"
#include <linux/rtnetlink.h>

void run(void)
{
	long fd = netlink_socket(NETLINK_ROUTE);
	struct nlmsghdr *head = edge(sizeof(*head) + 12);
	struct iovec *vectors = edge(2 * sizeof(*vectors));
	char *room = edge(8192);

	CALL(SYS_fcntl, fd, F_SETFL, O_NONBLOCK);
	*head = (struct nlmsghdr){sizeof(*head) + 12, RTM_GETRULE, 0x301, 7, 0};
	CALL(SYS_write, fd, head, 28);
	CALL(SYS_read, fd, room, 12);
	CALL(SYS_read, fd, room, 12);
	vectors[0] = (struct iovec){head, 16};
	vectors[1] = (struct iovec){head + 1, 12};
	CALL(SYS_writev, fd, vectors, 2);
	vectors[0] = (struct iovec){room, 8};
	vectors[1] = (struct iovec){room + 8, 4};
	CALL(SYS_readv, fd, vectors, 2);
	CALL(SYS_readv, fd, vectors, 1);
}
