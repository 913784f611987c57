// arch_prctl: every code.
// bits: 64
#include "parity.h"

void run(void)
{
	static const unsigned codes[] = {0x1001, 0x1002, 0x1003, 0x1004, 0x1011, 0x1012, 0x1021, 0x1022,
					 0x1023, 0x1024, 0x1025, 0x2001, 0x2002, 0x2003, 0x3001, 0x4001,
					 0x4002, 0x4003, 0x5001, 0x5005, 7, 0xffffffff};
	unsigned long *out = edge(8);
	for (unsigned i = 0; i < COUNT(codes); i++) {
		if (codes[i] == 0x1002 || codes[i] == 0x1001)
			continue;
		CALL(SYS_arch_prctl, codes[i], codes[i] == 0x1012 ? (void *)1 : (void *)out);
		CALL(SYS_arch_prctl, codes[i], codes[i] == 0x1012 ? (void *)1 : BAD);
		CALL(SYS_arch_prctl, codes[i], codes[i] == 0x1012 ? (void *)1 : NULL);
	}
	CALL(SYS_arch_prctl, 0x1002, -1);
	CALL(SYS_arch_prctl, 0x1001, 0x1000);
	CALL(SYS_arch_prctl, 0x1023, 18);
}
