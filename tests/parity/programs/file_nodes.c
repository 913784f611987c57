// mknod, mknodat, chmod and chown families, umask.
#include "parity.h"

static void nodes(void)
{
	static const long modes[] = {
		0, 0644, 0100644, 010600, 020666, 060660, 0140777, 040755, 0120777, 0170000, 07777, 0104755,
		0377777, -1, 0x12340000, 0150000, 03000,
	};

	for (size_t i = 0; i < COUNT(modes); i++) {
		CALL(SYS_mknod, "none/x", modes[i], 0x103);
		CALL(SYS_mknodat, -100, "none/x", modes[i], 0x12345678);
	}
	CALL(SYS_mknod, "none/x", 020600, ALL);
	CALL(SYS_mknodat, -1, BAD, 060600, 0);
	CALL(SYS_mknodat, 5, NULL, 060600, 0xffff);
	CALL(SYS_mknod, "fifo", 010644, 5);
}

static void modes(void)
{
	static const long modes[] = {0, 1, 07, 077, 0644, 01777, 07777, 010000, 0100644, -1, 0x20644};

	for (size_t i = 0; i < COUNT(modes); i++) {
		CALL(SYS_chmod, "none", modes[i]);
		CALL(SYS_fchmod, -1, modes[i]);
		CALL(SYS_fchmodat, -100, "none", modes[i]);
		CALL(SYS_umask, modes[i]);
	}
	CALL(SYS_chmod, BAD, 0644);
	CALL(SYS_fchmodat, 9, NULL, 0644);
	CALL(452, -100, "none", 0644, 0);
	CALL(452, -100, "none", 0177777, 0x100);
	CALL(452, -1, BAD, 0, 0x7fff);
}

static void owners(void)
{
	static const long ids[] = {0, 1000, 65534, 65535, 65536, -1, -2, 0x7fffffff, 0x12345678};

	for (size_t i = 0; i < COUNT(ids); i++) {
		CALL(SYS_chown, "none", ids[i], -1);
		CALL(SYS_lchown, "none", -1, ids[i]);
		CALL(SYS_fchown, -1, ids[i], ids[i]);
		CALL(SYS_fchownat, -100, "none", ids[i], ids[i], 0x100);
#ifdef SYS_chown32
		CALL(SYS_chown32, "none", ids[i], -1);
		CALL(SYS_lchown32, "none", -1, ids[i]);
		CALL(SYS_fchown32, -1, ids[i], ids[i]);
#endif
	}
	CALL(SYS_chown, BAD, 0, 0);
	CALL(SYS_fchownat, -1, NULL, 0, 0, 0x1000);
	CALL(SYS_fchownat, 4, "x", 0, 0, 0x7fffffff);
}

void run(void)
{
	nodes();
	modes();
	owners();
}
