// bpf(2): elements of maps, one by one and in batches.
#include "parity.h"
#include <linux/bpf.h>

#define BPF(cmd, attr, size) CALL(SYS_bpf, cmd, attr, size)

static void batches(long fd, void *key, void *value, void *other)
{
	union bpf_attr *a = edge(56);
	for (int round = 0; round < 2; round++) {
		a->batch.map_fd = fd;
		a->batch.count = 2 - round;
		a->batch.in_batch = round ? 0 : 1;
		a->batch.out_batch = (uintptr_t)other;
		a->batch.keys = (uintptr_t)key;
		a->batch.values = (uintptr_t)value;
		a->batch.elem_flags = round ? 0 : 5;
		a->batch.flags = round ? 0 : 3;
		for (int cmd = BPF_MAP_LOOKUP_BATCH; cmd <= BPF_MAP_DELETE_BATCH; cmd++)
			BPF(cmd, a, 56);
	}
	a->batch.count = 1;
	BPF(BPF_MAP_UPDATE_BATCH, a, 56);
	a->batch.count = 2;
	BPF(BPF_MAP_LOOKUP_BATCH, a, 56);
	BPF(BPF_MAP_LOOKUP_BATCH, a, 40);
}

void run(void)
{
	int *key = edge(4);
	long long *value = edge(8), *other = edge(8);
	*key = 7;
	*value = 0x1122334455667788ULL;
	union bpf_attr *a = edge(32);
	a->map_type = BPF_MAP_TYPE_HASH;
	a->key_size = 4;
	a->value_size = 8;
	a->max_entries = 5;
	long fd = BPF(BPF_MAP_CREATE, a, 20);
	memset(a, 0, 32);
	a->map_fd = fd;
	a->key = (uintptr_t)key;
	a->value = (uintptr_t)value;
	a->flags = BPF_NOEXIST;
	BPF(BPF_MAP_UPDATE_ELEM, a, 32);
	a->flags = 0xff;
	BPF(BPF_MAP_UPDATE_ELEM, a, 32);
	a->flags = BPF_EXIST;
	BPF(BPF_MAP_UPDATE_ELEM, a, 24);
	a->flags = 0;
	a->value = (uintptr_t)other;
	for (int size = 0; size <= 32; size += 4)
		BPF(BPF_MAP_LOOKUP_ELEM, a, size);
	a->flags = BPF_F_LOCK;
	BPF(BPF_MAP_LOOKUP_ELEM, a, 32);
	a->flags = 0;
	BPF(BPF_MAP_GET_NEXT_KEY, a, 24);
	BPF(BPF_MAP_GET_NEXT_KEY, a, 32);
	BPF(BPF_MAP_LOOKUP_AND_DELETE_ELEM, a, 24);
	BPF(BPF_MAP_LOOKUP_AND_DELETE_ELEM, a, 32);
	BPF(BPF_MAP_DELETE_ELEM, a, 16);
	BPF(BPF_MAP_DELETE_ELEM, a, 24);
	a->map_fd = -1;
	BPF(BPF_MAP_DELETE_ELEM, a, 16);
	batches(fd, key, value, other);
	a->map_fd = fd;
	BPF(BPF_MAP_FREEZE, a, 4);
	BPF(BPF_MAP_FREEZE, a, 8);
	BPF(BPF_MAP_UPDATE_ELEM, BAD, 32);
	BPF(BPF_MAP_UPDATE_ELEM, NULL, 32);
}
