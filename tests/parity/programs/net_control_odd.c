// Control messages that are cut, overlong, many, unreadable.
#include "network.h"

static struct msghdr *header;

static void send_it(void *control, size_t size)
{
	header->msg_control = control;
	header->msg_controllen = size;
	CALL(SYS_sendmsg, -1, header, 0);
}

void run(void)
{
	size_t head = CMSG_LEN(0), space = CMSG_SPACE(4);
	char *data = edge(40 * space);
	struct cmsghdr *first = (void *)data;

	header = edge(sizeof(*header));
	for (size_t i = 0; i < 40; i++) {
		struct cmsghdr *one = (void *)(data + i * space);
		one->cmsg_len = CMSG_LEN(4);
		one->cmsg_level = SOL_SOCKET;
		one->cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(one), &i, 4);
	}
	for (size_t size = 0; size <= space + head; size += 4)
		send_it(data, size);
	send_it(data, 3 * space);
	send_it(data, 3 * space - 4);
	send_it(data, 40 * space);
	send_it(data, 40 * space + 8);
	send_it(data + 8, 40 * space);
	send_it(NULL, 16);
	send_it(BAD, 16);
	send_it(data, 0);
	for (size_t length = 0; length < head + 4; length += 4) {
		first->cmsg_len = length;
		send_it(data, space);
		send_it(data, 2 * space);
	}
	first->cmsg_len = 3 * space;
	send_it(data, 2 * space);
	first->cmsg_len = 0x10000;
	send_it(data, 2 * space);
	first->cmsg_len = head + 1;
	send_it(data, 2 * space);
	first->cmsg_len = head + 7;
	send_it(data, space);
}
