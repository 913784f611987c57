// Control messages of sendmsg: SOL_SOCKET and SOL_IP, of every length.
#include "network.h"

static void control(int level, int type, const void *data, size_t size)
{
	size_t head = CMSG_LEN(0);
	struct cmsghdr *one = edge(head + size);
	struct msghdr *message = edge(sizeof(*message));

	one->cmsg_len = head + size;
	one->cmsg_level = level;
	one->cmsg_type = type;
	memcpy((char *)one + head, data, size);
	message->msg_control = one;
	message->msg_controllen = head + size;
	CALL(SYS_sendmsg, -1, message, 0);
}

void run(void)
{
	static const unsigned char sizes[] = {0, 1, 4, 8, 11, 12, 16, 28, 32, 48};
	static const unsigned char sockets[] = {0, 1, 2, 3, 29, 35, 37, 54, 58, 61, 63, 64, 65, 99};
	static const unsigned char ip[] = {0, 1, 2, 3, 6, 7, 8, 11, 20, 23, 24, 99};
	static const int fds[] = {0, 1, 2, -1, 0x7fffffff};
	struct in_pktinfo info = {1, {htonl(0x7f000001)}, {htonl(0xe0000001)}};
	struct sockaddr_in from = {AF_INET, htons(53), {htonl(0x08080808)}, {0}};

	for (size_t j = 0; j < COUNT(sizes); j++) {
		void *data = ramp(sizes[j], 'A');
		for (size_t i = 0; i < COUNT(sockets); i++)
			control(SOL_SOCKET, sockets[i], data, sizes[j]);
		for (size_t i = 0; i < COUNT(ip); i++)
			control(SOL_IP, ip[i], data, sizes[j]);
	}
	control(SOL_SOCKET, SCM_RIGHTS, fds, sizeof(fds));
	control(SOL_IP, IP_PKTINFO, &info, sizeof(info));
	control(SOL_IP, IP_ORIGDSTADDR, &from, sizeof(from));
	control(17, 0x77, fds, 4);
	control(0x1234, 1, fds, 4);
	control(-1, -1, fds, 4);
}
