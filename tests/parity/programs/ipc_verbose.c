// shmctl, semctl, msgctl: the structs whole
// options: -v
#include "parity.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#ifdef __i386__
#define NEW 0x100
enum { SEMGET = 393, SEMCTL, SHMGET, SHMCTL, MSGGET = 399, MSGCTL = 402 };
#else
#define NEW 0
enum { SEMGET = SYS_semget, SEMCTL = SYS_semctl, SHMGET = SYS_shmget, SHMCTL = SYS_shmctl, MSGGET = SYS_msgget, MSGCTL = SYS_msgctl };
#endif
void run(void)
{
	CALL(SYS_unshare, 0x08000000);
	char *buffer = edge(256);
	int shm = CALL(SHMGET, 5, 4096, IPC_CREAT | 0600);
	int sem = CALL(SEMGET, 5, 2, IPC_CREAT | 0600);
	int msg = CALL(MSGGET, 5, IPC_CREAT | 0600);
	CALL(SHMCTL, shm, IPC_SET, buffer);
	CALL(SHMCTL, shm, IPC_STAT, BAD);
	CALL(SHMCTL, shm, SHM_STAT, buffer + 255);
	CALL(SHMCTL, shm, IPC_INFO, BAD);
	CALL(SEMCTL, sem, 0, IPC_SET, buffer);
	CALL(SEMCTL, sem, 0, SEM_STAT, BAD);
	CALL(SEMCTL, sem, 0, SEM_INFO, BAD);
	CALL(MSGCTL, msg, IPC_SET, buffer);
	CALL(MSGCTL, msg, MSG_STAT, BAD);
	CALL(MSGCTL, msg, MSG_INFO, BAD);
	CALL(SHMCTL, shm, IPC_RMID, 0);
	CALL(SEMCTL, sem, 0, IPC_RMID, 0);
	CALL(MSGCTL, msg, IPC_RMID, 0);
}
