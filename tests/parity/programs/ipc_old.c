// ipc: i386's multiplexer
// bits: 32
#include "parity.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
void run(void)
{
	CALL(SYS_unshare, 0x08000000);
	unsigned value = 5, *pair = edge(8);
	struct sembuf *ops = edge(2 * sizeof(*ops));
	ops[0].sem_op = 1;
	CALL(SYS_ipc, 2, IPC_PRIVATE, 2, IPC_CREAT | 0600, 0, 0);
	CALL(SYS_ipc, 1, 0, 1, 0, ops, 0);
	CALL(SYS_ipc, 4, 0, 1, 0, ops, 0);
	CALL(SYS_ipc, 4, 0, 1, 0, BAD, BAD);
	CALL(SYS_ipc, 3, 0, 0, GETVAL, &value);
	CALL(SYS_ipc, 3, 0, 1, SETVAL, &value);
	CALL(SYS_ipc, 3, 0, 0, IPC_RMID | 0x100, &value);
	CALL(SYS_ipc, 13, IPC_PRIVATE, IPC_CREAT | 0600);
	long *message = edge(16);
	message[0] = 1, message[1] = 0x64636261;
	CALL(SYS_ipc, 11, 0, 4, 0, message);
	pair[0] = (unsigned)message, pair[1] = 0;
	CALL(SYS_ipc, 12, 0, 8, IPC_NOWAIT, pair);
	CALL(SYS_ipc, 12 | 1 << 16, 0, 8, IPC_NOWAIT, message, 0);
	CALL(SYS_ipc, 14, 0, IPC_RMID, 0, 0);
	CALL(SYS_ipc, 23, IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	CALL(SYS_ipc, 21, 0, SHM_RDONLY, pair, 0x20000000);
	CALL(SYS_ipc, 22, 0, 0, 0, 0x20000000);
	CALL(SYS_ipc, 24, 0, IPC_RMID, 0, 0);
	CALL(SYS_ipc, 99, 1, 2, 3, 4, 5);
}
