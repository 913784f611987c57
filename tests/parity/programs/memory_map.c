// mmap, munmap, mprotect, mremap, brk, remap_file_pages.
#include "parity.h"

#ifdef SYS_mmap2
#define MAP(a, l, p, f, d, o) CALL(SYS_mmap2, a, l, p, f, d, o)
#else
#define MAP(a, l, p, f, d, o) CALL(SYS_mmap, a, l, p, f, d, o)
#endif

static void maps(void)
{
	static const long protections[] = {0, 1, 2, 4, 7, 8, 0x10, 0x01000000, 0x02000000, 0x03000007, 0x7fffffff, 0x40};
	static const long flags[] = {
		0, 1, 2, 3, 4, 5, 8, 0xf, 0x10, 0x20, 0x22, 0x40, 0x80, 0x100, 0x800, 0x1000, 0x2000, 0x4000,
		0x8000, 0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x1000000, 0x4000000,
		0x2000000, 0x40022, 0x54040022, 0x78040002, 0x3fffff2, 0x7c000000, 0x7fffffff, 0xfc000000,
	};

	for (size_t i = 0; i < COUNT(protections); i++) {
		MAP(0, 0, protections[i], 2, -1, 0);
		CALL(SYS_mprotect, 0, 0, protections[i]);
	}
	for (size_t i = 0; i < COUNT(flags); i++)
		MAP(0x10000, 0, 1, flags[i], -1, 0);
	MAP(1, ALL, 1, 2, 0x7fffffff, 1);
	MAP(BAD, (long)1 << (8 * sizeof(long) - 1), 0, 2, 5, ALL);
	MAP(0, 4096, 1, 2, 99, 0x1000);
	MAP(0, 4096, 1, 2, 99, 0x12345);
	MAP(0, 4096, 1, 2, 99, 0x80000000);
	MAP(0x20000000, 8192, 3, 0x22 | 0x10, -1, 0);
}

void run(void)
{
	static const long remaps[] = {0, 1, 2, 3, 4, 5, 7, 8, 0x7fffffff};

	maps();
	for (size_t i = 0; i < COUNT(remaps); i++)
		CALL(SYS_mremap, 1, 0x1000, 0x2000, remaps[i], 0x30000000);
	CALL(SYS_mremap, 0x20000000, 8192, 4096, 0, 0);
	CALL(SYS_mremap, 0x20000000, 4096, 4096, 3, 0x20010000);
	CALL(SYS_mremap, 0x20010000, ALL, ALL, 0, 0);
	CALL(SYS_munmap, 0x20010000, 4096);
	CALL(SYS_munmap, 1, 0);
	CALL(SYS_munmap, ALL, ALL);
	CALL(SYS_brk, 1);
	CALL(SYS_brk, ALL);
	CALL(SYS_remap_file_pages, 1, 2, 0, 3, 0);
	CALL(SYS_remap_file_pages, 0, ALL, 7, ALL, 0x10000);
	CALL(SYS_remap_file_pages, 0, 4096, 0x100, 0, 0x40022);
#ifdef SYS_mmap2
	uint32_t old[6] = {0x40000000, 4096, 3, 0x22, -1, 0};
	CALL(SYS_mmap, old);
	old[5] = 0x12345;
	CALL(SYS_mmap, old);
	CALL(SYS_mmap, NULL);
	CALL(SYS_mmap, BAD);
#endif
}
