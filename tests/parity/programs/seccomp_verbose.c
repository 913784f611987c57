// seccomp: classic BPF programs, instruction by instruction.
// options: -v
#include "parity.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>

void run(void)
{
	struct sock_filter *code = edge(256 * sizeof(*code));
	struct sock_fprog *prog = edge(sizeof(*prog));
	CALL(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	for (int i = 0; i < 256; i++) {
		code[i].code = i;
		code[i].jt = i & 4 ? i : 0;
		code[i].jf = i & 16 ? i + 1 : 0;
		code[i].k = i < 40 ? i : i * 0x1234567U;
	}
	prog->len = 8;
	for (int i = 0; i < 256; i += 8) {
		prog->filter = code + i;
		CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
	}
	prog->filter = code + 248;
	prog->len = 9;
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
	prog->len = 0;
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
	prog->filter = BAD;
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
	prog->len = 1;
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
	prog->filter = NULL;
	CALL(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog);
	struct sock_filter real[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0xfffff004),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 59, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP | 0xffff),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, 0x12345678),
		BPF_STMT(BPF_RET | BPF_A, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		{0xfff5, 1, 2, 3},
		{0x15, 1, 2, 0xffffffff},
	};
	prog->filter = copy(real, sizeof(real));
	prog->len = COUNT(real);
	CALL(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog);
	struct sock_filter many[40] = {};
	prog->filter = copy(many, sizeof(many));
	prog->len = 40;
	CALL(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, prog);
}
