// perf_event_open: the attributes whole.
// options: -v
#include "parity.h"
#include <linux/perf_event.h>

#define OPEN(attr, ...) CALL(SYS_perf_event_open, attr, ##__VA_ARGS__)

static void sizes(unsigned char fill)
{
	for (int size = 0; size <= 136; size += 8) {
		struct perf_event_attr *a = edge(size < 8 ? 8 : size);
		memset(a, fill, size < 8 ? 8 : size);
		a->type = PERF_TYPE_SOFTWARE;
		a->size = size;
		OPEN(a, -2, -1, -1, 0);
	}
}

void run(void)
{
	sizes(0);
	sizes(1);
	sizes(0x7f);
	struct perf_event_attr *a = edge(128);
	a->size = 128;
	for (int type = 0; type < 8; type++) {
		a->type = type;
		a->config = type * 2;
		a->sample_type = 1UL << type;
		a->read_format = type;
		a->precise_ip = type & 3;
		a->freq = type & 1;
		a->watermark = type & 2;
		a->wakeup_events = 5;
		a->bp_type = type;
		a->bp_addr = 0x1000 * type;
		a->bp_len = type;
		a->branch_sample_type = 1UL << (2 * type);
		a->sample_regs_user = a->sample_regs_intr = type;
		a->use_clockid = type >> 2;
		a->clockid = type;
		OPEN(a, -2, -1, -1, 0);
	}
	memset(a, 0xff, 128);
	a->size = 128;
	OPEN(a, -2, -1, -1, 0);
	a->type = PERF_TYPE_BREAKPOINT;
	OPEN(a, -2, -1, -1, 0);
	a->type = PERF_TYPE_HW_CACHE;
	OPEN(a, -2, -1, -1, 0);
	a->size = 72;
	OPEN(a, -2, -1, -1, 0);
	OPEN(edge(40), -2, -1, -1, 0);
}
