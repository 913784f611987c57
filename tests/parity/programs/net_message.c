// sendmsg, recvmsg: headers, buffers, names, flags; without control messages.
#include "network.h"

static struct msghdr *header(void *name, unsigned size, struct iovec *vector, size_t count)
{
	struct msghdr *message = edge(sizeof(*message));

	message->msg_name = name;
	message->msg_namelen = size;
	message->msg_iov = vector;
	message->msg_iovlen = count;
	return message;
}

void run(void)
{
	struct iovec *vector = edge(3 * sizeof(*vector));
	struct sockaddr_un *name = edge(sizeof(*name));
	char *buffer = edge(16);
	int pair[2];
	long fd = CALL(SYS_socket, AF_UNIX, SOCK_DGRAM, 0);

	CALL(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair);
	name->sun_family = AF_UNIX;
	strcpy(name->sun_path, "here");
	CALL(SYS_bind, fd, name, 7);
	vector[0] = (struct iovec){"first", 5};
	vector[1] = (struct iovec){copy("second\n", 7), 7};
	vector[2] = (struct iovec){NULL, 0};
	CALL(SYS_sendmsg, pair[0], header(NULL, 0, vector, 3), MSG_NOSIGNAL);
	vector[0] = vector[1] = (struct iovec){buffer, 8};
	CALL(SYS_recvmsg, pair[1], header(NULL, 0, vector, 2), MSG_PEEK);
	CALL(SYS_recvmsg, pair[1], header(NULL, 0, vector, 1), 0);
	CALL(SYS_recvmsg, pair[1], header(NULL, 0, vector, 3), MSG_DONTWAIT);
	CALL(SYS_recvmsg, pair[1], header(NULL, 0, vector, 3), MSG_DONTWAIT);
	for (unsigned room = 0; room < 12; room += 4) {
		CALL(SYS_sendmsg, fd, header(name, 7, vector, 2), 0);
		CALL(SYS_recvmsg, fd, header(name, room, vector, 2), 0);
	}
	CALL(SYS_sendmsg, fd, header(name, 7, vector, 2), 0);
	CALL(SYS_recvmsg, fd, header(NULL, 7, vector, 1), MSG_TRUNC);
	CALL(SYS_sendmsg, -1, header(BAD, 7, BAD, 2), 0x12345);
	CALL(SYS_sendmsg, -1, header(name, -1, vector, 5), 0);
	CALL(SYS_sendmsg, -1, header(name, 200, vector, ALL), 0);
	CALL(SYS_sendmsg, -1, header(name, 7, NULL, 0), 0);
	CALL(SYS_sendmsg, -1, (char *)header(name, 7, NULL, 0) + 4, 0);
	CALL(SYS_sendmsg, -1, BAD, 0);
	CALL(SYS_sendmsg, -1, NULL, 0);
	CALL(SYS_recvmsg, -1, header(name, 7, vector, 2), 0);
	CALL(SYS_recvmsg, -1, BAD, 0);
	CALL(SYS_recvmsg, -1, NULL, 0);
	vector[0] = (struct iovec){BAD, 5};
	vector[1] = (struct iovec){buffer, ALL};
	CALL(SYS_sendmsg, -1, header(name, 7, vector, 2), 0);
}
