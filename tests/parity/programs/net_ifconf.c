// SIOCGIFCONF: the list of interfaces
#include "network.h"

void run(void)
{
	static const int sizes[] = {-1, 0, 1, 31, 32, 39, 40, 41, 64, 80, 0x7fffffff};
	long fd = CALL(SYS_socket, AF_INET, SOCK_DGRAM, 0);
	struct ifconf *list = edge(sizeof(*list));

	for (unsigned i = 0; i < COUNT(sizes); i++) {
		list->ifc_len = sizes[i];
		list->ifc_buf = edge(80);
		CALL(SYS_ioctl, fd, SIOCGIFCONF, list);
		list->ifc_len = sizes[i];
		CALL(SYS_ioctl, -1, SIOCGIFCONF, list);
		list->ifc_len = sizes[i];
		list->ifc_buf = NULL;
		CALL(SYS_ioctl, fd, SIOCGIFCONF, list);
		list->ifc_len = sizes[i];
		list->ifc_buf = BAD;
		CALL(SYS_ioctl, fd, SIOCGIFCONF, list);
	}
	CALL(SYS_ioctl, fd, SIOCGIFCONF, BAD);
	CALL(SYS_ioctl, fd, SIOCGIFCONF, NULL);
}
