// setsockopt and getsockopt of IPv6 and ICMPv6
#include "network.h"

void run(void)
{
	static const int numbers[] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 16, 17, 18, 19, 22, 25, 26, 29, 30,
		33, 36, 49, 51, 52, 53, 55, 56, 58, 60, 62, 63, 66, 67, 70, 72, 73, 74, 75, 76, 77, 78,
		100, -1};
	struct ipv6_mreq group = {.ipv6mr_interface = 1};
	long fd = CALL(SYS_socket, AF_INET6, SOCK_DGRAM, 0);

	for (unsigned i = 0; i < COUNT(numbers); i++) {
		option(SOL_IPV6, numbers[i], "\1\0\0", 4);
		option(SOL_IPV6, numbers[i], "\3\2", 2);
		CALL(SYS_setsockopt, -1, SOL_IPV6, numbers[i], BAD, 4);
	}
	inet_pton(AF_INET6, "ff02::1:2", &group.ipv6mr_multiaddr);
	for (int name = IPV6_JOIN_ANYCAST; name; name = name == IPV6_JOIN_ANYCAST ? IPV6_LEAVE_ANYCAST
		 : name == IPV6_LEAVE_ANYCAST ? IPV6_ADD_MEMBERSHIP
		 : name == IPV6_ADD_MEMBERSHIP ? IPV6_DROP_MEMBERSHIP : 0) {
		option(SOL_IPV6, name, &group, sizeof(group));
		option(SOL_IPV6, name, &group, sizeof(group) - 1);
		CALL(SYS_setsockopt, -1, SOL_IPV6, name, copy(&group, 20), 64);
		CALL(SYS_setsockopt, -1, SOL_IPV6, name, BAD, 20);
	}
	for (int size = 0; size < 6; size++) {
		asked(fd, SOL_IPV6, IPV6_UNICAST_HOPS, size);
		asked(fd, SOL_IPV6, IPV6_V6ONLY, size);
		asked(fd, SOL_IPV6, IPV6_MTU_DISCOVER, size);
	}
	option(SOL_ICMPV6, 2, "\1\0\0", 4);
}
