// io_uring_enter: flags, a signal mask or an extended argument.
#include "parity.h"
#include <linux/io_uring.h>

#define ENTER(...) CALL(SYS_io_uring_enter, __VA_ARGS__)

void run(void)
{
	struct io_uring_params *p = edge(sizeof(*p));
	long fd = CALL(SYS_io_uring_setup, 1, p);
	unsigned long long *mask = edge(8);
	*mask = 0x4003;
	ENTER(fd, 0, 0, 0, 0, 0);
	ENTER(fd, 1, 0, 0, 0, 0);
	ENTER(-1, 0, 0, 0x1f, mask, 8);
	ENTER(-1, -1, -1, 7, mask, 8);
	ENTER(-1, 0, 0, 0, mask, 8);
	ENTER(-1, 0, 0, 1, mask, 4);
	ENTER(-1, 0, 0, 1, mask, 16);
	ENTER(-1, 0, 0, 0xffffff00, mask, 0);
	ENTER(-1, 0, 0, 1, BAD, 8);
	ENTER(-1, 0, 0, 1, NULL, 8);
	struct __kernel_timespec *ts = edge(sizeof(*ts));
	ts->tv_nsec = 1000;
	struct io_uring_getevents_arg *arg = edge(sizeof(*arg));
	ENTER(fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, arg, 4);
	arg->ts = (uintptr_t)ts;
	ENTER(fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, arg, sizeof(*arg));
	arg->sigmask = (uintptr_t)mask;
	arg->sigmask_sz = 8;
	arg->pad = 9;
	ENTER(-1, 0, 1, IORING_ENTER_EXT_ARG, arg, sizeof(*arg));
	ENTER(-1, 0, 1, IORING_ENTER_EXT_ARG, arg, 16);
	ENTER(-1, 0, 1, IORING_ENTER_EXT_ARG, arg, 32);
	ENTER(-1, 0, 1, IORING_ENTER_EXT_ARG, BAD, sizeof(*arg));
	arg->ts = arg->sigmask = (uintptr_t)BAD;
	ENTER(-1, 0, 1, IORING_ENTER_EXT_ARG, arg, sizeof(*arg));
}
