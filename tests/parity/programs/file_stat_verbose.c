// The stat family with all fields, of files that nobody changes.
// options: -v
#include "parity.h"

void run(void)
{
	static const char *const names[] = {"/dev/null", "/usr/bin/true", "/usr/lib", "/bin", "/dev", "none"};
	char *buffer = edge(256);

	for (size_t i = 0; i < COUNT(names); i++) {
		CALL(SYS_stat, names[i], buffer);
		CALL(SYS_lstat, names[i], buffer);
#ifdef SYS_stat64
		CALL(SYS_stat64, names[i], buffer);
		CALL(SYS_lstat64, names[i], buffer);
		CALL(SYS_fstatat64, -100, names[i], buffer, 0);
		CALL(SYS_oldstat, names[i], buffer);
		CALL(SYS_oldlstat, names[i], buffer);
#else
		CALL(SYS_newfstatat, -100, names[i], buffer, 0);
#endif
		CALL(SYS_statx, -100, names[i], 0, 0x7ff, buffer);
		CALL(SYS_statx, -100, names[i], 0x100, 0x1fff, buffer);
		CALL(SYS_statx, -100, names[i], 0, 0, buffer);
	}
	CALL(SYS_fstat, 0, buffer);
#ifdef SYS_oldfstat
	CALL(SYS_oldfstat, 0, buffer);
	CALL(SYS_fstat64, 0, buffer);
#endif
}
