// POSIX message queues
#include "parity.h"
#include <mqueue.h>
void run(void)
{
	CALL(SYS_unshare, 0x08000000);
	struct mq_attr *attr = edge(sizeof(*attr));
	attr->mq_maxmsg = 3, attr->mq_msgsize = 64, attr->mq_flags = O_NONBLOCK;
	int queue = CALL(SYS_mq_open, "parity", O_RDWR | O_CREAT | O_NONBLOCK, 0640, attr);
	CALL(SYS_mq_open, "parity", O_RDONLY, 0640, attr);
	CALL(SYS_mq_open, "parity", O_WRONLY | O_CREAT | O_EXCL, 01777, 0);
	CALL(SYS_mq_open, BAD, O_CREAT, -1, BAD);
	char *text_ = text("hello there, this is a message of some length");
	char *room = edge(64);
	unsigned priority = 9;
	CALL(SYS_mq_timedsend, queue, text_, 5, 3, 0);
	CALL(SYS_mq_timedsend, queue, text_, 40, ALL, 0);
	CALL(SYS_mq_timedsend, queue, text_, 0, 32767, BAD);
	CALL(SYS_mq_timedsend, -1, BAD, ALL, -1, 0);
	struct timespec *when = edge(sizeof(*when));
	when->tv_sec = 1, when->tv_nsec = 2;
	CALL(SYS_mq_timedreceive, queue, room, 64, &priority, when);
	CALL(SYS_mq_timedreceive, queue, room, 64, 0, 0);
	CALL(SYS_mq_timedreceive, queue, room, 64, &priority, 0);
	CALL(SYS_mq_timedreceive, queue, room, 5, BAD, 0);
	CALL(SYS_mq_timedreceive, -1, 0, 0, 0, BAD);
	struct sigevent *event = edge(sizeof(*event));
	event->sigev_notify = SIGEV_SIGNAL, event->sigev_signo = SIGUSR1;
	CALL(SYS_mq_notify, queue, event);
	event->sigev_notify = SIGEV_NONE;
	CALL(SYS_mq_notify, queue, event);
	event->sigev_notify = 77, event->sigev_signo = -1;
	CALL(SYS_mq_notify, queue, event);
	CALL(SYS_mq_notify, queue, 0);
	CALL(SYS_mq_notify, -1, BAD);
	struct mq_attr *old = edge(sizeof(*old));
	CALL(SYS_mq_getsetattr, queue, 0, old);
	CALL(SYS_mq_getsetattr, queue, attr, old);
	attr->mq_flags = -1;
	CALL(SYS_mq_getsetattr, queue, attr, 0);
	CALL(SYS_mq_getsetattr, -1, BAD, BAD);
	CALL(SYS_mq_unlink, "parity");
	CALL(SYS_mq_unlink, BAD);
	CALL(SYS_close, queue);
}
