// Structs that grow: clone3, openat2, sched_setattr, with sizes and tails of all sorts.
#include "parity.h"
#include <linux/openat2.h>

void run(void)
{
	for (int size = 0; size <= 40; size += 4) {
		struct open_how *how = edge(size);
		CALL(SYS_openat2, -1, text("x"), how, size);
		memset(how, 0x41, size);
		CALL(SYS_openat2, -1, text("x"), how, size);
	}
	char *long_tail = edge(200), *tail = edge(32);
	long_tail[190] = 1;
	memset(tail, 1, 32);
	CALL(SYS_openat2, -1, text("x"), long_tail, 200);
	CALL(SYS_openat2, -1, text("x"), tail, 32);
	CALL(SYS_openat2, -1, text("x"), tail, 40);
	CALL(SYS_openat2, -1, text("x"), tail, -1);
	CALL(SYS_clone3, tail, 32);
	memset(long_tail, 0x40, 200);
	for (int size = 60; size <= 104; size += 4)
		CALL(SYS_clone3, long_tail, size);
	CALL(SYS_clone3, long_tail, 200);
	CALL(SYS_clone3, long_tail, 201);
	CALL(SYS_clone3, NULL, 88);
	for (int size = 0; size <= 72; size += 8) {
		unsigned *attr = edge(size < 4 ? 4 : size);
		memset(attr, 1, size);
		attr[0] = size;
		CALL(SYS_sched_setattr, 0, attr, 1);
	}
	CALL(SYS_sched_setattr, 0, BAD, -1);
}
