// prctl with options of options: memory maps, speculation, keys, vectors, capabilities, names of areas.
#include "parity.h"

void run(void)
{
	static const long values[] = {0, 1, 2, 3, 4, 5, 8, 16, 0x1f, 0x30000, 0x7fffffff, -1};
	uint64_t map[14] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0x1000, 96, 5};
	uint64_t keys[2] = {0, 0};
	unsigned *id = edge(8);

	for (size_t i = 0; i < COUNT(values); i++) {
		long value = values[i];
		CALL(SYS_prctl, 31, value, value, value, 0); // PR_MCE_KILL
		CALL(SYS_prctl, 35, value, 0x1000, 0, 0); // PR_SET_MM
		CALL(SYS_prctl, 35, value | 8, BAD, value, 4);
		CALL(SYS_prctl, 43, value, 0, 0, 0); // PR_MPX
		CALL(SYS_prctl, 45, value, 0, 0, 0); // PR_SET_FP_MODE
		CALL(SYS_prctl, 47, value, value, 0, 0); // PR_CAP_AMBIENT
		CALL(SYS_prctl, 47, 2, value, 1, 2);
		CALL(SYS_prctl, 50, value, 0, 0, 0); // PR_SVE_SET_VL
		CALL(SYS_prctl, 52, value, 0, 0, 0); // PR_GET_SPECULATION_CTRL
		CALL(SYS_prctl, 53, value, value, 0, 0);
		CALL(SYS_prctl, 53, 0, 1L << (i & 15), 1, 2);
		CALL(SYS_prctl, 54, value, 0, 0, 0); // PR_PAC_RESET_KEYS
		CALL(SYS_prctl, 55, value, 1, 2, 3); // PR_SET_TAGGED_ADDR_CTRL
		CALL(SYS_prctl, 57, value + 2, 1, 2, 3); // PR_SET_IO_FLUSHER
		CALL(SYS_prctl, 60, value, value, 0, 0); // PR_PAC_SET_ENABLED_KEYS
		CALL(SYS_prctl, 62, value, -1, value, 8); // PR_SCHED_CORE
		CALL(SYS_prctl, 63, value, 0, 0, 0); // PR_SME_SET_VL
		CALL(SYS_prctl, 0x53564d41, value, BAD, 5, BAD); // PR_SET_VMA
		CALL(SYS_prctl, 59, value | 0x100, 1, 2, 3); // PR_SET_SYSCALL_USER_DISPATCH
	}
	CALL(SYS_prctl, 59, 0, 0, 0, 0);
	CALL(SYS_prctl, 59, 1, 0x1000, ALL, BAD);
	CALL(SYS_prctl, 0x53564d41, 0, 0x10000, 4096, text("a name"));
	CALL(SYS_prctl, 0x53564d41, 0, 0x10000, 4096, text("a name that is longer than thirty-two bytes are"));
	CALL(SYS_prctl, 0x53564d41, 0, 0x10000, 4096, NULL);
	CALL(SYS_prctl, 35, 14, map, 104, 0);
	CALL(SYS_prctl, 35, 14, BAD, 104, 0);
	CALL(SYS_prctl, 35, 15, id, 0, 0);
	CALL(SYS_prctl, 35, 15, BAD, 0, 0);
	CALL(SYS_prctl, 62, 0, 0, 0, keys);
	CALL(SYS_prctl, 40, id);
	CALL(SYS_prctl, 0x59616d61, 0);
	CALL(SYS_prctl, 0x59616d61, -1);
	CALL(SYS_prctl, 0x59616d61, 1);
	CALL(SYS_prctl, 22, 3, BAD);
	CALL(SYS_prctl, 22, 2, BAD);
	CALL(SYS_prctl, 0x41555856, BAD, 5, 0, 0);
	CALL(SYS_prctl, 0x6d4d444c, 0, 0, 0, 0);
	CALL(SYS_prctl, 0x12345678, 1, 2, 3, 4);
	CALL(SYS_prctl, -1, -1, -1, -1, -1);
}
