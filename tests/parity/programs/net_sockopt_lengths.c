// setsockopt and getsockopt with odd lengths of values
#include "network.h"

void run(void)
{
	static const int options[][2] = {{SOL_SOCKET, SO_DEBUG}, {SOL_SOCKET, SO_LINGER}, {SOL_IP, IP_TTL},
		{IPPROTO_TCP, 1}, {SOL_SOCKET, SO_BINDTODEVICE}, {SOL_IPV6, IPV6_V6ONLY}, {270, 1}, {999, 3}};
	static const unsigned lengths[] = {0, 1, 3, 4, 5, 7, 8, 64, 0x7fffffff, 0x80000000, 0xffffffff};

	for (unsigned i = 0; i < COUNT(options); i++)
		for (unsigned j = 0; j < COUNT(lengths); j++) {
			int *length = copy(&lengths[j], 4);

			CALL(SYS_setsockopt, -1, options[i][0], options[i][1], copy("12345678", 8), lengths[j]);
			CALL(SYS_setsockopt, -1, options[i][0], options[i][1], NULL, lengths[j]);
			CALL(SYS_getsockopt, -1, options[i][0], options[i][1], edge(8), length);
			CALL(SYS_getsockopt, -1, options[i][0], options[i][1], NULL, length);
		}
}
