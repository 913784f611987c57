// mount_setattr: sizes of the struct, propagation, attributes.
#include "parity.h"
#include <linux/mount.h>

#define SETATTR(...) CALL(SYS_mount_setattr, __VA_ARGS__)

void run(void)
{
	for (int size = 0; size <= 48; size += 8) {
		struct mount_attr *a = edge(size);
		SETATTR(-1, text("x"), 0, a, size);
		memset(a, 1, size);
		SETATTR(-1, text("x"), 0x8000, a, size);
	}
	struct mount_attr *a = edge(32);
	SETATTR(-100, text("/nowhere"), 0x9900, a, 40);
	SETATTR(-100, text("/nowhere"), -1, a, 1UL << 31);
	SETATTR(-100, text("/nowhere"), 0, NULL, 32);
	SETATTR(-100, BAD, 0, BAD, 32);
	for (int bit = 0; bit < 24; bit++) {
		a->attr_set = 1 << bit;
		a->attr_clr = 1 << (23 - bit);
		a->propagation = 1 << bit;
		a->userns_fd = bit;
		SETATTR(-1, text("x"), 0, a, 32);
	}
	a->attr_set = MOUNT_ATTR__ATIME;
	a->attr_clr = 0xfffff;
	a->userns_fd = -1;
	SETATTR(-1, text("x"), 0, a, 32);
}
