// readv, writev, preadv, pwritev, preadv2, pwritev2, vmsplice: vectors of buffers.
#include "parity.h"

struct vec {
	void *base;
	size_t size;
};

void run(void)
{
	long fd = CALL(SYS_open, text("f"), (long)(O_CREAT | O_RDWR | O_TRUNC), 0600L);
	struct vec *vec = edge(4 * sizeof(*vec));
	struct vec *many = edge(40 * sizeof(*many));
	char *data = edge(64);

	memset(data, 'x', 64);
	memcpy(data, "hello, \"world\"\n", 15);
	vec[0] = (struct vec){data, 5};
	vec[1] = (struct vec){data + 5, 0};
	vec[2] = (struct vec){data, 64};
	vec[3] = (struct vec){data + 60, 4};
	for (int i = 0; i < 40; i++)
		many[i] = (struct vec){data + i, i % 3};
	CALL(SYS_writev, fd, vec, 4L);
	CALL(SYS_writev, fd, vec, 1L);
	CALL(SYS_writev, fd, vec, 0L);
	CALL(SYS_writev, fd, vec, 5L);
	CALL(SYS_writev, fd, vec, -1L);
	CALL(SYS_writev, fd, vec + 3, 2L);
	CALL(SYS_writev, fd, vec, 2000L);
	CALL(SYS_writev, fd, many, 40L);
	CALL(SYS_writev, fd, many, 32L);
	CALL(SYS_writev, fd, many, 33L);
	CALL(SYS_writev, fd, NULL, 0L);
	CALL(SYS_writev, fd, NULL, 2L);
	CALL(SYS_writev, fd, BAD, 2L);
	CALL(SYS_pwritev, fd, vec, 4L, 7L, 0L);
	CALL(SYS_pwritev, fd, vec, 4L, -1L, -1L);
	CALL(SYS_pwritev, fd, vec, 2L, 0x12345678L, 0x9aL);
	CALL(SYS_pwritev2, fd, vec, 2L, 0L, 0L, 0x10L);
	CALL(SYS_pwritev2, fd, vec, 2L, -1L, -1L, 0L);
	CALL(SYS_pwritev2, fd, vec, 2L, 0L, 0L, 0x7fffffffL);
	CALL(SYS_lseek, fd, 0L, 0L);
	CALL(SYS_readv, fd, vec, 4L);
	CALL(SYS_readv, fd, vec, 4L);
	CALL(SYS_readv, fd, vec, 4L);
	CALL(SYS_readv, fd, many, 40L);
	CALL(SYS_readv, fd, vec, 0L);
	CALL(SYS_readv, fd, vec, 5L);
	CALL(SYS_readv, fd, NULL, 1L);
	CALL(SYS_readv, -1L, BAD, 1L);
	CALL(SYS_preadv, fd, vec, 4L, 3L, 0L);
	CALL(SYS_preadv, fd, vec, 4L, 300L, 0L);
	CALL(SYS_preadv, fd, vec, 1L, -1L, -1L);
	CALL(SYS_preadv2, fd, vec, 4L, 3L, 0L, 0L);
	CALL(SYS_preadv2, fd, vec, 4L, 3L, 0L, 0x9L);
	CALL(SYS_preadv2, fd, vec, 4L, 3L, 0L, 0x1fL);
	CALL(SYS_preadv2, fd, vec, 4L, 3L, 0L, 0x7fffff00L);
	vec[1] = (struct vec){BAD, 10};
	CALL(SYS_writev, fd, vec, 4L);
	CALL(SYS_readv, fd, vec, 4L);
	vec[1] = (struct vec){data, -1};
	CALL(SYS_writev, fd, vec, 3L);
	vec[1] = (struct vec){data, 65};
	CALL(SYS_writev, fd, vec, 3L);
	vec[1] = (struct vec){NULL, 0};
	CALL(SYS_writev, fd, vec, 3L);
	CALL(SYS_vmsplice, fd, vec, 3L, 0L);
	CALL(SYS_vmsplice, -1L, vec, 1L, 0xfL);
	CALL(SYS_vmsplice, -1L, BAD, 1L, 0x7ffffff0L);
}
