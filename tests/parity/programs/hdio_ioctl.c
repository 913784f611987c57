// ioctl: IDE disks
#include "parity.h"
#include <sys/ioctl.h>
#include <linux/hdreg.h>
void run(void)
{
	unsigned char *command = edge(4);
	static const unsigned char commands[] = {0, 0xec, 0xe7, 0xb0, 0x77, 0xff};
	for (unsigned i = 0; i < COUNT(commands); i++) {
		command[0] = commands[i], command[1] = i, command[2] = 2 * i, command[3] = i % 2;
		CALL(SYS_ioctl, -1, HDIO_DRIVE_CMD, command);
	}
	CALL(SYS_ioctl, -1, HDIO_DRIVE_CMD, 0);
	CALL(SYS_ioctl, -1, HDIO_DRIVE_CMD, command + 1);
	for (unsigned long i = 0; i < 7; i++) {
		CALL(SYS_ioctl, -1, HDIO_SET_NICE, i);
		CALL(SYS_ioctl, -1, HDIO_SET_BUSSTATE, i);
	}
	CALL(SYS_ioctl, -1, HDIO_SET_NICE, 0x100);
	CALL(SYS_ioctl, -1, HDIO_SET_MULTCOUNT, 16);
	CALL(SYS_ioctl, -1, HDIO_SET_DMA, ALL);
	CALL(SYS_ioctl, -1, HDIO_GETGEO, command);
	CALL(SYS_ioctl, -1, HDIO_GET_IDENTITY, command);
	CALL(SYS_ioctl, -1, HDIO_GET_DMA, command);
	int *numbers = edge(12);
	numbers[1] = 0x1f0;
	CALL(SYS_ioctl, -1, HDIO_SCAN_HWIF, numbers);
	CALL(SYS_ioctl, -1, HDIO_SCAN_HWIF, numbers + 1);
	CALL(SYS_ioctl, -1, HDIO_UNREGISTER_HWIF, 1);
}
