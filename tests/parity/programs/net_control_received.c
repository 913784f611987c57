// Control messages that arrive: descriptors, credentials, times; rooms too small for them.
// options: -v
#include "network.h"

static int pair[2];
static char *room;

static void receive(size_t size, int flags)
{
	struct msghdr *message = edge(sizeof(*message));
	struct iovec *vector = edge(sizeof(*vector));

	*vector = (struct iovec){edge(8), 8};
	message->msg_iov = vector;
	message->msg_iovlen = 1;
	message->msg_control = room;
	message->msg_controllen = size;
	CALL(SYS_recvmsg, pair[1], message, flags);
}

static void send_one(void)
{
	struct msghdr *message = edge(sizeof(*message));
	struct iovec *vector = edge(sizeof(*vector));
	struct cmsghdr *one = edge(CMSG_SPACE(8));
	int fds[2] = {0, 2};

	*vector = (struct iovec){"data", 4};
	one->cmsg_len = CMSG_LEN(8);
	one->cmsg_level = SOL_SOCKET;
	one->cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(one), fds, 8);
	message->msg_iov = vector;
	message->msg_iovlen = 1;
	message->msg_control = one;
	message->msg_controllen = CMSG_LEN(8);
	CALL(SYS_sendmsg, pair[0], message, 0);
}

void run(void)
{
	static const unsigned short rooms[] = {0, 4, 12, 16, 20, 24, 28, 32, 64, 256};
	int *on = edge(sizeof(*on));

	room = edge(256);
	*on = 1;
	CALL(SYS_socketpair, AF_UNIX, SOCK_SEQPACKET, 0, pair);
	for (size_t i = 0; i < COUNT(rooms); i++) {
		send_one();
		receive(rooms[i], i % 2 ? MSG_CMSG_CLOEXEC : 0);
	}
	receive(64, MSG_DONTWAIT);
}
