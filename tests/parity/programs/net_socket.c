// socket, socketpair: families, types with flags, protocols of each family.
#include "network.h"

void run(void)
{
	static const unsigned char families[] = {0, 1, 2, 3, 10, 16, 29, 31, 35, 37, 39, 43, 44, 46};
	int *pair = edge(8);

	for (size_t i = 0; i < COUNT(families); i++)
		for (int protocol = 0; protocol < 4; protocol++)
			CALL(SYS_socket, families[i], 0x7ff, protocol);
	for (int type = 0; type < 12; type++)
		CALL(SYS_socket, -1, type, 0);
	CALL(SYS_socket, AF_INET, 0x7 | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	CALL(SYS_socket, AF_INET, SOCK_STREAM | 0x100000, 0);
	CALL(SYS_socket, AF_INET, 0xffffffff, 0xffffffff);
	CALL(SYS_socket, AF_INET, SOCK_RAW | 0x40000000, IPPROTO_MPTCP);
	CALL(SYS_socket, AF_NETLINK, 0x77, 21);
	CALL(SYS_socket, AF_NETLINK, 0x77, 99);
	CALL(SYS_socket, AF_PACKET, 0x77, htons(0x806));
	CALL(SYS_socket, AF_PACKET, 0x77, 0x12345678);
	CALL(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
	CALL(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, BAD);
	CALL(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, NULL);
	CALL(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, (char *)pair + 4);
	CALL(SYS_socketpair, AF_INET, SOCK_STREAM, IPPROTO_UDP, pair);
	CALL(SYS_shutdown, pair[0], SHUT_RD);
	CALL(SYS_shutdown, pair[0], SHUT_RDWR);
	CALL(SYS_shutdown, -1, 3);
	CALL(SYS_shutdown, -1, -1);
	CALL(SYS_listen, -1, 128);
	CALL(SYS_listen, -1, -1);
}
