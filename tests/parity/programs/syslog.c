// syslog, acct, swapon, swapoff, sethostname and the like: calls that fail.
#include "parity.h"

void run(void)
{
	char *buffer = edge(40);
	for (int type = -1; type < 13; type++) {
		if (type == 2 || type == 3 || type == 4 || type == 5 || (type >= 6 && type <= 8))
			continue;
		if (type != 9)
			CALL(SYS_syslog, type, buffer, -1);
	}
	for (int type = 2; type < 9; type++)
		CALL(SYS_syslog, type, NULL, -1);
	CALL(SYS_syslog, 8, NULL, 77);
	CALL(SYS_syslog, 77, BAD, 1);
	CALL(SYS_syslog, 3, BAD, 0);
	CALL(SYS_acct, text("/nowhere/acct"));
	CALL(SYS_acct, BAD);
	CALL(SYS_swapon, text("/nowhere/swap"), 0);
	CALL(SYS_swapon, text("/nowhere/swap"), 0x8000 | 7);
	CALL(SYS_swapon, text("/nowhere/swap"), 0x10000 | 0x20000 | 0x40000);
	CALL(SYS_swapon, text("/nowhere/swap"), 0xffff);
	CALL(SYS_swapon, text("/nowhere/swap"), 7);
	CALL(SYS_swapon, BAD, -1);
	CALL(SYS_swapoff, text("/nowhere/swap"));
	CALL(SYS_swapoff, NULL);
	CALL(SYS_sethostname, text("name"), -1);
	CALL(SYS_sethostname, BAD, 4);
	CALL(SYS_setdomainname, text("name"), 65);
	CALL(SYS_setdomainname, NULL, 1);
}
