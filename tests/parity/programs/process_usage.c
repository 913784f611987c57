// Output structs whose contents differ from run to run: only their failures.
// options: -v
#include "parity.h"

void run(void)
{
	char *buffer = edge(400);

	CALL(SYS_getrusage, 0, buffer + 350);
	CALL(SYS_getrusage, -1, edge(144));
	CALL(SYS_times, BAD);
	CALL(SYS_sysinfo, BAD);
	CALL(SYS_sysinfo, NULL);
	CALL(SYS_uname, buffer);
	CALL(SYS_uname, buffer + 20);
	CALL(SYS_uname, NULL);
#ifdef SYS_olduname
	CALL(SYS_olduname, buffer);
	CALL(SYS_olduname, BAD);
	CALL(SYS_oldolduname, buffer);
	CALL(SYS_oldolduname, NULL);
#endif
	CALL(SYS_wait4, -1, NULL, 0, BAD);
	CALL(SYS_getcpu, BAD, NULL, NULL);
	CALL(SYS_getcpu, NULL, NULL, BAD);
	CALL(SYS_getcpu, NULL, BAD, 1);
}
