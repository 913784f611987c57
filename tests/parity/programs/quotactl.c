// quotactl, quotactl_fd: commands, types of quota, odd pointers.
#include "parity.h"
#include <linux/dqblk_xfs.h>
#include <linux/quota.h>
#ifndef Q_GETNEXTQUOTA
#define Q_GETNEXTQUOTA 0x800009
#endif

#define QUOTACTL(...) CALL(SYS_quotactl, __VA_ARGS__)

void run(void)
{
	static const unsigned commands[] = {
		Q_SYNC, Q_QUOTAON, Q_QUOTAOFF, Q_GETFMT, Q_GETINFO, Q_SETINFO, Q_GETQUOTA,
		Q_SETQUOTA, Q_GETNEXTQUOTA, Q_XQUOTAON, Q_XQUOTAOFF, Q_XGETQUOTA, Q_XSETQLIM,
		Q_XGETQSTAT, Q_XQUOTARM, Q_XQUOTASYNC, Q_XGETQSTATV, Q_XGETNEXTQUOTA, 0x123, 0};
	char *data = edge(200);
	memset(data, 1, 200);
	for (unsigned i = 0; i < COUNT(commands); i++)
		for (int type = 0; type < 4; type++) {
			unsigned cmd = QCMD(commands[i], type == 3 ? 0xff : type);
			void *addr = type == 0 ? data : type == 1 ? NULL : type == 2 ? BAD : edge(4);
			QUOTACTL(cmd, text("/dev/none"), i, addr);
			QUOTACTL(cmd, NULL, -1, data);
#ifdef SYS_quotactl_fd
			CALL(SYS_quotactl_fd, -1, cmd, i, addr);
#endif
		}
	QUOTACTL(QCMD(Q_QUOTAON, USRQUOTA), BAD, QFMT_VFS_V1, text("/quota"));
	QUOTACTL(QCMD(Q_QUOTAON, GRPQUOTA), text("/dev/none"), 77, text("/quota"));
	QUOTACTL(-1, text("/dev/none"), 77, text("/quota"));
	struct if_dqblk *block = edge(sizeof(*block));
	block->dqb_bhardlimit = -1;
	block->dqb_valid = QIF_ALL;
	QUOTACTL(QCMD(Q_SETQUOTA, USRQUOTA), text("/dev/none"), 1000, block);
	block->dqb_valid = 0xffffff01;
	QUOTACTL(QCMD(Q_SETQUOTA, USRQUOTA), text("/dev/none"), 1000, block);
	struct fs_disk_quota *disk = edge(sizeof(*disk));
	disk->d_flags = FS_USER_QUOTA | 8;
	disk->d_fieldmask = 0xffff;
	QUOTACTL(QCMD(Q_XSETQLIM, USRQUOTA), text("/dev/none"), 1000, disk);
	unsigned *flags = edge(4);
	*flags = 0x3f;
	QUOTACTL(QCMD(Q_XQUOTAON, USRQUOTA), text("/dev/none"), 0, flags);
}
