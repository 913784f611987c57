// process_madvise, pidfd_getfd, pidfd_open
#include "parity.h"
#include <sys/uio.h>

void run(void)
{
	char *page = mmap(NULL, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec *vec = edge(2 * sizeof(*vec));
	vec[0] = (struct iovec){page, 4096};
	vec[1] = (struct iovec){BAD, 1};
	long fd = CALL(SYS_pidfd_open, CALL(SYS_getpid), 0);
	CALL(SYS_process_madvise, fd, vec, 1, 20, 0);
	CALL(SYS_process_madvise, fd, vec, 2, 21, 0);
	CALL(SYS_process_madvise, fd, vec, 3, 4, 1);
	CALL(SYS_process_madvise, -1, BAD, 1, 99, -1);
	CALL(SYS_process_madvise, -1, NULL, 0, -1, 0);
	CALL(SYS_process_madvise, -1, vec, -1, 0, 0);
	CALL(SYS_pidfd_open, -1, 0);
	CALL(SYS_pidfd_open, 0x7fffffff, 04000);
	CALL(SYS_pidfd_open, 0x7fffffff, -1);
	CALL(SYS_pidfd_getfd, fd, 0, 0);
	CALL(SYS_pidfd_getfd, -1, -1, -1);
	CALL(SYS_pidfd_send_signal, fd, 0, NULL, 0);
	CALL(SYS_pidfd_send_signal, -1, 9, BAD, 7);
	CALL(SYS_pidfd_send_signal, -1, 64, edge(128), 0);
}
