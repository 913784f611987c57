// prctl by option, first half of them; all numbers.
#include "parity.h"
#include <sys/prctl.h>

void run(void)
{
	static const long values[] = {0, 1, 2, 3, 7, 40, 41, 63, 64, -1, 0x80000000, 0x7fffffff};
	char *name = edge(16);
	int *number = edge(8);

	for (long option = 0; option < 90; option++) {
		// These would change what the rest of the program does.
		if (option == 22 || option == 26 || option == 4 || option == 36 || option == 1 || option == 40 || option == 38)
			continue;
		CALL(SYS_prctl, option, BAD, BAD, 3, 4);
	}
	static const long options[] = {1, 4, 6, 8, 10, 12, 14, 20, 26, 28, 33, 36, 38, 39, 41, 42, 24, 23, 57, 59, 65, 67, 69, 71};
	for (size_t i = 0; i < COUNT(options); i++)
		for (size_t j = 0; j < COUNT(values); j++)
			if (options[i] != 59 || values[j] != 1)
				CALL(SYS_prctl, options[i], values[j], 0x1234, 5, 6);
	memcpy(name, "a\tname of 16 by", 15);
	CALL(SYS_prctl, PR_SET_NAME, name);
	CALL(SYS_prctl, PR_GET_NAME, name);
	CALL(SYS_prctl, PR_SET_NAME, "a name that is longer than sixteen");
	CALL(SYS_prctl, PR_SET_NAME, name + 10);
	CALL(SYS_prctl, PR_SET_NAME, edge(0));
	CALL(SYS_prctl, PR_GET_NAME, edge(0));
	CALL(SYS_prctl, PR_GET_NAME, NULL);
	memset(name, 'x', 16);
	CALL(SYS_prctl, PR_SET_NAME, name + 8);
	CALL(SYS_prctl, PR_SET_NAME, "");
	CALL(SYS_prctl, PR_SET_PDEATHSIG, SIGUSR1);
	CALL(SYS_prctl, PR_GET_PDEATHSIG, number);
	CALL(SYS_prctl, PR_GET_PDEATHSIG, number + 1);
	CALL(SYS_prctl, PR_SET_PDEATHSIG, 0);
	CALL(SYS_prctl, PR_GET_DUMPABLE);
	CALL(SYS_prctl, PR_GET_TSC, number);
	CALL(SYS_prctl, PR_GET_CHILD_SUBREAPER, number);
	CALL(SYS_prctl, PR_GET_TID_ADDRESS, number);
	CALL(SYS_prctl, PR_GET_TIMERSLACK);
	CALL(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	CALL(SYS_prctl, PR_GET_SECUREBITS);
	CALL(SYS_prctl, PR_SET_SECUREBITS, 0x3f);
	CALL(SYS_prctl, PR_GET_THP_DISABLE, 0, 0, 0, 0);
	CALL(SYS_prctl, PR_CAPBSET_READ, 10);
	CALL(SYS_prctl, PR_MCE_KILL_GET, 0, 0, 0, 0);
}
