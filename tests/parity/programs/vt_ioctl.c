// ioctl: virtual terminals, serial lines, USB, discs: what strace knows by name alone
#include "parity.h"
#include <sys/ioctl.h>
void run(void)
{
	static const unsigned requests[] = {
		0x5600, 0x5601, 0x5602, 0x5603, 0x5609, 0x560a, 0x541e, 0x542e, 0x545d, 0x5302, 0x5303,
		0x5305, 0x5306, 0x530b, 0x5310, 0x5311, 0x0703, 0x0706, 0x4600, 0x4602, 0x4604,
		0x8910, 0x8912, 0x8927, 0x8933, 0x8946, 0x8990, 0x89a0, 0x89a2,
	};
	for (unsigned i = 0; i < COUNT(requests); i++) {
		CALL(SYS_ioctl, -1, requests[i], 0);
		CALL(SYS_ioctl, -1, requests[i], BAD);
	}
	CALL(SYS_ioctl, -1, 0x5606, 3);
	CALL(SYS_ioctl, -1, 0x5607, 3);
	CALL(SYS_ioctl, -1, 0x5605, 1);
}
