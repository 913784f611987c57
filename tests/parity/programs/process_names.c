// uname and its old forms; sethostname, setdomainname in a namespace of their own.
#include "parity.h"
#include <sched.h>

void run(void)
{
	char *buffer = edge(400), *name = edge(70);

	if (unshare(CLONE_NEWUTS))
		return;
	memset(name, 'h', 70);
	CALL(SYS_sethostname, "host\n", 5);
	CALL(SYS_setdomainname, "domain", 6);
	CALL(SYS_uname, buffer);
#ifdef SYS_olduname
	CALL(SYS_olduname, buffer);
	CALL(SYS_oldolduname, buffer);
#endif
	CALL(SYS_sethostname, name, 64);
	CALL(SYS_sethostname, name, 65);
	CALL(SYS_sethostname, name + 60, 11);
	CALL(SYS_sethostname, NULL, 5);
	CALL(SYS_sethostname, BAD, 5);
	CALL(SYS_sethostname, BAD, -1);
	CALL(SYS_sethostname, name, 0);
	CALL(SYS_setdomainname, name, 0x80000000);
	CALL(SYS_setdomainname, NULL, 0);
	CALL(SYS_setdomainname, name, 33);
}
