// sysfs by option.
#include "parity.h"

void run(void)
{
	char buffer[64];

	CALL(SYS_sysfs, 1, "proc");
	CALL(SYS_sysfs, 1, BAD);
	CALL(SYS_sysfs, 1, NULL);
	CALL(SYS_sysfs, 1, "a name of a file system that is too long for the limit");
	CALL(SYS_sysfs, 2, 0, buffer);
	CALL(SYS_sysfs, 2, 1000, buffer);
	CALL(SYS_sysfs, 2, -1, BAD);
	CALL(SYS_sysfs, 3);
	CALL(SYS_sysfs, 4, 1, 2);
	CALL(SYS_sysfs, 0, 0, 0);
}
