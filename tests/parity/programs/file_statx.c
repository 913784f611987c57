// statx: synchronisation flags, masks.
#include "parity.h"

void run(void)
{
	static const long flags[] = {
		0, 0x100, 0x800, 0x1000, 0x1900, 0x2000, 0x4000, 0x6000, 0x6900, 0x8000, 0x200, 0x400,
		0x10000, 0x70000000, 0x2100, 0x7fffffff,
	};
	static const long masks[] = {
		0, 1, 2, 3, 0x7ff, 0xfff, 0x800, 0x1000, 0x17ff, 0x2000, 0x4000, 0x8000, 0x10000, 0x1fff,
		0x80000000, 0x40000000, 0x7fffffff,
	};
	char *buffer = edge(256);

	CALL(SYS_mknod, "f", 0100640, 0);
	CALL(SYS_truncate, "f", 777);
	for (size_t i = 0; i < COUNT(flags); i++)
		CALL(SYS_statx, -100, "f", flags[i], 0x7ff, buffer);
	for (size_t i = 0; i < COUNT(masks); i++)
		CALL(SYS_statx, -100, "f", 0, masks[i], buffer);
	CALL(SYS_statx, 0, "", 0x1000, 0xfff, buffer);
	CALL(SYS_statx, 0, NULL, 0x1000, 0xfff, buffer);
	CALL(SYS_statx, -1, BAD, 0, 0, buffer);
	CALL(SYS_statx, -100, "f", 0, 0x7ff, buffer + 1);
	CALL(SYS_statx, -100, "f", 0, 0x7ff, NULL);
	CALL(SYS_statx, -100, "none", 0, 0x7ff, BAD);
}
