// bpf(BPF_MAP_CREATE): every size of the attributes, odd types, flags and names.
#include "parity.h"
#include <linux/bpf.h>

#define BPF(cmd, attr, size) CALL(SYS_bpf, cmd, attr, size)

void run(void)
{
	for (int size = 0; size <= 80; size += 4)
		BPF(BPF_MAP_CREATE, edge(size), size);
	union bpf_attr *a = edge(72);
	a->map_type = BPF_MAP_TYPE_HASH;
	a->key_size = 4;
	a->value_size = 8;
	a->max_entries = 5;
	a->map_flags = BPF_F_NO_PREALLOC;
	strcpy(a->map_name, "seize");
	BPF(BPF_MAP_CREATE, a, 72);
	BPF(BPF_MAP_CREATE, a, 42);
	memset(a, 0xff, 72);
	BPF(BPF_MAP_CREATE, a, 72);
	a = edge(72);
	a->map_type = BPF_MAP_TYPE_ARRAY_OF_MAPS;
	a->map_flags = 0x80000005;
	a->inner_map_fd = 1;
	a->numa_node = 2;
	a->map_ifindex = 1;
	a->btf_fd = 3;
	a->btf_key_type_id = 4;
	a->btf_value_type_id = 5;
	a->btf_vmlinux_value_type_id = 6;
	a->map_extra = 7;
	memcpy(a->map_name, "0123456789abcdefgh", 16);
	BPF(BPF_MAP_CREATE, a, 72);
	a->map_type = BPF_MAP_TYPE_HASH;
	a->map_flags = BPF_F_NUMA_NODE;
	a->map_ifindex = 999;
	BPF(BPF_MAP_CREATE, a, 72);
	for (int type = 1; type < 36; type++) {
		a = edge(20);
		a->map_type = type;
		a->map_flags = 1 << (type % 32);
		a->key_size = -1;
		BPF(BPF_MAP_CREATE, a, 20);
	}
	char *tail = edge(200);
	tail[190] = 1;
	BPF(BPF_MAP_CREATE, tail, 200);
	BPF(BPF_MAP_CREATE, tail, 300);
	BPF(BPF_MAP_CREATE, tail, -1);
	BPF(BPF_MAP_CREATE, NULL, 8);
	BPF(BPF_MAP_CREATE, BAD, 8);
}
