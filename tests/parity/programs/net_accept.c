// bind, connect, accept4, getsockname, getpeername: lengths that the kernel changes.
#include "network.h"

static void names(long fd, int room)
{
	socklen_t *size = edge(sizeof(*size));
	struct sockaddr_storage *name = edge(sizeof(*name));

	*size = room;
	CALL(SYS_getsockname, fd, name, size);
	*size = room;
	CALL(SYS_getpeername, fd, name, size);
}

void run(void)
{
	socklen_t *size = edge(sizeof(*size));
	struct sockaddr_storage *name = edge(sizeof(*name));
	struct sockaddr_un *path = edge(sizeof(*path));
	long listener = CALL(SYS_socket, AF_UNIX, SOCK_STREAM, 0), client, server;

	path->sun_family = AF_UNIX;
	strcpy(path->sun_path, "socket");
	CALL(SYS_bind, listener, path, sizeof(*path));
	CALL(SYS_listen, listener, 4);
	for (int room = 0; room < 4; room++) {
		client = CALL(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
		CALL(SYS_connect, client, path, 9);
		*size = room;
		server = CALL(SYS_accept4, listener, name, size, SOCK_CLOEXEC | SOCK_NONBLOCK);
		names(server, 110);
		names(client, room);
		names(client, 5);
	}
	client = CALL(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
	CALL(SYS_connect, client, path, 9);
	CALL(SYS_accept4, listener, NULL, NULL, 0);
	CALL(SYS_accept4, -1, name, size, 0x1234);
	CALL(SYS_accept4, -1, BAD, BAD, 0);
	*size = -1;
	CALL(SYS_accept4, -1, name, size, 0);
	CALL(SYS_getsockname, listener, name, size);
	CALL(SYS_getsockname, listener, name, BAD);
	CALL(SYS_getsockname, listener, name, NULL);
	names(listener, 0x7fffffff);
	client = CALL(SYS_socket, AF_INET, SOCK_DGRAM, 0);
	names(client, 16);
	names(client, 8);
	names(client, 128);
	client = CALL(SYS_socket, AF_INET6, SOCK_STREAM, 0);
	names(client, 28);
	names(client, 26);
	client = CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 0);
	names(client, 12);
}
