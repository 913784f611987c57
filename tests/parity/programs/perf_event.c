// perf_event_open: sizes of the attributes, types of events, flags; shown briefly.
#include "parity.h"
#include <linux/perf_event.h>

#define OPEN(attr, ...) CALL(SYS_perf_event_open, attr, ##__VA_ARGS__)

void run(void)
{
	for (int size = 0; size <= 144; size += 8) {
		struct perf_event_attr *a = edge(size < 8 ? 8 : size);
		a->type = PERF_TYPE_SOFTWARE;
		a->size = size;
		OPEN(a, 0, -1, -1, 0);
	}
	struct perf_event_attr *a = edge(128);
	a->size = 128;
	static const unsigned types[] = {0, 1, 2, 3, 4, 5, 6, 7, 100, -1};
	for (unsigned i = 0; i < COUNT(types); i++)
		for (int config = 0; config < 14; config += 3) {
			a->type = types[i];
			a->config = config;
			OPEN(a, -2, -1, -1, 0);
		}
	a->type = PERF_TYPE_HW_CACHE;
	for (int i = 0; i < 8; i++) {
		a->config = i | (i % 4) << 8 | (i % 3) << 16 | (unsigned long)(i == 7) << 30;
		OPEN(a, -2, -1, -1, 0);
	}
	a->type = PERF_TYPE_SOFTWARE;
	a->config = PERF_COUNT_SW_DUMMY;
	a->sample_type = a->read_format = 0xffffffffffffffff;
	OPEN(a, 0, -1, -1, 8);
	a->sample_type = a->read_format = 0;
	a->disabled = a->freq = a->precise_ip = 1;
	a->sample_freq = 99;
	OPEN(a, -3, 3, 1, 15);
	OPEN(a, -3, 3, 1, 0xfffffff0);
	OPEN(a, -3, 3, -1, 0x100000008);
	a->freq = 0;
	a->sample_period = 1000;
	OPEN(a, 0, -1, -1, 8);
	a->size = 200;
	OPEN(a, 0, -1, -1, 8);
	a->size = 8;
	OPEN(a, 0, -1, -1, 8);
	a->size = -1;
	OPEN(a, 0, -1, -1, 8);
	OPEN(NULL, 0, -1, -1, 8);
	OPEN(BAD, 0, -1, -1, 8);
	OPEN(edge(4), 0, -1, -1, 8);
	char *tail = edge(200);
	memcpy(tail + 4, "\xc8", 1);
	OPEN(tail, 0, -1, -1, 8);
	tail[190] = 1;
	OPEN(tail, 0, -1, -1, 8);
}
