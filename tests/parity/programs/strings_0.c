// read and write with strings cut at 0 bytes.
// options: -s 0
#include "parity.h"

void run(void)
{
	char data[2000];
	long fd = CALL(SYS_open, text("f"), (long)(O_CREAT | O_RDWR), 0600L);
	char *const words[] = {"one", "sixsix", "fivef", "", "a longer word than that", NULL};

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = 'a' + i % 26;
	CALL(SYS_write, fd, data, 0L);
	CALL(SYS_write, fd, data, 1L);
	CALL(SYS_write, fd, data, 5L);
	CALL(SYS_write, fd, data, 6L);
	CALL(SYS_write, fd, data, 1000L);
	CALL(SYS_write, fd, data, 1001L);
	CALL(SYS_write, fd, "\0\1\2\3\0044567\n", 10L);
	CALL(SYS_write, -1L, BAD, 6L);
	CALL(SYS_lseek, fd, 0L, 0L);
	CALL(SYS_read, fd, data, 5L);
	CALL(SYS_read, fd, data, 6L);
	CALL(SYS_read, fd, data, 2000L);
	CALL(SYS_read, fd, data, 0L);
	CALL(SYS_execve, "/none/such/long/path", words, words);
	CALL(SYS_setxattr, "f", "user.longer.name", "some value", 10L, 0L);
	CALL(SYS_sethostname, "long name", 9000L);
	CALL(SYS_memfd_create, "name of a file", 0x1000L);
	CALL(SYS_readlink, "/proc/self/exe/none", data, 100L);
	struct { void *base; size_t size; } vec[7] = {{data, 1}, {data, 6}, {data, 5}, {data, 4}, {data, 3}, {data, 0}, {data, 7}};
	CALL(SYS_writev, fd, vec, 7L);
	CALL(SYS_writev, fd, vec, 5L);
	CALL(SYS_writev, fd, vec, 1L);
	CALL(SYS_writev, fd, vec, 0L);
	CALL(SYS_uname, edge(390));
}
