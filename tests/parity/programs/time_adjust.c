// adjtimex, clock_adjtime: modes and states.
// options: -v
#include "parity.h"
#include <sys/timex.h>

void run(void)
{
	static const unsigned modes[] = {1, 2, 4, 8, 0x10, 0x20, 0x80, 0x100, 0x1000, 0x2000, 0x4000, 0x8001, 0xa001, 0x40000000};
	struct timex *timex = edge(sizeof(*timex));

	timex->status = 0xffff;
	timex->tick = -1;
	timex->time.tv_sec = 5;
	timex->time.tv_usec = 0x7fffffff;
	timex->tai = -3;
	for (size_t i = 0; i < COUNT(modes); i++) {
		timex->modes = modes[i];
		CALL(SYS_clock_adjtime, 99, timex);
	}
	CALL(SYS_adjtimex, BAD);
	CALL(SYS_adjtimex, NULL);
	CALL(SYS_adjtimex, (char *)timex + 1);
	CALL(SYS_clock_adjtime, 0, BAD);
	CALL(SYS_clock_adjtime, -1, NULL);
#ifdef SYS_clock_adjtime64
	CALL(SYS_clock_adjtime64, 99, edge(208));
	CALL(SYS_clock_adjtime64, 0, BAD);
#endif
}
