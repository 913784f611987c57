// mbind, set_mempolicy, get_mempolicy, migrate_pages, set_mempolicy_home_node
#include "parity.h"

void run(void)
{
	unsigned long *mask = edge(2 * sizeof(long));
	mask[0] = 0x5;
	mask[1] = 0x80000001;
	char *pages = mmap(NULL, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int mode = 0; mode < 9; mode++) {
		CALL(SYS_mbind, BAD, 4096, mode, mask, 8 * sizeof(long), 0);
		CALL(SYS_set_mempolicy, mode | 0x2000, mask, 3);
	}
	for (int max = -1; max < 4; max++)
		CALL(SYS_mbind, BAD, -1, 2, mask, max * 33, 1 << (max + 1));
	CALL(SYS_mbind, pages, 4096, 0x8003, mask, 2 * 8 * sizeof(long), 7);
	CALL(SYS_mbind, pages, 4096, 0xe002, mask, 1000, -1);
	CALL(SYS_mbind, pages, 4096, 2, NULL, 64, 0xfff0);
	CALL(SYS_mbind, pages, 4096, 2, BAD, 64, 0);
	CALL(SYS_mbind, pages, 4096, 0, NULL, 0, 0);
	CALL(SYS_mbind, pages, 4096, -1, mask, 1UL << 31, 0);
	CALL(SYS_set_mempolicy, 0, NULL, 0);
	CALL(SYS_set_mempolicy, 0x77777777, BAD, 5);
	int *policy = edge(4);
	CALL(SYS_get_mempolicy, policy, NULL, 0, NULL, 0);
	CALL(SYS_get_mempolicy, policy, mask, 8 * sizeof(long), NULL, 4);
	CALL(SYS_get_mempolicy, policy, NULL, 0, pages, 3);
	CALL(SYS_get_mempolicy, NULL, NULL, 0, NULL, 7);
	CALL(SYS_get_mempolicy, BAD, BAD, 64, BAD, -1);
	*pages = 1;
	CALL(SYS_get_mempolicy, policy, NULL, 0, pages, 2);
	CALL(SYS_migrate_pages, -2, 64, mask, mask + 1);
	CALL(SYS_migrate_pages, -2, 1, mask, NULL);
	CALL(SYS_migrate_pages, 0, 65, BAD, mask);
	CALL(SYS_migrate_pages, 0, 0, mask, mask);
	CALL(SYS_migrate_pages, 0, -1, mask, mask);
#ifdef SYS_set_mempolicy_home_node
	CALL(SYS_set_mempolicy_home_node, pages, 4096, 1, 0);
	CALL(SYS_set_mempolicy_home_node, BAD, -1, -1, -1);
#endif
}
