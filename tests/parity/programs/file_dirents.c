// getdents, getdents64, readdir.
#include "parity.h"

static void fill(void)
{
	CALL(SYS_mkdir, "d", 0755);
	CALL(SYS_mknod, "d/fifo", 010600, 0);
	CALL(SYS_mknod, "d/a\tb\"\377", 0100600, 0);
	CALL(SYS_symlink, "x", "d/a name that is longer than thirty-two bytes");
	CALL(SYS_mkdir, "d/sub", 0700);
}

void run(void)
{
	char buffer[2000];

	fill();
	long fd = CALL(SYS_open, "d", 0200000);
	CALL(SYS_getdents64, fd, buffer, sizeof(buffer));
	CALL(SYS_getdents64, fd, buffer, sizeof(buffer));
	CALL(SYS_lseek, fd, 0, 0);
	CALL(SYS_getdents, fd, buffer, sizeof(buffer));
	CALL(SYS_getdents, fd, buffer, sizeof(buffer));
	CALL(SYS_lseek, fd, 0, 0);
	CALL(SYS_getdents64, fd, buffer, 24);
	CALL(SYS_getdents64, fd, buffer, 50);
	CALL(SYS_getdents, fd, buffer, 30);
	CALL(SYS_getdents64, fd, BAD, 2000);
	CALL(SYS_getdents64, fd, NULL, 0);
	CALL(SYS_getdents64, -1, buffer, ALL);
	CALL(SYS_getdents, -1, NULL, 5);
	CALL(SYS_getdents, fd, BAD, 500);
	CALL(SYS_getdents, 0, buffer, 500);
#ifdef SYS_readdir
	long stable = CALL(SYS_open, "/sys/kernel", 0200000);
	CALL(SYS_readdir, stable, buffer, 1);
	CALL(SYS_readdir, stable, buffer, 7);
	CALL(SYS_readdir, stable, buffer, 0);
	CALL(SYS_readdir, fd, NULL, 1);
	CALL(SYS_readdir, -1, BAD, 1);
#endif
}
