// shmget, shmat, shmctl, shmdt
#include "parity.h"
#include <sys/ipc.h>
#include <sys/shm.h>
#ifdef __i386__
#define SHMGET 395
#define SHMCTL 396
#define SHMAT 397
#define SHMDT 398
#else
#define SHMGET SYS_shmget
#define SHMCTL SYS_shmctl
#define SHMAT SYS_shmat
#define SHMDT SYS_shmdt
#endif
void run(void)
{
	CALL(SYS_unshare, 0x08000000);
	int id = CALL(SHMGET, IPC_PRIVATE, 8192, IPC_CREAT | IPC_EXCL | 0640);
	void *buffer = edge(256);
	void *at = (void *)0x20000000;
	CALL(SHMAT, id, at, SHM_RDONLY);
	CALL(SHMDT, at);
	CALL(SHMAT, id, at + 5, SHM_RND);
	CALL(SHMDT, at);
	CALL(SHMAT, -1, 0, -1);
	CALL(SHMAT, id, at + 5, 0x1000);
	CALL(SHMDT, 0);
	CALL(SHMDT, BAD);
	CALL(SHMCTL, id, SHM_LOCK, buffer);
	CALL(SHMCTL, id, SHM_UNLOCK, 0);
	CALL(SHMCTL, id, IPC_SET | 0x100, buffer);
	CALL(SHMCTL, id, IPC_SET | 0x100, BAD);
	CALL(SHMCTL, id, 99, buffer);
	CALL(SHMCTL, id, -1, ALL);
	CALL(SHMCTL, id, IPC_STAT | 0x100, 0);
	CALL(SHMCTL, id, IPC_STAT, BAD);
	CALL(SHMCTL, 0, IPC_INFO | 0x100, buffer);
	CALL(SHMCTL, 0, SHM_INFO | 0x100, buffer);
	CALL(SHMCTL, id, IPC_RMID, 0);
	CALL(SHMGET, 0x1234, 0, 0);
	CALL(SHMGET, 0x1234, ALL, 0xffffffff);
	CALL(SHMGET, -1, 4096, SHM_HUGETLB | SHM_NORESERVE | IPC_CREAT | (21 << 26) | 07777);
}
