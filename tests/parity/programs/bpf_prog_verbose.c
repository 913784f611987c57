// bpf(BPF_PROG_LOAD): the instructions.
// options: -v
#include "parity.h"
#include <linux/bpf.h>

#define BPF(cmd, attr, size) CALL(SYS_bpf, cmd, attr, size)

void run(void)
{
	union bpf_attr *a = edge(48);
	struct bpf_insn *code = edge(256 * sizeof(*code));
	for (int i = 0; i < 256; i++) {
		code[i].code = i;
		code[i].dst_reg = i;
		code[i].src_reg = i >> 4;
		code[i].off = i - 128;
		code[i].imm = i * 0x12345;
	}
	a->prog_type = BPF_PROG_TYPE_KPROBE;
	a->license = (uintptr_t)text("MIT");
	for (int i = 0; i < 256; i += 8) {
		a->insns = (uintptr_t)(code + i);
		a->insn_cnt = 8;
		BPF(BPF_PROG_LOAD, a, 48);
	}
	a->insn_cnt = 9;
	BPF(BPF_PROG_LOAD, a, 24);
	a->insn_cnt = 0;
	BPF(BPF_PROG_LOAD, a, 24);
	a->insns = (uintptr_t)BAD;
	BPF(BPF_PROG_LOAD, a, 24);
}
