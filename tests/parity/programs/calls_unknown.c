// System call numbers that nobody knows, and names without a call behind them.
#include "parity.h"

void run(void)
{
	static const long numbers[] = {0x1234, 500, 1000, 0x7fffffff, -1, -2, 0x10000};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		CALL(numbers[i]);
		CALL(numbers[i], 1, -1, 0x80000000, BAD, ALL, 6);
	}
#ifdef __x86_64__
	static const long never[] = {SYS_uselib, SYS__sysctl, SYS_create_module, SYS_get_kernel_syms, SYS_query_module, SYS_nfsservctl, SYS_getpmsg, SYS_putpmsg, SYS_afs_syscall, SYS_tuxcall, SYS_security, SYS_vserver, SYS_epoll_ctl_old, SYS_epoll_wait_old, SYS_lookup_dcookie};
	for (long number = 512; number < 548; number++)
		CALL(number, -1, -1, -1, -1, -1, -1);
#else
	static const long never[] = {SYS_break, SYS_stty, SYS_gtty, SYS_ftime, SYS_prof, SYS_lock, SYS_mpx, SYS_ulimit, SYS_profil, SYS_idle, SYS_create_module, SYS_get_kernel_syms, SYS_afs_syscall, SYS_query_module, SYS_nfsservctl, SYS_getpmsg, SYS_putpmsg, SYS_vserver, SYS__sysctl, SYS_bdflush, SYS_lookup_dcookie, SYS_vm86, SYS_vm86old};
#endif
	for (size_t i = 0; i < COUNT(never); i++) {
		CALL(never[i], 0, 0, 0, 0, 0, 0);
		CALL(never[i], 1, BAD, 3, 4, 5, 6);
	}
}
