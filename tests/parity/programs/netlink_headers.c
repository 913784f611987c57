// Netlink headers: types and flags of every protocol, odd lengths
#include "network.h"

void run(void)
{
	static const int protocols[] = {0, 2, 4, 6, 9, 11, 12, 15, 16};
	static const unsigned short types[] = {0, 1, 2, 3, 4, 15, 16, 18, 20, 21, 24, 36, 0x101, 0x602,
		1000, 1100, 1300, 0xffff};
	static const unsigned short flags[] = {0, 1, 4, 5, 0x305, 0x301, 0xf01, 0x1f, 0x3ff, 0xffff};
	struct nlmsghdr *head;

	for (unsigned i = 0; i < COUNT(protocols); i++) {
		long fd = netlink_socket(protocols[i]);

		for (unsigned j = 0; j < COUNT(types); j++)
			message(fd, types[j], 5, "\0\0\0", 4);
		for (unsigned j = 0; j < COUNT(flags); j++) {
			message(fd, 16, flags[j], NULL, 0);
			message(fd, 17, flags[j], NULL, 0);
			message(fd, 18, flags[j], NULL, 0);
		}
		for (unsigned size = 0; size < 18; size++) {
			head = edge(size);
			memcpy(head, &(struct nlmsghdr){16, 18, 0x301, 1, 0}, size < 16 ? size : 16);
			CALL(SYS_sendto, fd, head, size, 0, BAD, 1);
		}
		for (unsigned length = 0; length < 40; length += 7) {
			head = edge(24);
			*head = (struct nlmsghdr){length, 2, 0x301, 1, 0};
			CALL(SYS_sendto, fd, head, 24, 0, BAD, 1);
		}
		CALL(SYS_sendto, fd, BAD, 16, 0, BAD, 1);
		CALL(SYS_sendto, fd, edge(16), 64, 0, BAD, 1);
	}
}
