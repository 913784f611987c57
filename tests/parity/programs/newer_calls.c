// Calls that are newer than strace 6.1: it shows their arguments as bare words.
#include "parity.h"

enum { CACHESTAT = 451, MAP_SHADOW = 453, STATMOUNT = 457, LISTMOUNT, LSM_GET, LSM_SET, LSM_LIST,
       MSEAL, SETXATTRAT, GETXATTRAT, LISTXATTRAT, REMOVEXATTRAT, OPEN_TREE_ATTR, FILE_GETATTR,
       FILE_SETATTR };

struct request {
	unsigned size, fd;
	unsigned long long id, param, ns;
};

struct xattr {
	unsigned long long value;
	unsigned size, flags;
};

static void mounts(void)
{
	struct request *r = edge(sizeof(*r));
	*r = (struct request){32, 0, 1, 0x37, 0};
	CALL(STATMOUNT, r, edge(2048), 2048, 0);
	*r = (struct request){24, 0, -1ULL, 0, 0};
	CALL(LISTMOUNT, r, edge(40 * 8), 40, 1);
	CALL(LISTMOUNT, BAD, edge(8), 1, 0);
	CALL(STATMOUNT, (char *)r + 8, BAD, 1, 7);
	struct { unsigned long long set, clr, prop, fd; } *a = edge(32);
	a->set = 1;
	CALL(OPEN_TREE_ATTR, -1, text("x"), 1, a, 32);
}

static void modules(void)
{
	unsigned *size = edge(4);
	*size = 80;
	CALL(LSM_LIST, edge(80), size, 0);
	*size = 4;
	CALL(LSM_LIST, edge(4), size, 0);
	CALL(LSM_LIST, BAD, BAD, 1);
	*size = 300;
	CALL(LSM_GET, 100, edge(300), size, 0);
	*size = 1;
	CALL(LSM_GET, 101, edge(1), size, 1);
	CALL(LSM_SET, 100, edge(40), 40, 0);
	CALL(LSM_SET, 999, BAD, 40, 1);
}

static void attributes(void)
{
	struct xattr *x = edge(sizeof(*x));
	CALL(SYS_creat, text("file"), 0600);
	*x = (struct xattr){(uintptr_t)text("value"), 5, 1};
	CALL(SETXATTRAT, -100, text("file"), 0, text("user.name"), x, 16);
	*x = (struct xattr){(uintptr_t)edge(20), 20, 0};
	CALL(GETXATTRAT, -100, text("file"), 0, text("user.name"), x, 16);
	CALL(GETXATTRAT, -100, text("file"), 0x1100, text("user.none"), x, 16);
	CALL(GETXATTRAT, -100, text("file"), 0, BAD, BAD, 16);
	CALL(LISTXATTRAT, -100, text("file"), 0, edge(64), 64);
	CALL(REMOVEXATTRAT, -100, text("file"), 0, text("user.name"));
	CALL(FILE_GETATTR, -100, text("file"), edge(24), 24, 0);
	CALL(FILE_GETATTR, -100, text("file"), edge(40), 40, 0);
	struct { unsigned long long xflags; unsigned rest[4]; } *attr = edge(sizeof(*attr));
	attr->xflags = 0x18;
	CALL(FILE_SETATTR, -1, text("file"), attr, 24, 0x1000);
}

void run(void)
{
	struct { unsigned long long off, len; } *range = edge(16);
	range->len = 4096;
	int fd = CALL(SYS_open, text("f"), 0102, 0600);
	CALL(CACHESTAT, fd, range, edge(40), 0);
	CALL(CACHESTAT, -1, range, edge(40), 7);
	CALL(CACHESTAT, fd, BAD, BAD, 0);
	CALL(MAP_SHADOW, 0, 4096, 3);
	CALL(MSEAL, 0x1001, 4096, 0);
	mounts();
	modules();
	attributes();
}
