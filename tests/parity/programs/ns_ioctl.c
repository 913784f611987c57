// ioctl: namespaces, descriptors of processes
#include "parity.h"
#include <sys/ioctl.h>
void run(void)
{
	int user = CALL(SYS_openat, AT_FDCWD, "/proc/self/ns/user", O_RDONLY);
	int pid = CALL(SYS_openat, AT_FDCWD, "/proc/self/ns/pid", O_RDONLY);
	unsigned *id = edge(4);
	CALL(SYS_ioctl, user, 0xb703, 5);
	CALL(SYS_ioctl, pid, 0xb703);
	CALL(SYS_close, CALL(SYS_ioctl, pid, 0xb701));
	CALL(SYS_ioctl, user, 0xb702);
	CALL(SYS_ioctl, user, 0xb704, id);
	CALL(SYS_ioctl, pid, 0xb704, id);
	CALL(SYS_ioctl, user, 0xb704, BAD);
	CALL(SYS_ioctl, -1, 0xb704, 0);
	CALL(SYS_close, user);
	CALL(SYS_close, pid);
}
