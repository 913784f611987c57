// sendfile, sendfile64, splice, tee, copy_file_range: offsets in memory.
#include "parity.h"

void run(void)
{
	long in = CALL(SYS_open, text("in"), (long)(O_CREAT | O_RDWR), 0600L);
	long out = CALL(SYS_open, text("out"), (long)(O_CREAT | O_RDWR), 0600L);
	int pipes[4];
	int64_t *offset = edge(8), *other = edge(8);
	long *word = edge(sizeof(long));

	CALL(SYS_write, in, "0123456789", 10L);
	CALL(SYS_pipe2, pipes, 0L);
	CALL(SYS_pipe2, pipes + 2, 0L);
	*word = 2;
	CALL(SYS_sendfile, out, in, word, 4L);
	CALL(SYS_sendfile, out, in, word, 100L);
	CALL(SYS_sendfile, out, in, word, 100L);
	*word = -5;
	CALL(SYS_sendfile, out, in, word, 100L);
	CALL(SYS_sendfile, out, in, NULL, 4L);
	CALL(SYS_sendfile, out, in, BAD, 4L);
	CALL(SYS_sendfile, out, in, (char *)word + 1, 4L);
	CALL(SYS_sendfile, -1L, -2L, NULL, -1L);
#ifdef SYS_sendfile64
	*offset = 1;
	CALL(SYS_sendfile64, out, in, offset, 4L);
	*offset = 0x1234567890;
	CALL(SYS_sendfile64, out, in, offset, 4L);
	CALL(SYS_sendfile64, out, in, NULL, 4L);
	CALL(SYS_sendfile64, out, in, (char *)offset + 1, 4L);
#endif
	*offset = 3;
	CALL(SYS_splice, (long)in, offset, (long)pipes[1], NULL, 4L, 0L);
	CALL(SYS_splice, (long)in, offset, (long)pipes[1], NULL, 4L, 3L);
	CALL(SYS_splice, (long)in, offset, (long)pipes[1], other, 4L, 0x1fL);
	*other = -1;
	CALL(SYS_splice, (long)pipes[0], NULL, (long)out, other, 4L, 0L);
	*other = 1;
	CALL(SYS_splice, (long)pipes[0], NULL, (long)out, other, 4L, 2L);
	CALL(SYS_splice, -1L, BAD, -1L, NULL, (long)-1, 0x7ffffff0L);
	CALL(SYS_tee, (long)pipes[0], (long)pipes[3], 3L, 0L);
	CALL(SYS_tee, (long)pipes[0], (long)pipes[0], 3L, 0xffL);
	CALL(SYS_tee, -1L, 0x7fffffffL, -1L, 2L);
	*offset = 1;
	*other = 2;
	CALL(SYS_copy_file_range, in, offset, out, other, 3L, 0L);
	CALL(SYS_copy_file_range, in, NULL, out, NULL, 3L, 0L);
	CALL(SYS_copy_file_range, in, offset, out, BAD, 3L, 0L);
	CALL(SYS_copy_file_range, in, offset, out, (char *)other + 1, 3L, 0x7fffffffL);
	*offset = -7;
	CALL(SYS_copy_file_range, in, offset, out, other, 3L, 1L);
}
