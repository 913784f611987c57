// ioctl: termio and termios2, delays and speeds, modem lines
// options: -v
#include "parity.h"
#include <asm/termbits.h>
#include <asm/ioctls.h>
#include <linux/termios.h>
struct old { unsigned short iflag, oflag, cflag, lflag; unsigned char line, cc[8]; };
void run(void)
{
	struct old *old = edge(18);
	static const unsigned values[] = {0, 1, 0x5, 0xf, 0x1000, 0x1001, 0x100f, 0x30, 0x1cb2, 0xffff, 0x80001000, 0x10001002};
	for (unsigned i = 0; i < COUNT(values); i++) {
		old->iflag = old->oflag = old->cflag = old->lflag = values[i];
		old->line = i, old->cc[i % 8] = i;
		CALL(SYS_ioctl, -1, TCSETA, old);
	}
	CALL(SYS_ioctl, -1, TCSETAW, (char *)old + 2);
	struct termios2 *new = edge(sizeof(*new));
	for (unsigned i = 0; i < COUNT(values); i++) {
		new->c_iflag = new->c_oflag = new->c_cflag = new->c_lflag = values[i];
		new->c_line = 20 + i, new->c_cc[i] = 0x7f;
		new->c_ispeed = 9600 + i, new->c_ospeed = ~0u - i;
		CALL(SYS_ioctl, -1, TCSETS2, new);
	}
	new->c_oflag = 0x1800 | 0x400 | 0x100 | 0x2000 | 0x4000 | 0x8000;
	CALL(SYS_ioctl, -1, TCSETSF2, new);
	int *lines = edge(4);
	for (unsigned i = 0; i < 8; i++) {
		*lines = values[i];
		CALL(SYS_ioctl, -1, TIOCMSET, lines);
		CALL(SYS_ioctl, -1, TIOCMBIS, lines);
	}
	CALL(SYS_ioctl, -1, TIOCMBIC, 0);
	CALL(SYS_ioctl, -1, TIOCSTI, text("a"));
	CALL(SYS_ioctl, -1, TIOCSTI, BAD);
	CALL(SYS_ioctl, -1, TIOCNOTTY);
	CALL(SYS_ioctl, -1, TIOCSCTTY, 1);
	CALL(SYS_ioctl, -1, TIOCSLCKTRMIOS, new);
}
