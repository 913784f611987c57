// utime, utimes, futimesat, utimensat: times of files.
#include "parity.h"
#define NOW ((1L << 30) - 1)
#define OMIT ((1L << 30) - 2)

static void nanoseconds(void)
{
	static const long odd[][4] = {
		{0, 0, 0, 0}, {1, 2, 3, 4}, {1000000000, 999999999, -1, 5}, {1, NOW, 2, OMIT},
		{0, OMIT, 0, NOW}, {5, 1000000000, 7, -1}, {0, NOW, 0, NOW}, {0, OMIT, 0, OMIT},
		{0x7fffffff, 123456789, 0, 1}, {-0x7fffffff - 1, 0, 86400, 500000000},
	};
	for (size_t i = 0; i < COUNT(odd); i++) {
		CALL(SYS_utimensat, -100, "none", copy(odd[i], sizeof(odd[i])), 0);
		CALL(SYS_futimesat, -100, "none", copy(odd[i], sizeof(odd[i])));
		CALL(SYS_utimes, "none", odd[i]);
		CALL(SYS_utime, "none", odd[i]);
#ifdef SYS_utimensat_time64
		int64_t wide[4] = {odd[i][0], odd[i][1], odd[i][2], odd[i][3]};
		CALL(SYS_utimensat_time64, -100, "none", wide, 0x100);
#endif
	}
}

void run(void)
{
	static const long flags[] = {0, 0x100, 0x1000, 0x1100, 0x400, 0x7fffffff};

	nanoseconds();
	for (size_t i = 0; i < COUNT(flags); i++)
		CALL(SYS_utimensat, 3, "none", NULL, flags[i]);
	CALL(SYS_utimensat, -1, NULL, BAD, 0);
	CALL(SYS_utimensat, -1, BAD, edge(4 * sizeof(long) - 1), 0);
	CALL(SYS_utimensat, -1, "x", edge(2 * sizeof(long)), 0);
	CALL(SYS_futimesat, -1, NULL, NULL);
	CALL(SYS_futimesat, -1, BAD, BAD);
	CALL(SYS_utimes, NULL, NULL);
	CALL(SYS_utimes, BAD, BAD);
	CALL(SYS_utimes, "x", edge(5));
	CALL(SYS_utime, NULL, NULL);
	CALL(SYS_utime, BAD, BAD);
	CALL(SYS_utime, "x", edge(5));
	CALL(SYS_mknod, "f", 0100600, 0);
	CALL(SYS_utimes, "f", NULL);
}
