// ptrace: every request, on a process that isn't there and with pointers that can't be read.
#include "parity.h"
#include <sys/uio.h>

void run(void)
{
	static const unsigned odd[] = {0x4200, 0x4201, 0x4202, 0x4203, 0x4204, 0x4205, 0x4206, 0x4207,
				       0x4208, 0x4209, 0x420a, 0x420b, 0x420c, 0x420d, 0x420e, 0x420f,
				       0x5000, 0xffffffff};
	unsigned long *data = edge(512);
	data[0] = 5;
	for (unsigned request = 1; request < 34; request++) {
		CALL(SYS_ptrace, request, -1, 8, data);
		CALL(SYS_ptrace, request, -1, BAD, BAD);
		CALL(SYS_ptrace, request, -1, NULL, NULL);
	}
	for (unsigned i = 0; i < COUNT(odd); i++) {
		CALL(SYS_ptrace, odd[i], -1, 8, data);
		CALL(SYS_ptrace, odd[i], -1, BAD, BAD);
		CALL(SYS_ptrace, odd[i], -1, NULL, NULL);
	}
	for (int bit = 0; bit < 24; bit++)
		CALL(SYS_ptrace, 0x4200, -1, 0, 1UL << bit);
	for (unsigned sig = 0; sig < 70; sig += 9)
		CALL(SYS_ptrace, 7, -1, 1, sig);
	struct iovec *vec = copy(&(struct iovec){data, 16}, sizeof(*vec));
	for (int type = 0; type < 8; type++)
		CALL(SYS_ptrace, 0x4204, -1, type, vec);
	CALL(SYS_ptrace, 0x4205, -1, 1, vec);
	CALL(SYS_ptrace, 0x4205, -1, 0x202, vec);
}
