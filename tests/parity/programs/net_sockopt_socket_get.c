// getsockopt at SOL_SOCKET of real sockets, with enough room and with too little
#include "network.h"

void run(void)
{
	static const int names[] = {SO_DEBUG, SO_REUSEADDR, SO_ERROR, SO_DONTROUTE, SO_BROADCAST,
		SO_SNDBUF, SO_KEEPALIVE, SO_OOBINLINE, SO_PRIORITY, SO_REUSEPORT, SO_PASSCRED,
		SO_RCVLOWAT, SO_TIMESTAMP, SO_ACCEPTCONN, SO_MARK, SO_RXQ_OVFL, SO_PEEK_OFF,
		SO_BUSY_POLL, SO_ZEROCOPY, SO_INCOMING_NAPI_ID, SO_LOCK_FILTER, 999, -1};
	long fd = CALL(SYS_socket, AF_INET, SOCK_STREAM, 0);
	int *pair = edge(8), *negative = edge(4);
	struct linger linger = {1, 5};

	for (unsigned i = 0; i < COUNT(names); i++) {
		asked(fd, SOL_SOCKET, names[i], 4);
		asked(fd, SOL_SOCKET, names[i], 2);
		asked(fd, SOL_SOCKET, names[i], 0);
		asked(fd, SOL_SOCKET, names[i], 9);
		asked(-1, SOL_SOCKET, names[i], 4);
		CALL(SYS_getsockopt, fd, SOL_SOCKET, names[i], edge(4), BAD);
		CALL(SYS_getsockopt, fd, SOL_SOCKET, names[i], BAD, copy("\4\0\0", 4));
		CALL(SYS_getsockopt, fd, SOL_SOCKET, names[i], NULL, NULL);
	}
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_LINGER, copy(&linger, 8), 8);
	for (int size = 0; size < 12; size++)
		asked(fd, SOL_SOCKET, SO_LINGER, size);
	*negative = -1;
	CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_LINGER, edge(8), negative);
	CALL(SYS_setsockopt, fd, SOL_SOCKET, SO_BINDTODEVICE, text("lo"), 3);
	asked(fd, SOL_SOCKET, SO_BINDTODEVICE, 16);
	asked(fd, SOL_SOCKET, SO_BINDTODEVICE, 2);
	CALL(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair);
	asked(pair[0], SOL_SOCKET, SO_PEERSEC, 64);
	asked(-1, SOL_SOCKET, SO_PEERCRED, 12);
	asked(-1, SOL_SOCKET, SO_GET_FILTER, 12);
}
