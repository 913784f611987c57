// clock_*, gettimeofday, settimeofday, time, stime: all clocks.
#include "parity.h"

void run(void)
{
	static const long odd[][2] = {{0, 0}, {1, 2}, {-1, 0}, {0, -1}, {5, 1000000000}, {0x7fffffff, 999999999}};
	long *time = edge(2 * sizeof(long));

	for (long clock = 0; clock < 18; clock++)
		CALL(SYS_clock_settime, clock, BAD);
	for (long clock = -20; clock < 0; clock++)
		CALL(SYS_clock_settime, clock, BAD);
	static const unsigned ids[] = {0x80000000, ~0u << 3 | 2, ~1234u << 3 | 2, ~1234u << 3 | 6, ~77u << 3 | 4, ~5u << 3 | 3, ~5u << 3 | 7, 0x7fffffff, ~0u << 3 | 3};
	for (size_t i = 0; i < COUNT(ids); i++) {
		CALL(SYS_clock_settime, (int)ids[i], NULL);
		CALL(SYS_clock_getres, (int)ids[i], NULL);
	}
	for (size_t i = 0; i < COUNT(odd); i++)
		CALL(SYS_clock_settime, 1, odd[i]);
	CALL(SYS_clock_getres, 0, time);
	CALL(SYS_clock_getres, 5, time);
	CALL(SYS_clock_getres, 99, time);
	CALL(SYS_clock_getres, 0, BAD);
	CALL(SYS_clock_gettime, 0, BAD);
	CALL(SYS_clock_gettime, 0, NULL);
	CALL(SYS_clock_gettime, -1, time);
	CALL(SYS_gettimeofday, NULL, time);
	CALL(SYS_gettimeofday, BAD, NULL);
	CALL(SYS_gettimeofday, NULL, NULL);
	CALL(SYS_settimeofday, odd[4], BAD);
	CALL(SYS_settimeofday, odd[2], NULL);
	CALL(SYS_settimeofday, odd[3], copy(((int[2]){5, -6}), 8));
	CALL(SYS_settimeofday, BAD, NULL);
	CALL(SYS_time, BAD);
#ifdef SYS_stime
	CALL(SYS_stime, NULL);
	CALL(SYS_stime, BAD);
	CALL(SYS_clock_settime64, 1, copy(((int64_t[]){1, 2}), 16));
	CALL(SYS_clock_settime64, 1, copy(((int64_t[]){-1, -1}), 16));
	CALL(SYS_clock_settime64, 1, edge(15));
	CALL(SYS_clock_getres_time64, 1, edge(16));
	CALL(SYS_clock_getres_time64, 99, BAD);
	CALL(SYS_clock_gettime64, -6, BAD);
#endif
}
