// Asynchronous input and output: io_setup, io_submit, io_getevents, io_pgetevents, io_cancel.
#include "parity.h"
#include <linux/aio_abi.h>

struct set {
	void *mask;
	size_t size;
};

static void submits(unsigned long context, int fd)
{
	struct iocb *blocks = edge(14 * sizeof(*blocks));
	void **list = edge(14 * sizeof(*list));
	static struct { void *base; size_t size; } vec[] = {{"hello", 5}, {"world", 5}};

	for (int i = 0; i < 14; i++) {
		blocks[i].aio_data = i ? 0x1234567890 + i : 0;
		blocks[i].aio_lio_opcode = i;
		blocks[i].aio_fildes = fd;
		blocks[i].aio_buf = (uintptr_t)(i > 6 ? (void *)vec : (void *)"some bytes to write");
		blocks[i].aio_nbytes = i > 6 ? 2 : 19;
		blocks[i].aio_offset = i * 10;
		blocks[i].aio_reqprio = i;
		blocks[i].aio_key = i;
		list[i] = &blocks[i];
		CALL(SYS_io_submit, context, 1, list + i);
	}
	blocks[1].aio_flags = 3;
	blocks[1].aio_resfd = 9;
	blocks[1].aio_rw_flags = 0x1f;
	blocks[2].aio_nbytes = -1;
	blocks[3].aio_buf = 16;
	CALL(SYS_io_submit, 0, 3, list + 1);
	CALL(SYS_io_submit, 0, 15, list);
	list[2] = BAD;
	list[3] = NULL;
	CALL(SYS_io_submit, 0, 5, list);
	CALL(SYS_io_submit, 0, 0, list);
	CALL(SYS_io_submit, 0, -1, list);
	CALL(SYS_io_submit, 0, 1, NULL);
	CALL(SYS_io_submit, -1, 1, BAD);
	CALL(SYS_io_cancel, context, blocks + 1, list);
	CALL(SYS_io_cancel, context, BAD, NULL);
	CALL(SYS_io_cancel, 0, NULL, BAD);
}

void run(void)
{
	unsigned long *context = edge(sizeof(*context));
	struct io_event events[16];
	long time[2] = {0, 1000};
	uint64_t mask = 4;
	struct set set = {&mask, 8};
	long fd = CALL(SYS_open, "f", O_CREAT | O_RDWR, 0600);

	CALL(SYS_io_setup, 8, NULL);
	CALL(SYS_io_setup, -1, context);
	CALL(SYS_io_setup, 8, BAD);
	CALL(SYS_io_setup, 8, context);
	CALL(SYS_io_setup, 8, context);
	submits(*context, fd);
	CALL(SYS_io_getevents, *context, 1, 4, events, time);
	CALL(SYS_io_getevents, *context, 0, 16, events, NULL);
	CALL(SYS_io_getevents, *context, 1, 4, events, time);
	CALL(SYS_io_getevents, 0, -1, -1, BAD, BAD);
	CALL(SYS_io_pgetevents, *context, 0, 4, events, time, NULL);
	CALL(SYS_io_pgetevents, *context, 0, 4, events, time, &set);
	CALL(SYS_io_pgetevents, 0, 1, 4, BAD, NULL, BAD);
	set.size = 4;
	CALL(SYS_io_pgetevents, *context, 0, 4, events, time, &set);
	set.mask = BAD;
	CALL(SYS_io_pgetevents, *context, 0, 4, events, time, &set);
#ifdef SYS_io_pgetevents_time64
	int64_t wide[2] = {0, 5};
	set = (struct set){&mask, 8};
	CALL(SYS_io_pgetevents_time64, *context, 0, 4, events, wide, &set);
	CALL(SYS_io_pgetevents_time64, *context, 0, 4, events, BAD, BAD);
#endif
	CALL(SYS_io_destroy, *context);
	CALL(SYS_io_destroy, ALL);
}
