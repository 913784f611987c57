// madvise, process_madvise, mincore, msync, mlock and its kin, mseal.
#include "parity.h"

static void locks(void)
{
	static const long flags[] = {0, 1, 2, 4, 8, 7, 0x7fffffff};

	CALL(SYS_mlock, 1, 0);
	CALL(SYS_mlock, 0, ALL);
	CALL(SYS_munlock, BAD, 4096);
	for (size_t i = 0; i < COUNT(flags); i++) {
		CALL(SYS_mlock2, 1, 4096, flags[i] | 0x100);
		CALL(SYS_mlock2, 1, 4096, flags[i]);
		CALL(SYS_msync, 1, 4096, flags[i]);
		CALL(SYS_mlockall, flags[i] | 0x100);
	}
	CALL(SYS_mlockall, 0);
	CALL(SYS_mlockall, 4);
	CALL(SYS_munlockall);
}

void run(void)
{
	unsigned char *vec = edge(40);
	void *pages = mmap(0, 50 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct { void *base; size_t size; } ranges[] = {{pages, 4096}, {NULL, 0}, {BAD, ALL}};

	for (long advice = 0; advice < 30; advice++)
		CALL(SYS_madvise, 1, 0x1000, advice);
	for (long advice = 98; advice < 106; advice++)
		CALL(SYS_madvise, 0, 0, advice);
	CALL(SYS_madvise, ALL, ALL, -1);
	memset(pages, 1, 3 * 4096);
	CALL(SYS_mincore, pages, 4096, vec);
	CALL(SYS_mincore, pages, 5 * 4096, vec);
	CALL(SYS_mincore, pages, 4097, vec);
	CALL(SYS_mincore, pages, 40 * 4096, vec);
	CALL(SYS_mincore, pages, 41 * 4096, vec);
	CALL(SYS_mincore, pages, 0, vec);
	CALL(SYS_mincore, pages, 0, NULL);
	CALL(SYS_mincore, pages, 4096, NULL);
	CALL(SYS_mincore, 1, 4096, vec);
	CALL(SYS_mincore, pages, ALL, vec);
	CALL(SYS_mincore, pages, 4096, BAD);
	locks();
	CALL(440, -1, ranges, 3, 20, 0);
	CALL(440, -1, ranges, 1, 4, 1);
	CALL(440, 5, ranges, 0, 25, ALL);
	CALL(440, 5, BAD, 2, 99, 0);
	CALL(440, 0x7fffffff, NULL, ALL, -1, 0);
	CALL(462, 1, 4096, 0);
	CALL(448, -1, 0);
	CALL(448, 5, 0x7fffffff);
}
