// ioctl: block devices: sizes, ranges, partitions
#include "parity.h"
#include <sys/ioctl.h>
#include <linux/blkpg.h>
#include <linux/blktrace_api.h>
#include <linux/fs.h>
void run(void)
{
	uint64_t *range = edge(16);
	range[0] = 4096, range[1] = ~0ULL;
	CALL(SYS_ioctl, -1, BLKDISCARD, range);
	CALL(SYS_ioctl, -1, BLKZEROOUT, range);
	CALL(SYS_ioctl, -1, BLKSECDISCARD, range + 1);
	CALL(SYS_ioctl, -1, BLKDISCARD, 0);
	int *number = edge(4);
	*number = 512;
	CALL(SYS_ioctl, -1, BLKROSET, number);
	CALL(SYS_ioctl, -1, BLKBSZSET, number);
	CALL(SYS_ioctl, -1, BLKRASET, 256);
	CALL(SYS_ioctl, -1, BLKFRASET, ALL);
	CALL(SYS_ioctl, -1, BLKRRPART, 1);
	CALL(SYS_ioctl, -1, BLKFLSBUF);
	static const unsigned outs[] = {BLKROGET, BLKSSZGET, BLKGETSIZE, BLKRAGET, BLKSECTGET, BLKIOMIN, BLKIOOPT, BLKPBSZGET, BLKALIGNOFF, BLKROTATIONAL, BLKBSZGET, BLKGETSIZE64, BLKTRACESTART, BLKTRACETEARDOWN};
	for (unsigned i = 0; i < COUNT(outs); i++)
		CALL(SYS_ioctl, -1, outs[i], number);
	struct blkpg_partition *part = edge(sizeof(*part));
	part->start = 512, part->length = 1 << 20, part->pno = 3;
	strcpy(part->devname, "sda3"), strcpy(part->volname, "data");
	struct blkpg_ioctl_arg *change = edge(sizeof(*change));
	change->op = BLKPG_ADD_PARTITION, change->datalen = sizeof(*part), change->data = part;
	CALL(SYS_ioctl, -1, BLKPG, change);
	change->op = BLKPG_RESIZE_PARTITION, change->data = BAD;
	CALL(SYS_ioctl, -1, BLKPG, change);
	change->op = 77, change->data = 0, change->flags = -1;
	CALL(SYS_ioctl, -1, BLKPG, change);
	CALL(SYS_ioctl, -1, BLKPG, BAD);
	struct blk_user_trace_setup *trace = edge(sizeof(*trace));
	trace->act_mask = 3, trace->buf_size = 4096, trace->buf_nr = 4, trace->pid = 1;
	CALL(SYS_ioctl, -1, BLKTRACESETUP, trace);
}
