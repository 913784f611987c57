// setsockopt and getsockopt of packet sockets
#include "network.h"
#include <linux/if_packet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>

void run(void)
{
	struct packet_mreq group = {1, PACKET_MR_MULTICAST, 6, {1, 2, 3, 4, 5, 6, 7, 8}};
	struct tpacket_req ring = {4096, 2, 2048, 4};
	struct tpacket_req3 newer = {4096, 2, 2048, 4, 10, 20, 1};
	static const int numbers[] = {PACKET_RECV_OUTPUT, PACKET_COPY_THRESH, PACKET_AUXDATA,
		PACKET_ORIGDEV, PACKET_VERSION, PACKET_HDRLEN, PACKET_RESERVE, PACKET_LOSS,
		PACKET_VNET_HDR, PACKET_TX_TIMESTAMP, PACKET_TIMESTAMP, PACKET_TX_HAS_OFF,
		PACKET_QDISC_BYPASS, PACKET_IGNORE_OUTGOING, 4, 99, -1};
	long fd = CALL(SYS_socket, AF_PACKET, SOCK_RAW, htons(ETH_P_LOOP));

	for (unsigned i = 0; i < COUNT(numbers); i++) {
		option(SOL_PACKET, numbers[i], "\1\0\0", 4);
		option(SOL_PACKET, numbers[i], "\3\2", 2);
		CALL(SYS_setsockopt, -1, SOL_PACKET, numbers[i], BAD, 4);
	}
	for (int kind = 0; kind < 6; kind++) {
		group.mr_type = kind;
		group.mr_alen = 1 + kind * 2;
		option(SOL_PACKET, PACKET_ADD_MEMBERSHIP, &group, sizeof(group));
	}
	group.mr_alen = 255;
	option(SOL_PACKET, PACKET_DROP_MEMBERSHIP, &group, sizeof(group));
	option(SOL_PACKET, PACKET_DROP_MEMBERSHIP, &group, sizeof(group) - 1);
	CALL(SYS_setsockopt, -1, SOL_PACKET, PACKET_DROP_MEMBERSHIP, copy(&group, 16), 64);
	CALL(SYS_setsockopt, -1, SOL_PACKET, PACKET_DROP_MEMBERSHIP, BAD, 16);
	for (int name = PACKET_RX_RING; name <= PACKET_TX_RING; name += PACKET_TX_RING - PACKET_RX_RING) {
		option(SOL_PACKET, name, &ring, sizeof(ring));
		option(SOL_PACKET, name, &ring, sizeof(ring) - 1);
		option(SOL_PACKET, name, &newer, sizeof(newer));
		CALL(SYS_setsockopt, -1, SOL_PACKET, name, copy(&ring, 16), 64);
		CALL(SYS_setsockopt, -1, SOL_PACKET, name, BAD, 16);
	}
	for (int size = 0; size < 12; size++)
		asked(fd, SOL_PACKET, PACKET_STATISTICS, size);
	asked(fd, SOL_PACKET, PACKET_VERSION, 4);
	asked(fd, SOL_PACKET, PACKET_RESERVE, 4);
}
