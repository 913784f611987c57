// setsockopt and getsockopt at every level: names of options, data of no known form
#include "network.h"

void run(void)
{
	static const int levels[] = {2, 6, 17, 33, 103, 132, 136, 255, 256, 257, 258, 259, 260, 261, 262,
		264, 265, 266, 267, 268, 269, 271, 272, 273, 274, 275, 276, 277, 278, 280, 281, 282, 283,
		284, 285, 286, 300, -1};

	for (unsigned i = 0; i < COUNT(levels); i++) {
		for (int name = 0; name < 30; name += 1 + name / 4) {
			CALL(SYS_setsockopt, -1, levels[i], name, BAD, 4);
			CALL(SYS_getsockopt, -1, levels[i], name, BAD, copy("\4\0\0", 4));
		}
		option(levels[i], 1, "ABCDE", 5);
		option(levels[i], 2, "\1\0\0", 4);
		option(levels[i], 127, "\1\0\0", 4);
	}
}
