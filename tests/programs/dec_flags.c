// Every bit of every set of flags, and values without a name: names, their order, what is left.
// What the compiler would warn of is what is to be shown.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wrestrict"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-variable"
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <poll.h>
#include <asm/termbits.h>
#include <asm/ioctls.h>
#include <unistd.h>

#define ALL 0xffffffffUL
#define CALL(...) syscall(__VA_ARGS__)

int main(void)
{
	unsigned long bad = 16, i;
	CALL(SYS_openat, -1, bad, ALL, 07777);
	CALL(SYS_openat, -1, bad, 0x600000, 07777);
	CALL(SYS_mmap, bad, 0, ALL, ALL & ~15, -1, 0);
	CALL(SYS_mmap, bad, 0, 0, 15, -1, 0);
	CALL(SYS_mremap, 1, 1, 1, ALL, 1);
	CALL(SYS_msync, 1, 1, ALL);
	CALL(SYS_mlock2, 1, 1, ALL);
	CALL(SYS_mlockall, ALL & ~3);
	CALL(SYS_clone, ALL, 0, 0, 0, 0);
	CALL(SYS_unshare, ALL);
	CALL(SYS_setns, -1, ALL);
	CALL(SYS_wait4, -1, bad, ALL, 0);
	CALL(SYS_waitid, 9, 0, 0, ALL, 0);
	CALL(SYS_fcntl, -1, 2, ALL);
	CALL(SYS_fcntl, -1, 4, ALL);
	CALL(SYS_fcntl, -1, 1026, ALL);
	CALL(SYS_fcntl, -1, 1033, ALL);
	CALL(SYS_newfstatat, -1, bad, 0, ALL);
	CALL(SYS_statx, -1, bad, ALL, ALL, 0);
	CALL(SYS_faccessat2, -1, bad, ALL, ALL);
	CALL(SYS_unlinkat, -1, bad, ALL);
	CALL(SYS_linkat, -1, bad, -1, bad, ALL);
	CALL(SYS_renameat2, -1, bad, -1, bad, ALL);
	CALL(SYS_fchownat, -1, bad, 0, 0, ALL);
	CALL(SYS_utimensat, -1, bad, 0, ALL);
	CALL(SYS_execveat, -1, bad, 0, 0, ALL);
	CALL(SYS_name_to_handle_at, -1, bad, 0, 0, ALL);
	CALL(SYS_setxattr, bad, bad, 0, 0, ALL);
	CALL(SYS_mount, bad, bad, bad, ALL, 0);
	CALL(SYS_umount2, bad, ALL);
	CALL(SYS_fallocate, -1, ALL, 0, 0);
	CALL(SYS_splice, -1, 0, -1, 0, 0, ALL);
	CALL(SYS_sync_file_range, -1, 0, 0, ALL);
	CALL(SYS_flock, -1, ALL);
	CALL(SYS_preadv2, -1, 0, 0, 0, 0, ALL);
	CALL(SYS_dup3, -1, -1, ALL);
	CALL(SYS_pipe2, bad, ALL);
	CALL(SYS_eventfd2, 0, ALL);
	CALL(SYS_epoll_create1, ALL);
	CALL(SYS_signalfd4, -1, 0, 8, ALL);
	CALL(SYS_timerfd_create, 0, ALL);
	CALL(SYS_timerfd_settime, -1, ALL, 0, 0);
	CALL(SYS_timer_settime, -1, ALL, 0, 0);
	CALL(SYS_inotify_init1, ALL);
	CALL(SYS_inotify_add_watch, -1, bad, ALL);
	CALL(SYS_memfd_create, bad, ALL);
	CALL(SYS_getrandom, bad, 1, ALL);
	CALL(SYS_socket, 1, ALL, 0);
	CALL(SYS_accept4, -1, 0, 0, ALL);
	CALL(SYS_sendto, -1, 0, 0, ALL, 0, 0);
	CALL(SYS_close_range, 1, 0, ALL);
	CALL(SYS_pidfd_open, -1, ALL);
	CALL(SYS_membarrier, 7777, ALL);
	CALL(SYS_futex, bad, 0x1ff, 0, 0, 0, 0);
	CALL(SYS_futex, bad, 0x189, 0, 0, 0, 7);
	CALL(SYS_shmget, 0, 0, ALL);
	CALL(SYS_shmat, -1, 0, ALL);
	CALL(SYS_semget, 5, 0, ALL);
	CALL(SYS_msgget, 5, ALL);
	CALL(SYS_msgrcv, -1, 0, 0, 0, ALL);
	CALL(SYS_personality, 0xfffffffe);
	CALL(SYS_personality, 0x0040000);
	CALL(SYS_mq_open, bad, ALL & ~0100, 0, 0);
	CALL(SYS_perf_event_open, bad, 0, 0, 0, ALL);
	CALL(SYS_userfaultfd, ALL);
	CALL(SYS_fanotify_init, ALL, ALL);
	CALL(SYS_swapon, bad, ALL);
	CALL(SYS_finit_module, -1, 0, ALL);
	CALL(SYS_delete_module, bad, ALL);
	CALL(SYS_kexec_load, 0, 0, 0, ALL);
	CALL(SYS_fsopen, bad, ALL);
	CALL(SYS_fsmount, -1, ALL, ALL);
	CALL(SYS_fspick, -1, bad, ALL);
	CALL(SYS_open_tree, -1, bad, ALL);
	CALL(SYS_move_mount, -1, bad, -1, bad, ALL);
	CALL(SYS_mbind, 0, 0, 3, 0, 0, ALL);
	CALL(SYS_set_mempolicy, 0x8003, 0, 0);
	CALL(SYS_get_mempolicy, 0, 0, 0, 0, ALL);
	CALL(SYS_pkey_alloc, 0, ALL);
	CALL(SYS_io_uring_enter, -1, 0, 0, ALL, 0, 0);
	CALL(SYS_seccomp, 1, ALL, bad);
	for (i = 0; i < 45; i++) CALL(SYS_madvise, 1, 0, i);
	for (i = 0; i < 20; i++) CALL(SYS_prlimit64, -1, i, 0, 0);
	for (i = 0; i < 14; i++) CALL(SYS_clock_gettime, i, bad);
	for (i = 0; i < 50; i++) CALL(SYS_socket, i, 999, i);
	for (i = 0; i < 70; i++) CALL(SYS_kill, 99999999, i);
	for (i = 0; i < 40; i++) CALL(SYS_prctl, i + 2000, bad, bad, bad, bad);
	for (i = 0; i < 40; i++) CALL(SYS_fcntl, -1, i, 5);
	for (i = 0; i < 20; i++) CALL(SYS_fcntl, -1, i + 1024, 5);
	for (i = 0; i < 90; i++) CALL(SYS_setsockopt, -1, 1, i, 0, 0);
	for (i = 0; i < 60; i++) CALL(SYS_setsockopt, -1, 0, i, 0, 0);
	for (i = 0; i < 90; i++) CALL(SYS_setsockopt, -1, 41, i, 0, 0);
	for (i = 0; i < 50; i++) CALL(SYS_setsockopt, -1, 6, i, 0, 0);
	for (i = 0; i < 10; i++) CALL(SYS_lseek, -1, 0, i);
	for (i = 0; i < 10; i++) CALL(SYS_fadvise64, -1, 0, 0, i);
	for (i = 0; i < 10; i++) CALL(SYS_sched_get_priority_max, i);
	for (i = 0; i < 10; i++) CALL(SYS_rt_sigprocmask, i, 0, 0, 8);
	struct epoll_event e = {.events = ALL};
	CALL(SYS_epoll_ctl, -1, 1, -1, &e);
	struct pollfd p = {1, 0xffff, 0};
	CALL(SYS_poll, &p, 1, 0);
	struct { void *h; unsigned long f; void *r; uint64_t m; } sa = {0, ALL, 0, 0};
	for (i = 0; i < 64; i++) {
		sa.m = 1UL << i;
		CALL(SYS_rt_sigprocmask, 9, &sa.m, 0, 8);
		sa.m = ~sa.m;
		CALL(SYS_rt_sigprocmask, 9, &sa.m, 0, 8);
		sa.m = (1UL << i) - 1;
		CALL(SYS_rt_sigprocmask, 9, &sa.m, 0, 8);
	}
	CALL(SYS_rt_sigaction, 99, &sa, 0, 8);
	stack_t ss = {0, ALL, 0};
	CALL(SYS_sigaltstack, &ss, 0);
	struct termios t = {ALL, ALL, ALL, ALL};
	CALL(SYS_ioctl, -1, TCSETS, &t);
	t.c_cflag = 0xfff;
	CALL(SYS_ioctl, -1, TCSETS, &t);
	struct { unsigned a, b; } cap = {0x20080522, 0};
	unsigned data[6] = {ALL, ALL, ALL, ALL, ALL, ALL};
	CALL(SYS_capset, &cap, data);
	return 0;
}
