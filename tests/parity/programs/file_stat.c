// The stat family, old and new.
#include "parity.h"

void run(void)
{
	char *buffer = edge(256);

	CALL(SYS_chmod, ".", 0755L);
	CALL(SYS_symlink, "target", "link");
	CALL(SYS_mknod, "fifo", 010600L, 0L);
	CALL(SYS_mknod, "null", 020666L, 0x103L);
	CALL(SYS_mknod, "block", 060640L, 0xfff12345L);
	CALL(SYS_open, "file", (long)(O_CREAT | O_RDWR), 06751L);
	CALL(SYS_chmod, "file", 07751L);
	CALL(SYS_ftruncate, 3L, 12345L);
	static const char *const names[] = {".", "link", "fifo", "null", "block", "file", "none", "", NULL, BAD};
	for (int i = 0; i < 10; i++) {
		CALL(SYS_stat, names[i], buffer);
		CALL(SYS_lstat, names[i], buffer);
#ifdef SYS_stat64
		CALL(SYS_stat64, names[i], buffer);
		CALL(SYS_lstat64, names[i], buffer);
		CALL(SYS_fstatat64, -100L, names[i], buffer, 0L);
		CALL(SYS_oldstat, names[i], buffer);
		CALL(SYS_oldlstat, names[i], buffer);
#else
		CALL(SYS_newfstatat, -100L, names[i], buffer, 0L);
#endif
	}
#ifdef SYS_stat64
#define SYS_newfstatat SYS_fstatat64
	CALL(SYS_fstat64, 0L, buffer);
	CALL(SYS_fstat64, 3L, BAD);
	CALL(SYS_fstat64, 3L, NULL);
	CALL(SYS_fstat64, 3L, buffer + 200);
	CALL(SYS_oldfstat, 0L, buffer);
	CALL(SYS_oldfstat, 3L, buffer);
	CALL(SYS_oldfstat, 3L, BAD);
#endif
	CALL(SYS_fstat, 0L, buffer);
	CALL(SYS_fstat, 3L, buffer);
	CALL(SYS_fstat, 3L, BAD);
	CALL(SYS_fstat, -1L, NULL);
	CALL(SYS_fstat, 3L, buffer + 200);
	static const long flags[] = {0, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x1900, 0x8000, 0x2000, 0x4000, 0x6000, 0x7fffffff, 0x10000};
	for (int i = 0; i < 13; i++)
		CALL(SYS_newfstatat, -100L, "link", buffer, flags[i]);
	CALL(SYS_newfstatat, 3L, "", buffer, 0x1000L);
	CALL(SYS_newfstatat, 3L, NULL, buffer, 0x1000L);
	CALL(SYS_newfstatat, -1L, "x", BAD, 0L);
}
