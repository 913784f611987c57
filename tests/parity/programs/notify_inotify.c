// inotify: flags, masks.
#include "parity.h"

void run(void)
{
	static const long masks[] = {
		0, 1, 2, 4, 8, 0x10, 0x18, 0x20, 0x40, 0x80, 0xc0, 0x100, 0x200, 0x400, 0x800, 0xfff,
		0x1000, 0x2000, 0x4000, 0x8000, 0x01000000, 0x02000000, 0x04000000, 0x10000000,
		0x20000000, 0x40000000, 0x80000000, 0x7fffffff,
	};

	CALL(SYS_inotify_init);
	CALL(SYS_inotify_init1, 0);
	CALL(SYS_inotify_init1, O_CLOEXEC);
	CALL(SYS_inotify_init1, O_CLOEXEC | O_NONBLOCK);
	CALL(SYS_inotify_init1, 1);
	CALL(SYS_inotify_init1, 0x7fffffff);
	for (size_t i = 0; i < COUNT(masks); i++)
		CALL(SYS_inotify_add_watch, 3, ".", masks[i]);
	CALL(SYS_inotify_add_watch, -1, BAD, 1);
	CALL(SYS_inotify_add_watch, 3, NULL, 1);
	CALL(SYS_inotify_rm_watch, 3, 1);
	CALL(SYS_inotify_rm_watch, 3, -1);
	CALL(SYS_inotify_rm_watch, -1, 0x80000000);
}
