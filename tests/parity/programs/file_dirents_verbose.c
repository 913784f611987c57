// getdents, getdents64 and readdir with all entries, of a folder that nobody changes.
// options: -v
#include "parity.h"

void run(void)
{
	char buffer[2000];
	long fd = CALL(SYS_open, "/proc/self/map_files/../attr", 0200000);

	CALL(SYS_close, fd);
	fd = CALL(SYS_open, "/sys/kernel", 0200000);
	CALL(SYS_getdents64, fd, buffer, 600);
	CALL(SYS_getdents64, fd, buffer, 30);
	CALL(SYS_getdents64, fd, buffer, 10);
	CALL(SYS_getdents64, fd, BAD, 600);
	CALL(SYS_lseek, fd, 0, 0);
	CALL(SYS_getdents, fd, buffer, 600);
	CALL(SYS_getdents, fd, buffer, 10);
	CALL(SYS_getdents, fd, NULL, 600);
	for (int i = 0; i < 20; i++)
		CALL(SYS_getdents64, fd, buffer, 2000);
#ifdef SYS_readdir
	CALL(SYS_lseek, fd, 0, 0);
	CALL(SYS_readdir, fd, buffer, 1);
	CALL(SYS_readdir, fd, buffer, 1);
#endif
}
