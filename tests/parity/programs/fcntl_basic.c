// fcntl by command: flags, descriptors, owners, signals, leases, seals, pipes, hints.
#include "parity.h"

void run(void)
{
	static const long values[] = {0, 1, 2, 3, 9, 17, 0x800, 04000, -1, 0x7fffffff, 0x80000000};
	int *owner = edge(8);
	uint64_t *hint = edge(8);
	int pipes[2];
	long fd = CALL(SYS_open, "f", O_CREAT | O_RDWR | O_APPEND, 0600);

	CALL(SYS_pipe2, pipes, O_CLOEXEC);
	for (long command = 0; command < 17; command++)
		CALL(SYS_fcntl, -1, command, 1);
	for (size_t i = 0; i < COUNT(values); i++) {
		CALL(SYS_fcntl, -1, F_DUPFD, values[i]);
		CALL(SYS_fcntl, -1, F_SETFD, values[i]);
		CALL(SYS_fcntl, -1, F_SETFL, values[i]);
		CALL(SYS_fcntl, -1, F_SETOWN, values[i]);
		CALL(SYS_fcntl, -1, F_SETSIG, values[i]);
		CALL(SYS_fcntl, -1, F_SETLEASE, values[i]);
		CALL(SYS_fcntl, -1, F_NOTIFY, values[i]);
		CALL(SYS_fcntl, -1, F_SETPIPE_SZ, values[i]);
		CALL(SYS_fcntl, -1, F_ADD_SEALS, values[i]);
		CALL(SYS_fcntl, -1, 1024 + 6, values[i]);
		CALL(SYS_fcntl, -1, 1024 + 3, values[i]);
		CALL(SYS_fcntl, -1, 1024 + 4, values[i]);
		*hint = values[i];
		CALL(SYS_fcntl, -1, F_SET_RW_HINT, hint);
		CALL(SYS_fcntl, fd, F_SETOWN, values[i]);
		CALL(SYS_fcntl, fd, F_GETOWN);
	}
	CALL(SYS_fcntl, fd, F_DUPFD, 20);
	CALL(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 30);
	CALL(SYS_fcntl, fd, F_GETFD);
	CALL(SYS_fcntl, pipes[0], F_GETFD);
	CALL(SYS_fcntl, fd, F_GETFL);
	CALL(SYS_fcntl, pipes[1], F_GETFL);
	CALL(SYS_fcntl, fd, F_SETFL, O_NONBLOCK | O_ASYNC);
	CALL(SYS_fcntl, fd, F_GETFL);
	CALL(SYS_fcntl, fd, F_SETSIG, SIGUSR1);
	CALL(SYS_fcntl, fd, F_GETSIG);
	CALL(SYS_fcntl, pipes[0], F_GETSIG);
	CALL(SYS_fcntl, fd, F_GETLEASE);
	CALL(SYS_fcntl, fd, F_SETLEASE, F_WRLCK);
	CALL(SYS_fcntl, fd, F_GETLEASE);
	CALL(SYS_fcntl, pipes[0], F_GETPIPE_SZ);
	CALL(SYS_fcntl, pipes[0], F_SETPIPE_SZ, 4096);
	CALL(SYS_fcntl, fd, F_GET_SEALS);
	fd = CALL(SYS_memfd_create, "m", 2);
	CALL(SYS_fcntl, fd, F_GET_SEALS);
	CALL(SYS_fcntl, fd, F_ADD_SEALS, 0xf);
	CALL(SYS_fcntl, fd, F_GET_SEALS);
	CALL(SYS_fcntl, fd, F_GET_RW_HINT, hint);
	*hint = 3;
	CALL(SYS_fcntl, fd, F_SET_RW_HINT, hint);
	CALL(SYS_fcntl, fd, F_GET_RW_HINT, hint);
	CALL(SYS_fcntl, fd, F_GET_FILE_RW_HINT, hint);
	CALL(SYS_fcntl, fd, F_SET_FILE_RW_HINT, BAD);
	CALL(SYS_fcntl, fd, F_SET_RW_HINT, NULL);
	for (int kind = 0; kind < 4; kind++) {
		owner[0] = kind;
		owner[1] = -1;
		CALL(SYS_fcntl, pipes[0], F_SETOWN_EX, owner);
		CALL(SYS_fcntl, pipes[0], F_GETOWN_EX, owner);
	}
	CALL(SYS_fcntl, -1, F_SETOWN_EX, BAD);
	CALL(SYS_fcntl, -1, F_GETOWN_EX, NULL);
	CALL(SYS_fcntl, -1, F_GETOWN_EX, owner + 1);
	CALL(SYS_fcntl, pipes[0], 17, edge(8));
	CALL(SYS_fcntl, -1, 0x12345678, 0x9abcdef0);
	CALL(SYS_fcntl, -1, -1, -1);
}
