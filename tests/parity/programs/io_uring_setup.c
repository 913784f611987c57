// io_uring_setup: the parameters go in, and come out with offsets.
#include "parity.h"
#include <linux/io_uring.h>

#define SETUP(entries, params) CALL(SYS_io_uring_setup, entries, params)

void run(void)
{
	struct io_uring_params *p = edge(sizeof(*p));
	close(SETUP(1, p));
	memset(p, 0, sizeof(*p));
	p->flags = IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
	p->cq_entries = 64;
	SETUP(4, p);
	memset(p, 0, sizeof(*p));
	p->flags = IORING_SETUP_SQPOLL | IORING_SETUP_SQ_AFF | IORING_SETUP_ATTACH_WQ;
	p->sq_thread_cpu = 999;
	p->sq_thread_idle = 10;
	p->wq_fd = -1;
	SETUP(1, p);
	p->flags = IORING_SETUP_SQ_AFF;
	SETUP(1, p);
	p->flags = 0x3fff;
	SETUP(1, p);
	p->flags = 0xffff0000;
	SETUP(0, p);
	p->flags = 0;
	p->resv[1] = 7;
	SETUP(1, p);
	memset(p, 0xff, sizeof(*p));
	SETUP(-1, p);
	SETUP(1, NULL);
	SETUP(1, BAD);
	SETUP(1, (char *)p + 4);
}
