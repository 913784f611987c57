// seccomp and prctl(PR_SET_SECCOMP): every operation, filters that aren't shown.
#include "parity.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

void run(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog *prog = edge(sizeof(*prog));
	prog->len = 2;
	prog->filter = copy(code, sizeof(code));
	CALL(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (int op = -1; op < 6; op++) {
		CALL(SYS_seccomp, op, 0xffffffe0, prog);
		CALL(SYS_seccomp, op, 0x80000000, NULL);
		CALL(SYS_seccomp, op, 0x80000000, BAD);
	}
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0x80ff, prog);
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, (char *)prog + 4);
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, prog);
	unsigned *action = edge(4);
	static const unsigned actions[] = {0, 0x80000000, 0x30000, 0x50000, 0x7fc00000, 0x7ff00000,
					   0x7ffc0000, 0x7fff0000, 1, 0x50001, 0xffffffff};
	for (unsigned i = 0; i < COUNT(actions); i++) {
		*action = actions[i];
		CALL(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, action);
	}
	CALL(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, action);
	struct seccomp_notif_sizes *sizes = edge(sizeof(*sizes));
	CALL(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, sizes);
	CALL(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 7, sizes);
	CALL(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, (char *)sizes + 2);
	CALL(SYS_prctl, PR_GET_SECCOMP, 1, 2, 3, 4);
	CALL(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, BAD, 3, 4);
	CALL(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 3, 4);
	CALL(SYS_prctl, PR_SET_SECCOMP, 7, prog, 3, 4);
	CALL(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog, 3, 4);
	prog->len = 0;
	CALL(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog, 3, 4);
	prog->len = 0xffff;
	CALL(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog, 3, 4);
	CALL(SYS_seccomp, 0x100000000, 0, prog);
}
