// Addresses of AF_ALG, AF_VSOCK, AF_QIPCRTR, AF_XDP, AF_MCTP, AF_RXRPC, AF_IPX, AF_X25.
#include "network.h"
#include <linux/if_alg.h>
#include <linux/if_xdp.h>
#include <linux/vm_sockets.h>

static void vsock(unsigned cid, unsigned port, unsigned char flags, unsigned short reserved)
{
	unsigned char data[16] = {40, 0};

	memcpy(data + 2, &reserved, 2);
	memcpy(data + 4, &port, 4);
	memcpy(data + 8, &cid, 4);
	data[12] = flags;
	data[14] = reserved;
	address(data, 16);
}

static void rxrpc(unsigned short service, unsigned short length, unsigned short family)
{
	unsigned short data[18] = {33, service, 2, length, family, htons(7000), 0x7f, 0x100};

	address(data, sizeof(data));
}

void run(void)
{
	static const unsigned char families[] = {38, 40, 42, 44, 45, 33, 4, 9};
	static const unsigned cids[] = {0, 1, 2, 3, 0xffffffff};
	struct sockaddr_alg hash = {AF_ALG, "hash", 0, 0, "sha256"};
	unsigned mctp[3] = {45, 1, 0x87010800};

	for (size_t i = 0; i < COUNT(families); i++)
		for (size_t size = 10; size <= 40; size += size < 20 ? 1 : 8)
			ramp_address(families[i], size);
	address(&hash, sizeof(hash));
	address(&hash, 26);
	address(&hash, 30);
	hash.salg_feat = 0x1000;
	hash.salg_mask = 0x1001;
	memset(hash.salg_type, 'x', sizeof(hash.salg_type));
	memset(hash.salg_name, 'y', sizeof(hash.salg_name));
	address(&hash, sizeof(hash));
	address(&hash, 25);
	for (size_t i = 0; i < COUNT(cids); i++)
		vsock(cids[i], i, i, 0);
	vsock(3, ~0, 1, 7);
	for (unsigned flags = 0; flags < 16; flags += 3) {
		struct sockaddr_xdp name = {AF_XDP, flags, 1, 2, flags == 6 ? 3 : 0};
		address(&name, sizeof(name));
	}
	address(mctp, sizeof(mctp));
	mctp[0] |= 1 << 16;
	mctp[1] = 0;
	mctp[2] = 0x010000ff;
	address(mctp, sizeof(mctp));
	rxrpc(1, 16, AF_INET);
	rxrpc(2500, 28, AF_INET6);
	rxrpc(2501, 10, AF_INET6);
	rxrpc(2503, 2, AF_UNIX);
	rxrpc(0, 0, 0);
	rxrpc(52, 28, 0x1234);
	address("\11\0" "12345\0\0\0\0\0\0\0\0\0\0\0", 18);
	address("\4\0\4\1\0\0\0\1\1\2\3\4\5\6\21\0", 16);
	address("\4\0\4\1\0\0\0\1\1\2\3\4\5\6\21\1", 16);
}
