// ioctl: a pseudoterminal, its structs whole
// options: -v
#include "parity.h"
#include <asm/termbits.h>
#include <sys/ioctl.h>
void run(void)
{
	int master = CALL(SYS_openat, AT_FDCWD, "/dev/ptmx", O_RDWR | O_NOCTTY);
	int zero = 0, one = 1, number = -1;
	struct termios *modes = edge(sizeof(*modes));
	unsigned short *size = edge(8);
	CALL(SYS_ioctl, master, TIOCSPTLCK, &zero);
	CALL(SYS_ioctl, master, TIOCGPTLCK, &number);
	CALL(SYS_ioctl, master, TIOCGEXCL, &number);
	CALL(SYS_ioctl, master, TCGETS, modes);
	modes->c_lflag &= ~ECHO;
	CALL(SYS_ioctl, master, TCSETS, modes);
	modes->c_iflag = modes->c_oflag = modes->c_lflag = 0;
	CALL(SYS_ioctl, master, TCSETSW, modes);
	modes->c_iflag = ~0u, modes->c_oflag = ~0u, modes->c_lflag = ~0u, modes->c_cflag = ~0u;
	CALL(SYS_ioctl, -1, TCSETSF, modes);
	CALL(SYS_ioctl, master, TIOCGWINSZ, size);
	size[0] = 24, size[1] = 80;
	CALL(SYS_ioctl, master, TIOCSWINSZ, size);
	CALL(SYS_ioctl, master, TIOCGWINSZ, size);
	CALL(SYS_ioctl, master, TIOCGWINSZ, size + 1);
	CALL(SYS_ioctl, master, TIOCGWINSZ, 0);
	CALL(SYS_ioctl, master, TIOCSWINSZ, BAD);
	CALL(SYS_ioctl, master, TIOCPKT, &one);
	CALL(SYS_ioctl, master, TIOCGPKT, &number);
	CALL(SYS_ioctl, master, FIONREAD, &number);
	CALL(SYS_ioctl, master, TIOCOUTQ, &number);
	CALL(SYS_ioctl, master, FIONBIO, &one);
	CALL(SYS_ioctl, master, FIOASYNC, &zero);
	CALL(SYS_ioctl, master, TIOCGETD, &number);
	CALL(SYS_ioctl, master, TIOCGPGRP, &number);
	CALL(SYS_ioctl, master, TIOCGSID, &number);
	CALL(SYS_ioctl, master, TCFLSH, TCIOFLUSH);
	CALL(SYS_ioctl, master, TCFLSH, 7);
	CALL(SYS_ioctl, master, TCXONC, TCOON);
	CALL(SYS_ioctl, -1, TCXONC, 9);
	CALL(SYS_ioctl, master, TCSBRK, 1);
	CALL(SYS_ioctl, -1, TCSBRKP, -1);
	CALL(SYS_ioctl, master, TIOCMGET, &number);
	CALL(SYS_ioctl, master, FIONCLEX);
	CALL(SYS_ioctl, master, FIOCLEX);
	CALL(SYS_close, master);
}
