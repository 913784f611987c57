// ioctl: what is asked of pipes and sockets
#include "parity.h"
#include <linux/sockios.h>
#include <sys/ioctl.h>
void run(void)
{
	int pair[2], number = 0;
	CALL(SYS_pipe2, pair, 0);
	CALL(SYS_write, pair[1], "12345", 5);
	CALL(SYS_ioctl, pair[0], FIONREAD, &number);
	CALL(SYS_ioctl, pair[0], FIONREAD, BAD);
	CALL(SYS_ioctl, pair[0], FIONREAD, 0);
	CALL(SYS_ioctl, pair[0], FIOCLEX);
	CALL(SYS_ioctl, pair[0], TCGETS, &number);
	CALL(SYS_close, pair[0]);
	CALL(SYS_close, pair[1]);
	int fd = syscall(SYS_socket, 2, 2, 0);
	CALL(SYS_ioctl, fd, SIOCINQ, &number);
	CALL(SYS_ioctl, fd, SIOCOUTQ, &number);
	CALL(SYS_ioctl, fd, FIOASYNC, &number);
	CALL(SYS_ioctl, fd, FIOSETOWN, &number);
	CALL(SYS_ioctl, fd, FIOGETOWN, &number);
	CALL(SYS_ioctl, fd, SIOCSPGRP, &number);
	CALL(SYS_ioctl, fd, SIOCGPGRP, &number);
	CALL(SYS_ioctl, fd, SIOCATMARK, &number);
	CALL(SYS_ioctl, fd, SIOCATMARK, BAD);
	CALL(SYS_close, fd);
}
