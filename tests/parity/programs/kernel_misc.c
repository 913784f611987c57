// userfaultfd, memfd_secret, membarrier, rseq, process_mrelease, pkeys
#include "parity.h"
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

void run(void)
{
	static const int flags[] = {0, 1, 02000000, 04000, 02004001, -1};
	for (unsigned i = 0; i < COUNT(flags); i++) {
		CALL(SYS_userfaultfd, flags[i]);
		CALL(SYS_memfd_secret, flags[i]);
	}
	for (int bit = 0; bit < 12; bit++) {
		CALL(SYS_membarrier, 1 << bit, 2, 3);
		CALL(SYS_membarrier, 1 << bit, 1, -1);
	}
	CALL(SYS_membarrier, 0, 0, 5);
	CALL(SYS_membarrier, 3, 0, 0);
	CALL(SYS_membarrier, -1, -1, 0);
	CALL(SYS_rseq, BAD, 32, 1, 0x53053053);
	CALL(SYS_rseq, NULL, -1, 2, -1);
	CALL(SYS_process_mrelease, -1, 0);
	CALL(SYS_process_mrelease, 0, 0x1234);
	CALL(SYS_pkey_alloc, 0, 0);
	CALL(SYS_pkey_alloc, 1, 3);
	CALL(SYS_pkey_alloc, 0, 0xfff0);
	CALL(SYS_pkey_alloc, -1, -1);
	CALL(SYS_pkey_free, -1);
	CALL(SYS_pkey_free, 77);
	CALL(SYS_pkey_mprotect, BAD, 4096, 7, 77);
	CALL(SYS_pkey_mprotect, NULL, -1, -1, -1);
	CALL(SYS_mlock2, BAD, 1, 1);
	CALL(SYS_mlock2, BAD, -1, -1);
}
