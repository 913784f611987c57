// ioctl: network block devices, random numbers, watchdogs, inotify
#include "parity.h"
#include <linux/nbd.h>
#include <linux/random.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
void run(void)
{
	CALL(SYS_ioctl, -1, NBD_SET_SOCK, 5);
	CALL(SYS_ioctl, -1, NBD_SET_BLKSIZE, 4096);
	CALL(SYS_ioctl, -1, NBD_SET_SIZE, ALL);
	CALL(SYS_ioctl, -1, NBD_SET_FLAGS, 0x1ff);
	CALL(SYS_ioctl, -1, NBD_SET_FLAGS, 0x10000);
	CALL(SYS_ioctl, -1, NBD_SET_TIMEOUT, 30);
	CALL(SYS_ioctl, -1, NBD_DO_IT, 1);
	CALL(SYS_ioctl, -1, NBD_DISCONNECT, 1);
	int random = CALL(SYS_openat, AT_FDCWD, "/dev/urandom", O_RDONLY);
	int *number = edge(4);
	CALL(SYS_ioctl, -1, RNDGETENTCNT, number);
	*number = 7;
	CALL(SYS_ioctl, -1, RNDADDTOENTCNT, number);
	CALL(SYS_ioctl, -1, RNDZAPENTCNT, 1);
	CALL(SYS_ioctl, -1, RNDCLEARPOOL, 1);
	CALL(SYS_ioctl, -1, RNDRESEEDCRNG, 1);
	int *pool = edge(24);
	pool[0] = 8, pool[1] = 16, memset(pool + 2, 'r', 16);
	CALL(SYS_ioctl, -1, RNDADDENTROPY, pool);
	pool[1] = 17;
	CALL(SYS_ioctl, -1, RNDADDENTROPY, pool);
	pool[1] = -1;
	CALL(SYS_ioctl, -1, RNDADDENTROPY, pool);
	CALL(SYS_ioctl, -1, WDIOC_SETTIMEOUT, number);
	CALL(SYS_ioctl, -1, WDIOC_SETPRETIMEOUT, number);
	CALL(SYS_ioctl, -1, WDIOC_GETTIMEOUT, number);
	CALL(SYS_ioctl, -1, WDIOC_KEEPALIVE, number);
	CALL(SYS_ioctl, -1, 0x40044900, 12345);
	CALL(SYS_close, random);
}
