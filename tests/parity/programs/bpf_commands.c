// bpf(2): every command with attributes of no bytes, few bytes, zeros and ones.
#include "parity.h"
#include <linux/bpf.h>

#define BPF(cmd, attr, size) CALL(SYS_bpf, cmd, attr, size)

void run(void)
{
	static const int sizes[] = {0, 4, 12, 20, 40, 56, 100, 128, 200};
	for (int cmd = 0; cmd < 42; cmd++) {
		// ENABLE_STATS and the ids of others' objects depend on the machine.
		int next = cmd == BPF_PROG_GET_NEXT_ID || cmd == BPF_MAP_GET_NEXT_ID ||
			   cmd == BPF_BTF_GET_NEXT_ID || cmd == BPF_LINK_GET_NEXT_ID;
		for (unsigned i = 0; i < COUNT(sizes); i++) {
			char *attr = edge(sizes[i]);
			if (!next && cmd != BPF_ENABLE_STATS)
				BPF(cmd, attr, sizes[i]);
			if (sizes[i] > 20)
				continue;
			memset(attr, 1, sizes[i]);
			BPF(cmd, attr, sizes[i]);
		}
	}
	BPF(-1, BAD, 3);
	BPF(777, edge(40), 40);
	BPF(0x7fffffff, NULL, -1);
}
