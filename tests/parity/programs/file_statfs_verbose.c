// statfs and its kin, verbose.
// options: -v
#include "parity.h"

void run(void)
{
	char *buffer = edge(120);
	long fd = CALL(SYS_open, "/proc", 0);

	CALL(SYS_statfs, "/proc", buffer);
	CALL(SYS_statfs, "/dev", buffer);
	CALL(SYS_statfs, "/sys", buffer);
	CALL(SYS_statfs, text("none"), buffer);
	CALL(SYS_statfs, NULL, buffer);
	CALL(SYS_statfs, "/proc", NULL);
	CALL(SYS_statfs, "/proc", BAD);
	CALL(SYS_statfs, BAD, buffer + 100);
	CALL(SYS_statfs, "/proc", buffer + 100);
	CALL(SYS_fstatfs, fd, buffer);
	CALL(SYS_fstatfs, -1, buffer);
	CALL(SYS_fstatfs, fd, BAD);
#ifdef SYS_statfs64
	CALL(SYS_statfs64, "/proc", 84, buffer);
	CALL(SYS_statfs64, "/sys", 84, buffer);
	CALL(SYS_statfs64, "/proc", 88, buffer);
	CALL(SYS_statfs64, "/proc", 83, buffer);
	CALL(SYS_statfs64, BAD, -1, NULL);
	CALL(SYS_fstatfs64, fd, 84, buffer);
	CALL(SYS_fstatfs64, -1, 84, buffer);
	CALL(SYS_fstatfs64, fd, 0, BAD);
#endif
	CALL(SYS_ustat, 0x12345, buffer);
	CALL(SYS_ustat, 0, NULL);
	CALL(SYS_ustat, ALL, BAD);
}
