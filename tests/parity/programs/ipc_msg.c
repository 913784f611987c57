// msgget, msgsnd, msgrcv, msgctl
#include "parity.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#ifdef __i386__
#define MSGGET 399
#define MSGSND 400
#define MSGRCV 401
#define MSGCTL 402
#else
#define MSGGET SYS_msgget
#define MSGSND SYS_msgsnd
#define MSGRCV SYS_msgrcv
#define MSGCTL SYS_msgctl
#endif
void run(void)
{
	CALL(SYS_unshare, 0x08000000);
	int id = CALL(MSGGET, IPC_PRIVATE, IPC_CREAT | 0600);
	long *message = edge(sizeof(long) + 40);
	message[0] = 3;
	strcpy((char *)(message + 1), "a message that is longer than most");
	CALL(MSGSND, id, message, 6, 0);
	CALL(MSGSND, id, message, 40, IPC_NOWAIT);
	CALL(MSGSND, id, message, 41, 0);
	CALL(MSGSND, id, message, 0, MSG_NOERROR | 0x100000);
	CALL(MSGSND, id, message, -1, 0);
	CALL(MSGSND, id, BAD, 6, 0);
	message[0] = -1;
	CALL(MSGSND, id, message, 6, ALL);
	CALL(MSGRCV, id, message, 2, 0, MSG_NOERROR);
	CALL(MSGRCV, id, message, 2, 0, IPC_NOWAIT);
	CALL(MSGRCV, id, message, 40, -5, MSG_EXCEPT);
	CALL(MSGRCV, id, message, 40, 0, 0);
	CALL(MSGRCV, id, message, 40, 3, IPC_NOWAIT | MSG_COPY);
	CALL(MSGRCV, id, BAD, 40, 0, IPC_NOWAIT);
	CALL(MSGRCV, -1, 0, ALL, 0, 0);
	CALL(MSGCTL, id, IPC_STAT, BAD);
	CALL(MSGCTL, id, IPC_STAT | 0x100, 0);
	CALL(MSGCTL, id, IPC_SET | 0x100, BAD);
	CALL(MSGCTL, id, 77, message);
	CALL(MSGCTL, id, IPC_RMID, message);
	CALL(MSGGET, 0x1111, 0);
	CALL(MSGGET, 0x1111, 0xffffffff);
}
