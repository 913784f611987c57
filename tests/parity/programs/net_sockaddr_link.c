// Addresses of AF_NETLINK and AF_PACKET.
#include "network.h"
#include <linux/if_packet.h>

static void packet(unsigned short protocol, int index, unsigned short type, unsigned char kind,
		   unsigned char length, size_t size)
{
	unsigned char data[64] = {0};
	struct sockaddr_ll *name = (void *)data;

	name->sll_family = AF_PACKET;
	name->sll_protocol = htons(protocol);
	name->sll_ifindex = index;
	name->sll_hatype = type;
	name->sll_pkttype = kind;
	name->sll_halen = length;
	memcpy(name->sll_addr, "\1\2\3\4\5\6\0\xff", 8);
	address(data, size);
}

void run(void)
{
	static const unsigned short protocols[] = {0, 1, 3, 4, 0x800, 0x806, 0x86dd, 0x88cc, 0x7ff};
	static const unsigned short types[] = {0, 1, 2, 24, 512, 772, 0xfffe, 0xffff, 0x1234};
	struct sockaddr_nl link = {AF_NETLINK, 0, 0, 0};

	for (size_t size = 2; size <= 14; size++)
		ramp_address(AF_NETLINK, size);
	address(&link, sizeof(link));
	link.nl_groups = 1;
	address(&link, sizeof(link));
	link.nl_pid = ~0;
	link.nl_groups = ~0;
	link.nl_pad = 1;
	address(&link, sizeof(link));
	for (size_t size = 10; size <= 24; size++)
		ramp_address(AF_PACKET, size);
	for (size_t i = 0; i < COUNT(protocols); i++)
		packet(protocols[i], 1, types[i], i, 6, 20);
	packet(3, 0, 1, 0, 0, 20);
	packet(3, -1, 1, 0, 8, 20);
	packet(3, 0x7fffffff, 1, 0, 20, 20);
	packet(3, 1, 1, 0, 20, 40);
	packet(3, 1, 1, 4, 255, 64);
}
