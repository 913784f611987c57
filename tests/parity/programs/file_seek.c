// lseek, _llseek, truncate, ftruncate, fallocate, fadvise64, readahead, sync_file_range, sync calls.
#include "parity.h"

#ifdef __x86_64__
#define OFFSET(v) (long)(v)
#else
#define OFFSET(v) (long)(v), (long)((long long)(v) >> 32)
#endif

static void seeks(long fd)
{
	CALL(SYS_lseek, fd, 10L, 0L);
	CALL(SYS_lseek, fd, -5L, 1L);
	CALL(SYS_lseek, fd, 0L, 2L);
	CALL(SYS_lseek, fd, 0L, 3L);
	CALL(SYS_lseek, fd, 0L, 4L);
	CALL(SYS_lseek, fd, 0L, 5L);
	CALL(SYS_lseek, fd, 0L, 0x7fffffffL);
	CALL(SYS_lseek, fd, 0x7fffffffL, 0L);
	CALL(SYS_lseek, fd, 0x80000000L, 0L);
	CALL(SYS_lseek, -1L, -1L, 0L);
#ifdef SYS__llseek
	int64_t *result = edge(8);
	CALL(SYS__llseek, fd, 0L, 10L, result, 0L);
	CALL(SYS__llseek, fd, 1L, 10L, result, 0L);
	CALL(SYS__llseek, fd, -1L, -10L, result, 1L);
	CALL(SYS__llseek, fd, -1L, -10L, result, 0L);
	CALL(SYS__llseek, fd, 0L, 10L, NULL, 0L);
	CALL(SYS__llseek, fd, 0L, 10L, (char *)result + 1, 2L);
	CALL(SYS__llseek, fd, 0L, 10L, result, 9L);
#endif
}

static void lengths(long fd)
{
	CALL(SYS_truncate, text("f"), 100L);
	CALL(SYS_truncate, text("none"), -1L);
	CALL(SYS_truncate, BAD, 0L);
	CALL(SYS_truncate, NULL, (long)1 << (8 * sizeof(long) - 1));
	CALL(SYS_ftruncate, fd, 50L);
	CALL(SYS_ftruncate, fd, -50L);
#ifdef SYS_truncate64
	CALL(SYS_truncate64, text("f"), OFFSET(101));
	CALL(SYS_truncate64, text("f"), OFFSET(-101));
	CALL(SYS_truncate64, BAD, OFFSET(0x123456789abLL));
	CALL(SYS_ftruncate64, fd, OFFSET(102));
	CALL(SYS_ftruncate64, -1L, OFFSET(1LL << 63));
#endif
}

void run(void)
{
	long fd = CALL(SYS_open, text("f"), (long)(O_CREAT | O_RDWR), 0600L);
	static const long modes[] = {0, 1, 2, 3, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff00, 0x7fffffff};

	CALL(SYS_write, fd, "hello", 5L);
	seeks(fd);
	lengths(fd);
	for (int i = 0; i < 12; i++)
		CALL(SYS_fallocate, -1L, modes[i], OFFSET(0x123456789LL), OFFSET(-2));
	CALL(SYS_fallocate, fd, 1L, OFFSET(0), OFFSET(10));
	for (long advice = 0; advice < 8; advice++)
#ifdef SYS_fadvise64_64
		CALL(SYS_fadvise64_64, fd, OFFSET(-1), OFFSET(1LL << 40), advice);
#endif
	for (long advice = 0; advice < 8; advice++)
		CALL(SYS_fadvise64, fd, OFFSET(0x1122334455LL), -1L, advice);
	CALL(SYS_fadvise64, -1L, OFFSET(0), 0L, 0x7fffffffL);
	CALL(SYS_readahead, fd, OFFSET(5), 10L);
	CALL(SYS_readahead, -1L, OFFSET(-5), -1L);
	for (long flags = 0; flags < 9; flags++)
		CALL(SYS_sync_file_range, fd, OFFSET(1), OFFSET(2), flags);
	CALL(SYS_sync_file_range, -1L, OFFSET(-1), OFFSET(-1), 0x7fffffffL);
	CALL(SYS_fsync, -1L);
	CALL(SYS_fdatasync, -1L);
	CALL(SYS_syncfs, -1L);
	CALL(SYS_fsync, fd);
}
