// sendto, recvfrom, and the buffers, flags, addresses and results of them.
#include "network.h"

void run(void)
{
	static const unsigned flags[] = {0, MSG_OOB, MSG_PEEK | MSG_DONTWAIT, MSG_NOSIGNAL | MSG_MORE,
					 MSG_TRUNC | MSG_WAITALL, 0x80000000, 0x7fffffff, 0x1000000};
	struct sockaddr_un *name = edge(sizeof(*name));
	socklen_t *size = edge(sizeof(*size));
	char *buffer = edge(64);
	int pair[2];
	long fd = CALL(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);

	CALL(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, pair);
	name->sun_family = AF_UNIX;
	strcpy(name->sun_path, "here");
	CALL(SYS_bind, fd, name, 7);
	for (size_t i = 0; i < COUNT(flags); i++) {
		CALL(SYS_sendto, -1, "text\n", 5, flags[i], NULL, 0);
		CALL(SYS_recvfrom, -1, buffer, 5, flags[i], NULL, NULL);
	}
	CALL(SYS_sendto, pair[0], copy("0123456789abcdefghijklmnopqrstuvwxyz", 36), 36, 0, NULL, 0);
	CALL(SYS_sendto, pair[0], "short", 5, MSG_DONTWAIT, NULL, 0);
	CALL(SYS_sendto, pair[0], "", 0, 0, BAD, 0);
	CALL(SYS_recvfrom, pair[1], buffer, 64, 0, NULL, NULL);
	CALL(SYS_recvfrom, pair[1], buffer, 3, MSG_TRUNC, NULL, BAD);
	CALL(SYS_recvfrom, pair[1], buffer, 64, 0, NULL, NULL);
	CALL(SYS_recvfrom, pair[1], buffer, 64, MSG_DONTWAIT, NULL, NULL);
	for (int room = 0; room <= 128; room += 32) {
		CALL(SYS_sendto, fd, "to myself", 9, 0, name, 7);
		*size = room;
		CALL(SYS_recvfrom, fd, buffer, 64, 0, name, size);
	}
	CALL(SYS_sendto, fd, "one more", 8, 0, name, 7);
	CALL(SYS_recvfrom, fd, buffer, 64, 0, name, NULL);
	CALL(SYS_recvfrom, -1, buffer, ALL, 0, name, size);
	CALL(SYS_sendto, -1, buffer, ALL, 0, name, -1);
	CALL(SYS_sendto, -1, BAD, 5, 0, BAD, 16);
	CALL(SYS_sendto, -1, NULL, 5, 0, NULL, 16);
	CALL(SYS_sendto, -1, buffer + 60, 5, 0, name, 7);
}
