// POSIX timers and timerfd.
#include "parity.h"
#include <time.h>

static void creates(int *id)
{
	struct sigevent event = {0};

	for (int how = 0; how < 7; how++) {
		event.sigev_notify = how;
		event.sigev_signo = SIGUSR1;
		event.sigev_value.sival_ptr = (void *)(long)(how * 0x1111);
		event._sigev_un._tid = how == 4 ? 77 : 0x1234;
		CALL(SYS_timer_create, 99, copy(&event, sizeof(event)), id);
	}
	event.sigev_signo = -1;
	event.sigev_notify = 0;
	CALL(SYS_timer_create, 1, &event, id);
	event.sigev_signo = 65;
	event.sigev_notify = -1;
	CALL(SYS_timer_create, 0, &event, BAD);
	CALL(SYS_timer_create, 0, BAD, NULL);
	CALL(SYS_timer_create, -1, (char *)copy(&event, sizeof(event)) + 60, id);
	CALL(SYS_timer_create, 1, NULL, id);
}

void run(void)
{
	static const long specs[][4] = {{0, 0, 0, 0}, {0, 0, 1000, 1}, {1, 2, 3, 4}, {-1, 0, 0, -1}, {0, 1000000000, 0, 1}, {0, 0, 0, 0}};
	static const long flags[] = {0, 1, 2, 3, 4, 0x7ffffff0};
	int *id = edge(4);
	long *old = edge(4 * sizeof(long));

	creates(id);
	for (size_t i = 0; i < COUNT(specs); i++) {
		CALL(SYS_timer_settime, -1, flags[i], specs[i], old);
		CALL(SYS_timerfd_settime, -1, flags[i], specs[i], old);
	}
	CALL(SYS_timer_settime, 0, 0, specs[0], old);
	CALL(SYS_timer_settime, 0, 0, NULL, BAD);
	CALL(SYS_timer_settime, 0, 1, BAD, NULL);
	CALL(SYS_timer_gettime, 0, old);
	CALL(SYS_timer_gettime, -1, BAD);
	CALL(SYS_timer_getoverrun, 0);
	CALL(SYS_timer_getoverrun, -1);
	CALL(SYS_timer_delete, 0);
	CALL(SYS_timer_delete, 0x80000000);
	CALL(SYS_timerfd_create, 99, 0x7bffffff);
	CALL(SYS_timerfd_create, 7, 04000);
	long fd = CALL(SYS_timerfd_create, 1, 02000000);
	CALL(SYS_timerfd_settime, fd, 0, specs[5], old);
	CALL(SYS_timerfd_settime, fd, 0, BAD, NULL);
	CALL(SYS_timerfd_gettime, fd, old);
	CALL(SYS_timerfd_gettime, fd, NULL);
#ifdef SYS_timer_settime64
	int64_t wide[4] = {0, 0, 1, 2};
	CALL(SYS_timer_settime64, -1, 1, wide, BAD);
	CALL(SYS_timer_gettime64, -1, wide);
	CALL(SYS_timerfd_settime64, -1, 3, wide, NULL);
	CALL(SYS_timerfd_gettime64, fd, wide);
	CALL(SYS_timerfd_settime64, fd, 1, edge(31), NULL);
#endif
}
