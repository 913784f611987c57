// process_vm_readv, process_vm_writev: the memory of another process.
#include "parity.h"

struct vec {
	void *base;
	size_t size;
};

void run(void)
{
	char *local = edge(64);
	struct vec *mine = edge(2 * sizeof(*mine)), *other = edge(2 * sizeof(*other));
	long pid = CALL(SYS_getpid);

	mine[0] = (struct vec){local, 5};
	mine[1] = (struct vec){local + 8, 40};
	other[0] = (struct vec){"hello, world", 7};
	other[1] = (struct vec){"0123456789012345678901234567890123456789", 40};
	CALL(SYS_process_vm_readv, pid, mine, 2, other, 2, 0);
	CALL(SYS_process_vm_readv, pid, mine, 1, other, 1, 0);
	CALL(SYS_process_vm_readv, pid, mine, 2, other, 2, 1);
	CALL(SYS_process_vm_readv, pid, mine, 0, other, 2, 0);
	CALL(SYS_process_vm_readv, pid, mine, 3, other, 3, 0);
	CALL(SYS_process_vm_readv, pid, NULL, 1, BAD, 2, ALL);
	CALL(SYS_process_vm_readv, -1, mine, 2, other, ALL, 0);
	CALL(SYS_process_vm_readv, 0x7fffffff, mine, 2000, other, 0, 0);
	mine[0].base = BAD;
	CALL(SYS_process_vm_readv, pid, mine, 2, other, 2, 0);
	other[1].base = BAD;
	mine[0].base = local;
	CALL(SYS_process_vm_readv, pid, mine, 2, other, 2, 0);
	other[0] = (struct vec){local + 56, 8};
	other[1] = (struct vec){local + 50, 2};
	CALL(SYS_process_vm_writev, pid, mine, 2, other, 2, 0);
	CALL(SYS_process_vm_writev, pid, mine, 1, other, 1, 0);
	CALL(SYS_process_vm_writev, pid, mine, 2, other, 0, 0);
	CALL(SYS_process_vm_writev, -1, mine, 2, other, 2, 0x10);
	CALL(SYS_process_vm_writev, pid, BAD, 2, NULL, 2, 0);
	CALL(SYS_process_vm_writev, pid, NULL, 0, NULL, 0, 0);
}
