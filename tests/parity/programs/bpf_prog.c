// bpf(2) on programs: loading, the verifier's log, test runs, pinning, attaching, information.
#include "parity.h"
#include <linux/bpf.h>

#define BPF(cmd, attr, size) CALL(SYS_bpf, cmd, attr, size)

void run(void)
{
	struct bpf_insn insns[] = {
		{0xb7, 0, 0, 0, 1},  // r0 = 1
		{0xbf, 1, 2, 0, 0},  // r1 = r2
		{0x79, 3, 10, -8, 0}, // r3 = *(u64 *)(r10 - 8)
		{0x18, 1, 1, 0, 3},
		{0, 0, 0, 0, 0},
		{0x85, 0, 0, 0, 7},
		{0x15, 1, 0, 5, -1},
		{0xdb, 1, 2, 3, 4},
		{0xdc, 1, 0, 0, 64},
		{0xff, 15, 15, -1, -1},
		{0x95, 0, 0, 0, 0},
	};
	struct bpf_insn *code = copy(insns, sizeof(insns));
	struct bpf_insn simple[2] = {insns[0], insns[10]};
	union bpf_attr *a = edge(128);
	char *log = edge(128);
	a->prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	a->insns = (uintptr_t)code;
	a->insn_cnt = COUNT(insns);
	a->license = (uintptr_t)text("GPL");
	for (int size = 8; size <= 128; size += 8)
		BPF(BPF_PROG_LOAD, a, size);
	a->insns = (uintptr_t)copy(simple, sizeof(simple));
	a->insn_cnt = 2;
	strcpy(a->prog_name, "seize");
	a->log_level = 1;
	a->log_size = 128;
	a->log_buf = (uintptr_t)log;
	long fd = BPF(BPF_PROG_LOAD, a, 128);
	a->kern_version = 0x060c07;
	a->prog_flags = 0x3f;
	a->prog_ifindex = 1;
	a->expected_attach_type = BPF_CGROUP_INET4_CONNECT;
	a->prog_btf_fd = a->attach_prog_fd = -1;
	a->func_info = a->line_info = a->fd_array = (uintptr_t)BAD;
	a->func_info_cnt = a->line_info_cnt = 77;
	BPF(BPF_PROG_LOAD, a, 128);
	a->license = (uintptr_t)BAD;
	a->log_buf = (uintptr_t)BAD;
	a->insns = (uintptr_t)code;
	for (unsigned count = 0; count < 14; count += 3) {
		a->insn_cnt = count;
		BPF(BPF_PROG_LOAD, a, 48);
	}
	a->insn_cnt = -1;
	BPF(BPF_PROG_LOAD, a, 48);
	a->insns = (uintptr_t)BAD;
	BPF(BPF_PROG_LOAD, a, 48);
	for (int type = 0; type < 35; type++) {
		memset(a, 0, 128);
		a->prog_type = type;
		a->expected_attach_type = type * 2;
		BPF(BPF_PROG_LOAD, a, 72);
	}
	memset(a, 0, 128);
	a->test.prog_fd = fd;
	a->test.data_size_in = 14;
	a->test.data_in = (uintptr_t)edge(14);
	a->test.repeat = 1;
	BPF(BPF_PROG_TEST_RUN, a, 80);
	a->test.retval = a->test.duration = 0;
	a->test.prog_fd = -1;
	BPF(BPF_PROG_TEST_RUN, a, 40);
	a->test.retval = a->test.duration = 0;
	a->test.flags = 3;
	BPF(BPF_PROG_TEST_RUN, a, 80);
	memset(a, 0, 128);
	a->pathname = (uintptr_t)text("nowhere/prog");
	a->bpf_fd = fd;
	a->file_flags = 0x1f;
	BPF(BPF_OBJ_PIN, a, 16);
	BPF(BPF_OBJ_GET, a, 12);
	a->pathname = (uintptr_t)BAD;
	BPF(BPF_OBJ_GET, a, 16);
}
