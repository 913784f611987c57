// setsockopt and getsockopt of TCP and UDP
#include "network.h"

void run(void)
{
	static const int names[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20,
		21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 77, -1};
	long fd = CALL(SYS_socket, AF_INET, SOCK_STREAM, 0);
	long datagrams = CALL(SYS_socket, AF_INET, SOCK_DGRAM, 0);

	for (unsigned i = 0; i < COUNT(names); i++) {
		option(IPPROTO_TCP, names[i], "\1\0\0", 4);
		option(IPPROTO_TCP, names[i], "\3\2", 2);
		CALL(SYS_setsockopt, -1, IPPROTO_TCP, names[i], BAD, 4);
		option(IPPROTO_UDP, names[i], "\1\0\0", 4);
		asked(-1, IPPROTO_TCP, names[i], 4);
	}
	for (int size = 0; size < 6; size++) {
		asked(fd, IPPROTO_TCP, 1, size);
		asked(fd, IPPROTO_TCP, 4, size);
		asked(fd, IPPROTO_TCP, 5, size);
		asked(datagrams, IPPROTO_UDP, 1, size);
	}
	CALL(SYS_setsockopt, fd, IPPROTO_TCP, 13, text("reno"), 4);
	asked(fd, IPPROTO_TCP, 13, 16);
	asked(fd, IPPROTO_TCP, 13, 2);
	CALL(SYS_setsockopt, fd, IPPROTO_TCP, 13, text("no such thing"), 14);
}
