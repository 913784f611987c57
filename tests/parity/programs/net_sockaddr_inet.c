// Addresses of AF_INET and AF_INET6: ports, scopes, lengths.
#include "network.h"

static void six(const char *text, unsigned scope, unsigned flow, size_t size)
{
	struct sockaddr_in6 name = {AF_INET6, htons(8080), htonl(flow), {{{0}}}, scope};

	inet_pton(AF_INET6, text, &name.sin6_addr);
	address(&name, size);
}

void run(void)
{
	static const char *const texts[] = {"::",	"::1",	   "::ffff:1.2.3.4", "::1.2.3.4",
					    "fe80::1",	"fec0::1", "ff02::1",	     "ff05::2",
					    "2001:db8:1:2:3:4:5:6789"};
	struct sockaddr_in four = {AF_INET, htons(80), {htonl(0x7f000001)}, {0}};

	address(&four, sizeof(four));
	for (size_t size = 2; size <= 18; size++)
		ramp_address(AF_INET, size);
	four.sin_addr.s_addr = ~0;
	four.sin_port = ~0;
	address(&four, sizeof(four));
	for (size_t size = 20; size <= 30; size++)
		ramp_address(AF_INET6, size);
	for (size_t i = 0; i < COUNT(texts); i++) {
		six(texts[i], 0, 0, 28);
		six(texts[i], 1, 0x12345, 28);
		six(texts[i], 99999, 0, 28);
		six(texts[i], 1, 0, 24);
		six(texts[i], 1, 0, 26);
	}
	ramp_address(AF_INET6, 128);
	ramp_address(AF_UNSPEC, 2);
	ramp_address(AF_UNSPEC, 16);
	ramp_address(0x2e, 16);
	ramp_address(0xffff, 16);
}
