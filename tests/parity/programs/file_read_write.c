// read, write, pread64, pwrite64: buffers, lengths, offsets.
#include "parity.h"

#ifdef __x86_64__
#define OFFSET(v) (long)(v)
#else
#define OFFSET(v) (long)(v), (long)((long long)(v) >> 32)
#endif

void run(void)
{
	char *buffer = edge(100);
	long fd = CALL(SYS_open, text("f"), (long)(O_CREAT | O_RDWR | O_TRUNC), 0600L);

	for (int i = 0; i < 100; i++)
		buffer[i] = "0123456789\n\t\\\"\001\377abc"[i % 19];
	CALL(SYS_write, fd, buffer, 0L);
	CALL(SYS_write, fd, buffer, 1L);
	CALL(SYS_write, fd, buffer, 31L);
	CALL(SYS_write, fd, buffer, 32L);
	CALL(SYS_write, fd, buffer, 33L);
	CALL(SYS_write, fd, buffer, 100L);
	CALL(SYS_write, fd, buffer, 101L);
	CALL(SYS_write, fd, buffer + 80, 21L);
	CALL(SYS_write, fd, buffer + 80, -1L);
	CALL(SYS_write, -1L, buffer, 0x80000000L);
	CALL(SYS_write, -1L, buffer, (long)1 << (8 * sizeof(long) - 1));
	CALL(SYS_write, -1L, NULL, 10L);
	CALL(SYS_write, -1L, NULL, 0L);
	CALL(SYS_write, -1L, BAD, 10L);
	CALL(SYS_write, -1L, BAD, 0L);
	CALL(SYS_pwrite64, fd, buffer, 5L, OFFSET(3));
	CALL(SYS_pwrite64, fd, buffer, 5L, OFFSET(-3));
	CALL(SYS_pwrite64, fd, buffer, 0L, OFFSET(0x123456789aLL));
	CALL(SYS_pwrite64, fd, BAD, 5L, OFFSET(0x7fffffffffffffffLL));
	memset(buffer, 0, 100);
	CALL(SYS_pread64, fd, buffer, 100L, OFFSET(0));
	CALL(SYS_pread64, fd, buffer, 20L, OFFSET(10));
	CALL(SYS_pread64, fd, buffer, 20L, OFFSET(100000));
	CALL(SYS_pread64, fd, buffer, 20L, OFFSET(-1));
	CALL(SYS_pread64, -1L, NULL, 20L, OFFSET(0xdeadbeef12345678LL));
	CALL(SYS_pread64, fd, NULL, 0L, OFFSET(0));
	CALL(SYS_lseek, fd, 0L, 0L);
	CALL(SYS_read, fd, buffer, 0L);
	CALL(SYS_read, fd, buffer, 1L);
	CALL(SYS_read, fd, buffer, 32L);
	CALL(SYS_read, fd, buffer, 33L);
	CALL(SYS_read, fd, buffer, 100L);
	CALL(SYS_read, fd, BAD, 100L);
	CALL(SYS_read, fd, NULL, 0L);
	CALL(SYS_read, fd, buffer + 90, 100L);
	CALL(SYS_read, fd, buffer, 1000L);
	CALL(SYS_read, fd, buffer, 1000L);
	CALL(SYS_read, -1L, buffer, (long)1 << (8 * sizeof(long) - 1));
	CALL(SYS_read, 0L, buffer, 10L);
	CALL(SYS_read, 0x100000000 >> 1, buffer, 10L);
}
