// personality: known, unknown, mixed.
#include "parity.h"

void run(void)
{
	static const long values[] = {
		0xffffffff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 0xff, 0x0020000,
		0x0040000, 0x0080000, 0x0100000, 0x0200000, 0x0400000, 0x0800000, 0x1000000, 0x2000000,
		0x4000000, 0x8000000, 0x10000, 0x12345678, 0xfffffffe, 0x00ff0000, 0x100, 0xffffffff, 0,
	};

	for (size_t i = 0; i < COUNT(values); i++)
		CALL(SYS_personality, values[i]);
	CALL(SYS_personality, ALL);
}
