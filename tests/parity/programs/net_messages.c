// sendmmsg, recvmmsg: several messages, partial results, timeouts.
#include "network.h"
#include <time.h>

static struct mmsghdr *vector(size_t count, struct iovec *buffers)
{
	struct mmsghdr *messages = edge(count * sizeof(*messages));

	for (size_t i = 0; i < count; i++) {
		messages[i].msg_hdr.msg_iov = buffers + i;
		messages[i].msg_hdr.msg_iovlen = 1;
		messages[i].msg_len = 99;
	}
	return messages;
}

void run(void)
{
	struct iovec *buffers = edge(40 * sizeof(*buffers));
	struct timespec *limit = edge(sizeof(*limit));
	struct mmsghdr *messages = vector(3, buffers);
	int pair[2];

	CALL(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, pair);
	for (int i = 0; i < 40; i++)
		buffers[i] = (struct iovec){copy("message", 8), 3 + i % 5};
	CALL(SYS_sendmmsg, pair[0], messages, 3, 0);
	CALL(SYS_sendmmsg, pair[0], messages, 1, MSG_DONTWAIT);
	CALL(SYS_sendmmsg, pair[0], messages, 0, 0);
	CALL(SYS_sendmmsg, -1, messages, 3, MSG_NOSIGNAL);
	CALL(SYS_sendmmsg, -1, messages, 5, 0);
	CALL(SYS_sendmmsg, -1, vector(40, buffers), 40, 0);
	CALL(SYS_sendmmsg, -1, BAD, 2, 0);
	CALL(SYS_sendmmsg, -1, NULL, 2, 0);
	CALL(SYS_sendmmsg, -1, messages, -1, 0);
	buffers[1].iov_base = BAD;
	CALL(SYS_sendmmsg, pair[0], vector(3, buffers), 3, MSG_DONTWAIT);
	buffers[1].iov_base = copy("message", 8);
#ifdef __x86_64__
	CALL(SYS_recvmmsg, pair[1], messages, 2, MSG_DONTWAIT, NULL);
	CALL(SYS_recvmmsg, pair[1], messages, 3, MSG_DONTWAIT, NULL);
	limit->tv_sec = 1;
	CALL(SYS_recvmmsg, pair[1], messages, 3, MSG_DONTWAIT, limit);
	CALL(SYS_recvmmsg, pair[1], messages, 0, MSG_DONTWAIT, limit);
	CALL(SYS_recvmmsg, -1, messages, 3, 0, limit);
	CALL(SYS_recvmmsg, -1, messages, 3, 0, BAD);
	CALL(SYS_recvmmsg, -1, BAD, 3, 0, NULL);
	CALL(SYS_recvmmsg, -1, NULL, -1, MSG_WAITFORONE, NULL);
	limit->tv_nsec = -1;
	CALL(SYS_recvmmsg, -1, messages, 3, 0, limit);
#endif
}
