// nanosleep, clock_nanosleep, alarm, getitimer, setitimer.
#include "parity.h"

void run(void)
{
	static const long odd[][2] = {{0, 0}, {0, 1}, {0, -1}, {-1, 5}, {0, 1000000000}, {-5, -5}};
	static const long timers[][4] = {{0, 0, 0, 0}, {1, 2, 3, 4}, {0, 0, 100, 5}, {-1, 0, 0, 1000000}, {0, 0, 0, 0}};
	long *rest = edge(2 * sizeof(long)), *old = edge(4 * sizeof(long));

	for (size_t i = 0; i < COUNT(odd); i++) {
		CALL(SYS_nanosleep, odd[i], rest);
		CALL(SYS_clock_nanosleep, 1, 0, odd[i], rest);
		CALL(SYS_clock_nanosleep, 0, 1, odd[i], rest);
		CALL(SYS_clock_nanosleep, 7, 0x7ffffff0, odd[i], NULL);
	}
	CALL(SYS_nanosleep, NULL, NULL);
	CALL(SYS_nanosleep, BAD, BAD);
	CALL(SYS_nanosleep, rest + 1, rest);
	CALL(SYS_clock_nanosleep, 99, 2, BAD, BAD);
	for (long which = -1; which < 4; which++) {
		CALL(SYS_getitimer, which, old);
		CALL(SYS_setitimer, which, timers[0], old);
	}
	for (size_t i = 0; i < COUNT(timers); i++)
		CALL(SYS_setitimer, 1, timers[i], i == 1 ? NULL : edge(4 * sizeof(long)));
	CALL(SYS_setitimer, 0, BAD, NULL);
	CALL(SYS_setitimer, 0, edge(4 * sizeof(long) - 1), BAD);
	CALL(SYS_setitimer, 0, NULL, old);
	CALL(SYS_getitimer, 0, BAD);
	CALL(SYS_getitimer, 0, NULL);
	CALL(SYS_alarm, 0);
	CALL(SYS_alarm, 0xffffffff);
	CALL(SYS_alarm, 0);
#ifdef SYS_clock_nanosleep_time64
	CALL(SYS_clock_nanosleep_time64, 1, 0, copy(((int64_t[]){0, 1}), 16), BAD);
	CALL(SYS_clock_nanosleep_time64, 1, 1, copy(((int64_t[]){-1, -1}), 16), edge(16));
	CALL(SYS_clock_nanosleep_time64, 1, 2, BAD, NULL);
#endif
}
