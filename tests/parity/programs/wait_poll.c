// poll and ppoll: descriptors, timeouts, masks.
#include "parity.h"
#include <poll.h>

static void polls(struct pollfd *fds)
{
	static const short events[] = {0, 1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x1000, 0x2000, -1, 0x4000};

	for (size_t i = 0; i < COUNT(events); i++) {
		fds[0] = (struct pollfd){0, events[i], -1};
		CALL(SYS_poll, fds, 1, 0);
	}
	fds[0] = (struct pollfd){0, POLLIN, 0};
	fds[1] = (struct pollfd){-1, POLLIN, 0};
	fds[2] = (struct pollfd){77, POLLOUT, 0};
	CALL(SYS_poll, fds, 3, -1);
	CALL(SYS_poll, fds + 1, 1, 0);
	CALL(SYS_poll, fds + 1, 1, 1);
	CALL(SYS_poll, fds, 0, 0);
	CALL(SYS_poll, NULL, 0, 0);
	CALL(SYS_poll, NULL, 3, 0);
	CALL(SYS_poll, BAD, 3, 0x80000000);
	CALL(SYS_poll, fds, 4, 0);
	CALL(SYS_poll, fds, 0xffffffff, 0);
	CALL(SYS_poll, fds, 0x100000000 >> 1, 7);
	struct pollfd many[40];
	for (int i = 0; i < 40; i++)
		many[i] = (struct pollfd){i % 3 ? -i : 0, POLLIN, 0};
	CALL(SYS_poll, many, 40, 0);
	for (int i = 0; i < 40; i++)
		many[i] = (struct pollfd){0, POLLIN, 0};
	CALL(SYS_poll, many, 40, 0);
}

void run(void)
{
	struct pollfd *fds = edge(3 * sizeof(*fds));
	long *time = edge(2 * sizeof(long));
	uint64_t *mask = edge(8);

	polls(fds);
	*mask = 1 << (SIGINT - 1) | 1ULL << 33;
	time[0] = 5;
	time[1] = 6;
	CALL(SYS_ppoll, fds, 1, time, NULL, 0);
	CALL(SYS_ppoll, fds, 1, NULL, mask, 8);
	CALL(SYS_ppoll, fds + 1, 1, edge(2 * sizeof(long)), mask, 8);
	time[0] = 7;
	time[1] = 8;
	CALL(SYS_ppoll, fds, 3, time, mask, 4);
	CALL(SYS_ppoll, fds, 3, time, BAD, 8);
	CALL(SYS_ppoll, fds, 3, time, mask, 128);
	CALL(SYS_ppoll, NULL, 0, BAD, NULL, -1);
	CALL(SYS_ppoll, NULL, 1, (char *)time + 1, (char *)mask + 1, 8);
	time[1] = -1;
	CALL(SYS_ppoll, fds, 1, time, mask, 8);
#ifdef SYS_ppoll_time64
	int64_t wide[2] = {3, 4};
	CALL(SYS_ppoll_time64, fds, 1, wide, mask, 8);
	CALL(SYS_ppoll_time64, fds, 3, wide, NULL, 8);
	wide[0] = 2;
	wide[1] = -1;
	CALL(SYS_ppoll_time64, fds, 3, wide, NULL, 8);
	CALL(SYS_ppoll_time64, fds, 3, BAD, NULL, 8);
#endif
}
