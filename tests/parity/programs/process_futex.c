// futex: every operation, odd ones, odd flags.
#include "parity.h"

void run(void)
{
	long *time = copy(((long[]){0, 1}), 2 * sizeof(long));
	int *word = copy(&(int){7}, 4), *other = copy(&(int){8}, 4);
	static const unsigned values[] = {0, 1, 0x10001, 0x12345678, 0x80000001, 0xfffff000, 0xfff, 0x7fffffff, 0x3f000000};

	for (long op = 0; op < 16; op++) {
		CALL(SYS_futex, word, op, 6, BAD, 16, -1);
		CALL(SYS_futex, BAD, op | 128, 6, time, NULL, 5);
		CALL(SYS_futex, NULL, op | 256, -1, edge(3), other, 0x80000000);
		CALL(SYS_futex, 1, op | 384, 0x80000000, NULL, other, 0);
		CALL(SYS_futex, 1, op | 512, 2, 3, 4, 5);
	}
	for (size_t i = 0; i < COUNT(values); i++)
		CALL(SYS_futex, 1, 5, 1, 2, 3, values[i]);
	CALL(SYS_futex, 1, -1, 2, 3, 4, 5);
	CALL(SYS_futex, word, 0, 6, time);
	CALL(SYS_futex, word, 1, 1);
	CALL(SYS_futex, word, 9 | 128, 7, time, NULL, 0);
	time[0] = -1;
	CALL(SYS_futex, word, 0, 7, time);
#ifdef SYS_futex_time64
	int64_t *wide = copy(((int64_t[]){0, 1}), 16);
	for (long op = 0; op < 15; op++) {
		CALL(SYS_futex_time64, word, op, 6, wide, 16, -1);
		CALL(SYS_futex_time64, 1, op | 128, 6, 1, NULL, 5);
	}
#endif
}
