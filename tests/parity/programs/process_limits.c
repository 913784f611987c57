// getrlimit, setrlimit, prlimit64, getrusage, priorities, ioprio, nice.
#include "parity.h"

void run(void)
{
	static const unsigned long limits[][2] = {{0, 1}, {1024, 1025}, {2048, 4096}, {-1UL, -1UL}, {1UL << 31, 1UL << 20}, {-2UL, 1024 * 1024}, {3, 0}};
	unsigned long *pair = edge(2 * sizeof(long));
	uint64_t *wide = edge(16);

	for (long resource = 0; resource < 18; resource++)
		CALL(SYS_getrlimit, resource, BAD);
	CALL(SYS_getrlimit, -1, NULL);
	for (size_t i = 0; i < COUNT(limits); i++) {
		CALL(SYS_setrlimit, 99, limits[i]);
		CALL(SYS_prlimit64, 0x7fffffff, 7, copy((uint64_t *)limits[i], 16), wide);
	}
	CALL(SYS_setrlimit, 4, BAD);
	CALL(SYS_setrlimit, 4, (char *)pair + 1);
	pair[0] = pair[1] = 5 << 20;
	CALL(SYS_setrlimit, 4, pair);
	CALL(SYS_getrlimit, 4, pair);
#ifdef SYS_ugetrlimit
	CALL(SYS_ugetrlimit, 4, pair);
	CALL(SYS_ugetrlimit, 13, pair);
	CALL(SYS_ugetrlimit, 99, BAD);
#endif
	CALL(SYS_prlimit64, 0, 4, NULL, wide);
	wide[0] = 1 << 20;
	wide[1] = 5 << 20;
	CALL(SYS_prlimit64, 0, 4, wide, wide);
	CALL(SYS_prlimit64, -1, -1, BAD, BAD);
	CALL(SYS_prlimit64, 0, 4, (char *)wide + 1, NULL);
	for (long who = -3; who < 3; who++)
		CALL(SYS_getrusage, who, BAD);
	for (long which = -1; which < 5; which++) {
		CALL(SYS_getpriority, which, 0);
		CALL(SYS_setpriority, which, 0x7fffffff, which * 10);
		CALL(SYS_ioprio_get, which, 0x7fffffff);
		CALL(SYS_ioprio_set, which, 0x7fffffff, which << 13 | 5);
	}
	CALL(SYS_ioprio_set, 1, 0x7fffffff, 0x4038);
	CALL(SYS_ioprio_set, 1, -1, -1);
	CALL(SYS_ioprio_set, 1, 0, 2 << 13 | 7);
	CALL(SYS_ioprio_get, 1, 0);
	CALL(SYS_getpriority, 0, -1);
#ifdef SYS_nice
	CALL(SYS_nice, 1);
	CALL(SYS_nice, -1);
	CALL(SYS_nice, 0x80000000);
#endif
}
