// getrandom, unshare, setns, kcmp; calls without arguments.
#include "parity.h"

void run(void)
{
	static const long flags[] = {0, 1, 2, 4, 3, 7, 8, 0x7ffffff0};
	static const long kinds[] = {0, 0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x7e020080, 0xff, 0x100, 0x10000, 0x80000000};

	for (size_t i = 0; i < COUNT(flags); i++) {
		CALL(SYS_getrandom, BAD, 5, flags[i]);
		CALL(SYS_getrandom, NULL, 0, flags[i]);
	}
	CALL(SYS_getrandom, edge(4), ALL, 0x70);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		CALL(SYS_unshare, kinds[i] | 0xff);
		CALL(SYS_setns, -1, kinds[i]);
	}
	CALL(SYS_setns, 0, -1);
	CALL(SYS_sched_yield);
}
