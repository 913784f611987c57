// setsockopt and getsockopt of netlink sockets
#include "network.h"

void run(void)
{
	long fd = CALL(SYS_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	for (int name = 0; name < 15; name++) {
		number_option(SOL_NETLINK, name, name + 1);
		CALL(SYS_setsockopt, -1, SOL_NETLINK, name, BAD, 4);
		asked(-1, SOL_NETLINK, name, 4);
	}
	CALL(SYS_setsockopt, fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, copy("\1\0\0", 4), 4);
	CALL(SYS_setsockopt, fd, SOL_NETLINK, NETLINK_EXT_ACK, copy("\1\0\0", 4), 4);
	for (int size = 0; size < 6; size++)
		asked(fd, SOL_NETLINK, NETLINK_EXT_ACK, size);
	for (int size = 0; size < 18; size++)
		asked(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, size);
}
