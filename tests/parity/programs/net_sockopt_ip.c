// setsockopt and getsockopt of IP, raw sockets and ICMP
#include "network.h"
#include <linux/icmp.h>

#define RAW_LEVEL 255
#define RAW_FILTER 1

void run(void)
{
	static const int numbers[] = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
		21, 22, 23, 24, 25, 33, 34, 49, 50, 52, 64, 65, 66, 67, 81, 82, 83, 96, 127, 200, -1};
	struct ip_mreq group = {{htonl(0xe0000001)}, {htonl(0x7f000001)}};
	struct ip_mreqn numbered = {{htonl(0xe0000001)}, {htonl(0x7f000001)}, 1};
	static const unsigned filters[] = {0, 1, 0x10, 0xffffffff, 0xfffffffe, 0x7fff, 0xffff, 0x1ffff};
	long fd = CALL(SYS_socket, AF_INET, SOCK_DGRAM, 0);

	for (unsigned i = 0; i < COUNT(numbers); i++) {
		option(SOL_IP, numbers[i], "\1\0\0", 4);
		option(SOL_IP, numbers[i], "\3\2", 2);
		CALL(SYS_setsockopt, -1, SOL_IP, numbers[i], BAD, 4);
		CALL(SYS_setsockopt, -1, SOL_IP, numbers[i], NULL, 0);
	}
	for (int name = IP_ADD_MEMBERSHIP; name <= IP_DROP_MEMBERSHIP; name++) {
		option(SOL_IP, name, &group, sizeof(group));
		option(SOL_IP, name, &numbered, sizeof(numbered));
		option(SOL_IP, name, &numbered, sizeof(numbered) - 1);
		option(SOL_IP, name, &numbered, 7);
		CALL(SYS_setsockopt, -1, SOL_IP, name, BAD, 8);
		CALL(SYS_setsockopt, -1, SOL_IP, name, copy(&numbered, 12), 64);
	}
	option(SOL_IP, IP_MULTICAST_IF, &numbered, 4);
	option(SOL_IP, IP_MULTICAST_IF, &numbered, 8);
	option(SOL_IP, IP_MULTICAST_IF, &numbered, 12);
	for (unsigned i = 0; i < COUNT(filters); i++)
		option(RAW_LEVEL, RAW_FILTER, &filters[i], 4);
	option(RAW_LEVEL, RAW_FILTER, &filters[2], 3);
	option(RAW_LEVEL, 2, &filters[2], 4);
	CALL(SYS_setsockopt, fd, SOL_IP, IP_TTL, copy("\7\0\0", 4), 4);
	CALL(SYS_setsockopt, fd, SOL_IP, IP_TTL, copy("\7", 1), 1);
	for (int size = 0; size < 6; size++) {
		asked(fd, SOL_IP, IP_TTL, size);
		asked(fd, SOL_IP, IP_TOS, size);
		asked(fd, SOL_IP, IP_MULTICAST_LOOP, size);
	}
}
