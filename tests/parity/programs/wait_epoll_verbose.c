// The epoll family, verbose.
// options: -v
#include "parity.h"

struct event {
	uint32_t events;
	uint64_t data;
} __attribute__((packed));

static void controls(long epoll, struct event *event)
{
	static const uint32_t events[] = {0, 1, 2, 4, 8, 0x10, 0x2000, 1u << 28, 1u << 29, 1u << 30, 1u << 31, 0x7fffffff};

	for (size_t i = 0; i < COUNT(events); i++) {
		*event = (struct event){events[i], 0x123456789abcdef0};
		CALL(SYS_epoll_ctl, epoll, 3, 77, event);
	}
	for (int op = 0; op < 5; op++)
		CALL(SYS_epoll_ctl, epoll, op, 0, event);
	CALL(SYS_epoll_ctl, -1, -1, -1, NULL);
	CALL(SYS_epoll_ctl, epoll, 1, 1, BAD);
	CALL(SYS_epoll_ctl, epoll, 1, 1, (char *)event + 1);
	CALL(SYS_epoll_ctl, epoll, 2, 1, BAD);
	CALL(SYS_epoll_ctl, epoll, 1, 1, NULL);
}

void run(void)
{
	static const long flags[] = {0, 02000000, 1, 04000, 0x7bffffff};
	struct event *event = edge(sizeof(*event));
	struct event *many = edge(2 * sizeof(*many));
	uint64_t mask = 2;
	int64_t time[2] = {0, 1000};
	int pipes[2];

	CALL(SYS_epoll_create, 1);
	CALL(SYS_epoll_create, -1);
	for (size_t i = 0; i < COUNT(flags); i++)
		CALL(SYS_epoll_create1, flags[i]);
	controls(3, event);
	CALL(SYS_pipe, pipes);
	*event = (struct event){5, 42};
	CALL(SYS_epoll_ctl, 3, 1, pipes[1], event);
	CALL(SYS_epoll_ctl, 3, 1, pipes[0], event);
	CALL(SYS_epoll_wait, 3, many, 2, 0);
	CALL(SYS_epoll_wait, 3, many, 1, -1);
	CALL(SYS_epoll_wait, 4, many, 2, 1);
	CALL(SYS_epoll_wait, 3, NULL, 2, 0);
	CALL(SYS_epoll_wait, 3, many, 0, 0);
	CALL(SYS_epoll_wait, 3, many, -1, 0x80000000);
	CALL(SYS_epoll_wait, -1, BAD, 5, 0);
	CALL(SYS_epoll_pwait, 3, many, 2, 0, &mask, 8);
	CALL(SYS_epoll_pwait, 3, many, 2, 0, NULL, 0);
	CALL(SYS_epoll_pwait, 3, many, 2, 0, &mask, 16);
	CALL(SYS_epoll_pwait, 3, many, 2, 0, BAD, 8);
	CALL(441, 3, many, 2, time, &mask, 8);
	CALL(441, 4, many, 2, time, NULL, 0);
	CALL(441, 3, many, 2, NULL, &mask, 8);
	CALL(441, -1, BAD, 0, BAD, BAD, 4);
	CALL(SYS_write, pipes[1], "x", 1);
	*event = (struct event){0x80000019, 0xffffffff00000001};
	CALL(SYS_epoll_ctl, 3, 3, pipes[0], event);
	CALL(SYS_epoll_wait, 3, many, 2, 0);
#ifdef SYS_epoll_ctl_old
	CALL(SYS_epoll_ctl_old, 1, 2, 3, 4);
	CALL(SYS_epoll_wait_old, 1, 2, 3, 4);
#endif
}
