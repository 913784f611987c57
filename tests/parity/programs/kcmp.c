// kcmp: what two processes share.
#include "parity.h"

void run(void)
{
	long pid = CALL(SYS_getpid);
	struct { unsigned efd, tfd, toff; } *slot = edge(12);
	slot->efd = 1;
	slot->tfd = 2;
	slot->toff = 3;
	for (int type = -1; type < 10; type++) {
		CALL(SYS_kcmp, pid, pid, type, 0, 1);
		CALL(SYS_kcmp, -1, 0x7fffffff, type, -1, 0x12345678);
		CALL(SYS_kcmp, pid, pid, type, 0, slot);
		CALL(SYS_kcmp, pid, pid, type, 0, BAD);
		CALL(SYS_kcmp, pid, pid, type, 0, NULL);
	}
}
