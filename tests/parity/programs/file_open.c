// open, openat, creat, openat2, close, close_range: flags, modes, descriptors.
#include "parity.h"

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

struct how {
	uint64_t flags, mode, resolve;
	uint64_t more[2];
};

static void with_flags(void)
{
	static const long flags[] = {
		0, O_WRONLY, O_RDWR, O_ACCMODE, O_CREAT, O_CREAT | O_EXCL | O_RDWR, O_TRUNC | O_WRONLY,
		O_APPEND | O_RDWR | O_NONBLOCK, O_SYNC, O_DSYNC, O_ASYNC, O_DIRECT, O_LARGEFILE,
		O_DIRECTORY, O_NOFOLLOW, O_NOATIME, O_CLOEXEC, O_PATH, O_TMPFILE | O_RDWR, 020000000,
		O_CREAT | 0x40000000L, 0x7bffffff, 0x40000000, O_ACCMODE | O_CREAT,
	};
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		CALL(SYS_open, text("none/x"), flags[i], 0640L);
		CALL(SYS_openat, -100L, text("none/x"), flags[i], 07777L);
	}
	CALL(SYS_open, text("f"), (long)(O_CREAT | O_RDWR), 0L);
	CALL(SYS_open, text("f"), (long)O_CREAT, 0xffffffffL);
	CALL(SYS_open, text("."), (long)(O_TMPFILE | O_WRONLY), 0600L);
	CALL(SYS_openat, 3L, text("x"), 0L);
	CALL(SYS_openat, -1L, text("x"), 0L);
	CALL(SYS_openat, 0x7fffff9cL, text("x"), 0L);
	CALL(SYS_openat, 0xffffff9cL, text(""), 0L);
	CALL(SYS_creat, text("c"), 0777L);
	CALL(SYS_creat, BAD, 0177777L);
	CALL(SYS_creat, NULL, 0L);
}

static void with_paths(void)
{
	char *half = edge(3);
	memcpy(half, "abc", 3);
	CALL(SYS_open, half, 0L);
	CALL(SYS_open, NULL, 0L);
	CALL(SYS_open, BAD, 0L);
	CALL(SYS_open, text("a\tb\n\"c\\\001\0012\177\200\377z"), 0L);
	char *path = edge(4096);
	memset(path, 'p', 4095);
	path[4095] = 0;
	CALL(SYS_open, path, 0L);
	path[4095] = 'q';
	CALL(SYS_open, path, 0L);
	char *longer = edge(8192);
	memset(longer, 'p', 8192);
	CALL(SYS_open, longer, 0L);
}

static void openat2(void)
{
	struct how how = {O_RDWR | O_CLOEXEC, 0, 0};
	struct how *edged = edge(24);
	memcpy(edged, &how, 24);
	CALL(SYS_openat2, -100L, text("none"), edged, 24L);
	how = (struct how){O_CREAT | O_WRONLY, 0644, 0x1f};
	CALL(SYS_openat2, 5L, text("none"), &how, 24L);
	how = (struct how){0xffffffff00000003, 0777, 0xdeadbeef00000020, {1, 2}};
	CALL(SYS_openat2, -100L, BAD, &how, 24L);
	CALL(SYS_openat2, -100L, text("none"), &how, 40L);
	CALL(SYS_openat2, -100L, text("none"), edged, 40L);
	CALL(SYS_openat2, -100L, text("none"), &how, 23L);
	CALL(SYS_openat2, -100L, text("none"), &how, 0L);
	CALL(SYS_openat2, -100L, NULL, NULL, 24L);
	CALL(SYS_openat2, -100L, text("none"), BAD, 24L);
	how = (struct how){O_TMPFILE, 0, 0};
	CALL(SYS_openat2, -100L, text("none"), &how, 24L);
}

void run(void)
{
	with_flags();
	with_paths();
	openat2();
	CALL(SYS_close, 3L);
	CALL(SYS_close, -1L);
	CALL(SYS_close, 0x80000000L);
	CALL(436, 100L, 200L, 0L);
	CALL(436, 100L, 0xffffffffL, 2L);
	CALL(436, 100L, 0xfffffffeL, 4L);
	CALL(436, 5L, 2L, 0xfffffff9L);
	CALL(436, 100L, 110L, 6L);
}
