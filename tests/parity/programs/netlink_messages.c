// Netlink through sendmsg, sendmmsg, writev: several messages, in pieces
#include "network.h"
#include <linux/rtnetlink.h>

void run(void)
{
	long fd = netlink_socket(NETLINK_ROUTE), error = netlink_socket(NETLINK_SOCK_DIAG);
	struct builder b = {.end = 0};
	struct iovec *vectors = edge(2 * sizeof(*vectors));
	struct mmsghdr *messages = edge(2 * sizeof(*messages));
	struct sockaddr_nl *name = edge(sizeof(*name));
	unsigned char *data;

	for (int turn = 0; turn < 3; turn++) {
		put(&b, &(struct nlmsghdr){17, RTM_GETLINK, 0x301, turn, 0}, 16);
		put(&b, "\2", 1);
	}
	data = copy(b.data, b.end);
	name->nl_family = AF_NETLINK;
	name->nl_groups = 5;
	vectors[0] = (struct iovec){data, b.end};
	vectors[1] = (struct iovec){data, 20};
	messages[0].msg_hdr = (struct msghdr){BAD, 1, vectors, 1};
	messages[1].msg_hdr = (struct msghdr){name, sizeof(*name), vectors, 2};
	CALL(SYS_sendto, fd, data, b.end, 0, BAD, 1);
	CALL(SYS_sendto, fd, data, b.end - 3, 0, BAD, 1);
	CALL(SYS_sendmsg, fd, &messages[0], 0);
	CALL(SYS_sendmsg, fd, &messages[1], MSG_OOB);
	CALL(SYS_sendmmsg, fd, messages + 1, 1, 0);
	CALL(SYS_sendto, -1, data, b.end, 0, NULL, 0);
	CALL(SYS_write, fd, data, 3);
	vectors[0].iov_len = 3;
	CALL(SYS_writev, fd, vectors, 1);
	for (unsigned size = 0; size <= 40; size += 4)
		message(error, NLMSG_ERROR, 0, ramp(size, 0xea), size);
	for (unsigned size = 0; size <= 8; size++)
		message(error, NLMSG_DONE, 2, ramp(size, 0), size);
	for (int flags = 0; flags < 0x400; flags += 0x100)
		for (int quoted = 0; quoted <= 44; quoted += quoted < 16 ? 16 : flags ? 4 : 3) {
			unsigned char *data = ramp(40, 0);

			memcpy(data, "\376\377\377\377", 4);
			memcpy(data + 4, &(struct nlmsghdr){quoted, 2, 5, 1, 0}, 16);
			message(error, NLMSG_ERROR, flags, data, 40);
		}
	message(error, NLMSG_DONE, 2, "\376\377\377\377", 4);
	message(error, NLMSG_ERROR, 0, "\376\377\377\377", 4);
}
