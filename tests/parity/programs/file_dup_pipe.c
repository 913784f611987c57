// dup, dup2, dup3, pipe, pipe2, memfd_create, eventfd.
#include "parity.h"

void run(void)
{
	static const long flags[] = {0, O_CLOEXEC, O_NONBLOCK, O_DIRECT, O_CLOEXEC | O_NONBLOCK, 0200, 1, 0x7bffffff};
	int *pipes = edge(8);

	CALL(SYS_dup, 0);
	CALL(SYS_dup, -1);
	CALL(SYS_dup2, 0, 10);
	CALL(SYS_dup2, 0, 0);
	CALL(SYS_dup2, -1, 10);
	CALL(SYS_dup2, 0, -1);
	CALL(SYS_dup3, 0, 0, 0);
	CALL(SYS_dup3, 0, 12, O_CLOEXEC);
	CALL(SYS_dup3, 0, -1, 0x7bffffff);
	CALL(SYS_pipe, pipes);
	CALL(SYS_pipe, NULL);
	CALL(SYS_pipe, BAD);
	CALL(SYS_pipe, pipes + 1);
	for (size_t i = 0; i < COUNT(flags); i++) {
		CALL(SYS_pipe2, pipes, flags[i]);
		CALL(SYS_eventfd2, i, flags[i]);
		CALL(SYS_dup3, -1, 5, flags[i]);
	}
	CALL(SYS_pipe2, BAD, 0);
	CALL(SYS_eventfd, 0x80000000);
	CALL(SYS_eventfd2, -1, 1);
	for (long flag = 0; flag < 64; flag = flag ? flag * 2 : 1)
		CALL(SYS_memfd_create, "name", flag);
	CALL(SYS_memfd_create, "a name that is longer than the limit of strings", 4);
	CALL(SYS_memfd_create, BAD, 0x7fffffff);
	CALL(SYS_memfd_create, NULL, 0);
	CALL(SYS_memfd_create, text(""), 4 | 21 << 26);
	CALL(SYS_memfd_create, "x", 4 | 30 << 26);
	CALL(SYS_memfd_create, "x", 1 << 26);
	CALL(SYS_memfd_create, "x", 0x3f << 26);
}
