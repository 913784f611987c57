// fanotify: initial flags, marks.
#include "parity.h"
#ifdef __x86_64__
#define MASK(v) (long)(v)
#else
#define MASK(v) (long)(v), (long)((long long)(v) >> 32)
#endif

void run(void)
{
	static const long inits[] = {
		0, 1, 2, 3, 4, 8, 12, 16, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0xe00,
		0x2000, 0x7fffffff,
	};
	static const long marks[] = {
		0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x110, 0x200, 0x400, 0x800, 0x1000, 0x7fffffff,
	};

	for (size_t i = 0; i < COUNT(inits); i++)
		CALL(SYS_fanotify_init, inits[i], O_LARGEFILE | 0x78000000);
	CALL(SYS_fanotify_init, 0x80000000, 0);
	CALL(SYS_fanotify_init, -1, O_RDWR);
	for (size_t i = 0; i < COUNT(marks); i++)
		CALL(SYS_fanotify_mark, -1, marks[i], MASK(1LL << i), -100, ".");
	for (int bit = 0; bit < 34; bit += 3)
		CALL(SYS_fanotify_mark, -1, 1, MASK(7LL << bit), 5, ".");
	CALL(SYS_fanotify_mark, -1, 1, MASK(-1LL), -1, NULL);
	CALL(SYS_fanotify_mark, -1, 1, MASK(0), 0x7fffffff, BAD);
	CALL(SYS_fanotify_mark, -1, 1, MASK(1LL << 63), -100, "a");
}
