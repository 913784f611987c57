// The same with all strings in hexadecimal and constants as numbers only.
// options: -xx -X raw
#include "parity.h"

void run(void)
{
	struct { void *base; size_t size; } vec[] = {{"one\n", 4}, {"two", 3}};
	char buffer[64];

	CALL(SYS_open, "a\tb\001", O_RDWR | O_CLOEXEC | 0x70000000);
	CALL(SYS_openat, -100, "plain", O_CREAT | O_EXCL, 0644);
	CALL(SYS_mknod, "none/x", 020644, 0x103);
	CALL(SYS_access, "none", 4);
	CALL(SYS_fcntl, -1, F_SETFL, O_NONBLOCK);
	CALL(SYS_fcntl, 0, F_GETFD);
	CALL(SYS_lseek, -1, 5, SEEK_END);
	CALL(SYS_writev, -1, vec, 2);
	CALL(SYS_write, -1, "data\377\n", 6);
	CALL(SYS_readlink, "/proc/self/none", buffer, 64);
	CALL(SYS_kill, 0x7fffffff, SIGUSR1);
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &(uint64_t){0x402}, NULL, 8);
	CALL(SYS_madvise, 1, 4096, 4);
	CALL(SYS_personality, 0xffffffff);
	CALL(SYS_flock, -1, 6);
	CALL(SYS_fchownat, -1, "x", -1, 0, 0x100);
	CALL(SYS_sched_setscheduler, -1, 1, &(int){5});
	CALL(SYS_timerfd_create, 1, 02000000);
	CALL(SYS_unshare, 0x7f);
	CALL(SYS_waitid, 1, 0x7fffffff, NULL, 5, NULL);
}
