// bpf(2): ids, information, queries, links, tracepoints, BTF.
#include "parity.h"
#include <linux/bpf.h>

#define BPF(cmd, attr, size) CALL(SYS_bpf, cmd, attr, size)

static long program(void)
{
	struct bpf_insn simple[2] = {{0xb7, 0, 0, 0, 1}, {0x95, 0, 0, 0, 0}};
	union bpf_attr *a = edge(48);
	a->prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	a->insns = (uintptr_t)copy(simple, sizeof(simple));
	a->insn_cnt = 2;
	a->license = (uintptr_t)text("GPL");
	return BPF(BPF_PROG_LOAD, a, 48);
}

static void information(long fd)
{
	static const int sizes[] = {0, 4, 40, 80, 100, 200, 300};
	for (unsigned i = 0; i < COUNT(sizes); i++) {
		union bpf_attr *a = edge(16);
		a->info.bpf_fd = fd;
		a->info.info_len = sizes[i];
		a->info.info = (uintptr_t)edge(sizes[i]);
		BPF(BPF_OBJ_GET_INFO_BY_FD, a, 16);
	}
}

void run(void)
{
	union bpf_attr *a = edge(64);
	a->map_type = BPF_MAP_TYPE_ARRAY;
	a->key_size = 4;
	a->value_size = 8;
	a->max_entries = 1;
	information(-1);
	BPF(BPF_MAP_CREATE, a, 20);
	memset(a, 0, 64);
	a->start_id = -1;
	for (int cmd = BPF_PROG_GET_NEXT_ID; cmd <= BPF_MAP_GET_FD_BY_ID; cmd++)
		BPF(cmd, a, 12);
	a->open_flags = 0xffffffff;
	BPF(BPF_PROG_GET_NEXT_ID, a, 12);
	BPF(BPF_BTF_GET_FD_BY_ID, a, 12);
	BPF(BPF_LINK_GET_FD_BY_ID, a, 12);
	memset(a, 0, 64);
	a->query.target_fd = 1;
	a->query.attach_type = 4;
	a->query.query_flags = 1;
	a->query.prog_ids = (uintptr_t)edge(8);
	a->query.prog_cnt = 2;
	BPF(BPF_PROG_QUERY, a, 28);
	BPF(BPF_PROG_QUERY, a, 64);
	memset(a, 0, 64);
	a->raw_tracepoint.name = (uintptr_t)text("0123456789012345678901234567890123456789");
	a->raw_tracepoint.prog_fd = -1;
	BPF(BPF_RAW_TRACEPOINT_OPEN, a, 16);
	a->raw_tracepoint.name = (uintptr_t)BAD;
	BPF(BPF_RAW_TRACEPOINT_OPEN, a, 16);
	memset(a, 0, 64);
	a->btf = (uintptr_t)copy("0123456789abcdef", 16);
	a->btf_size = 16;
	a->btf_log_buf = (uintptr_t)edge(200);
	a->btf_log_size = 200;
	a->btf_log_level = 1;
	BPF(BPF_BTF_LOAD, a, 28);
	memset(a, 0, 64);
	a->task_fd_query.pid = 1;
	a->task_fd_query.fd = 77;
	a->task_fd_query.buf_len = 10;
	a->task_fd_query.buf = (uintptr_t)edge(10);
	BPF(BPF_TASK_FD_QUERY, a, 48);
	memset(a, 0, 64);
	a->link_create.prog_fd = -1;
	a->link_create.target_fd = 1;
	for (int type = 0; type < 48; type += 1) {
		a->link_create.attach_type = type;
		a->link_create.iter_info = (uintptr_t)BAD;
		a->link_create.iter_info_len = 3;
		BPF(BPF_LINK_CREATE, a, 48);
	}
	BPF(BPF_LINK_UPDATE, a, 16);
	BPF(BPF_PROG_ATTACH, a, 20);
	BPF(BPF_PROG_DETACH, a, 20);
	a->link_detach.link_fd = -1;
	information(program());
	information(3);
}
