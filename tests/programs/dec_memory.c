// Memory, and the arguments that no program should give.
// What the compiler would warn of is what is to be shown.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wrestrict"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-variable"
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	mmap((void *)0x10000000, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_NORESERVE, -1, 0);
	mmap(NULL, 0, 0x1000000, 0x123, -7, 4096);
	mmap(NULL, 4096, PROT_EXEC, MAP_SHARED | MAP_POPULATE | MAP_HUGETLB | (21 << MAP_HUGE_SHIFT) | MAP_ANONYMOUS, -1, 0);
	mmap(NULL, 4096, PROT_READ, 0, 3, 0);
	mprotect(p + 4096, 4096, PROT_NONE);
	mprotect(p, 4096, PROT_READ | PROT_WRITE | PROT_GROWSDOWN);
	mprotect(p, 4096, 0x40000000);
	char *q = mremap(p, 4096, 4096, MREMAP_MAYMOVE);
	q = mremap(q, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0x20000000);
	madvise(q, 4096, MADV_DONTNEED);
	madvise(q, 4096, 999);
	mlock(q, 4096);
	munlock(q, 4096);
	mlock2(q, 4096, MLOCK_ONFAULT);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	munlockall();
	unsigned char vec[8];
	mincore(q, 4096, vec);
	msync(q, 4096, MS_SYNC | MS_INVALIDATE);
	syscall(SYS_brk, 0);
	munmap(q, 4096);
	munmap((void *)1, 4096);
	return 0;
}
