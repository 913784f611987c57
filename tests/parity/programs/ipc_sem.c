// semget, semop, semtimedop, semctl
#include "parity.h"
#include <sys/ipc.h>
#include <sys/sem.h>
#include <time.h>
#ifdef __i386__
#define SEMGET 393
#define SEMCTL 394
#define SEMTIMEDOP 420
#else
#define SEMGET SYS_semget
#define SEMCTL SYS_semctl
#define SEMTIMEDOP SYS_semtimedop
#endif
void run(void)
{
	CALL(SYS_unshare, 0x08000000);
	int id = CALL(SEMGET, IPC_PRIVATE, 3, IPC_CREAT | 0600);
	struct sembuf *ops = edge(3 * sizeof(*ops));
	ops[0] = (struct sembuf){0, 1, 0}, ops[1] = (struct sembuf){1, 2, SEM_UNDO};
	ops[2] = (struct sembuf){2, -1, IPC_NOWAIT | SEM_UNDO | 0x10};
	CALL(SEMTIMEDOP, id, ops, 2, 0);
	CALL(SEMTIMEDOP, id, ops, 3, 0);
	CALL(SEMTIMEDOP, id, ops, 4, 0);
	CALL(SEMTIMEDOP, id, ops, 0, 0);
	CALL(SEMTIMEDOP, id, BAD, 1, 0);
	CALL(SEMTIMEDOP, -1, 0, ALL, BAD);
	long long wait[2] = {0, 1000};
	ops[2].sem_flg = 0;
	CALL(SEMTIMEDOP, id, ops + 2, 1, wait);
	CALL(SEMCTL, id, 0, GETVAL, 0);
	CALL(SEMCTL, id, 1, SETVAL, 77);
	CALL(SEMCTL, id, 1, GETPID, ALL);
	CALL(SEMCTL, id, 1, GETNCNT, 1);
	CALL(SEMCTL, id, 1, GETZCNT, 1);
	unsigned short *all = edge(6);
	all[0] = 5, all[2] = 9;
	CALL(SEMCTL, id, 0, SETALL, all);
	CALL(SEMCTL, id, 0, GETALL, all);
	CALL(SEMCTL, id, 0, IPC_STAT, BAD);
	CALL(SEMCTL, id, 0, IPC_SET | 0x100, 0);
	CALL(SEMCTL, id, 0, 1234, 0x5678);
	CALL(SEMCTL, id, 0, IPC_RMID, 0);
	CALL(SEMCTL, id, -1, IPC_RMID, BAD);
	CALL(SEMGET, 0xabcdef, ALL, 0);
	CALL(SEMGET, 0, 1, IPC_EXCL | 0x8000 | 07);
}
