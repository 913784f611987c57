// quotactl: the structs whole.
// options: -v
#include "parity.h"
#include <linux/dqblk_xfs.h>
#include <linux/quota.h>

#define QUOTACTL(...) CALL(SYS_quotactl, __VA_ARGS__)

void run(void)
{
	static const int fills[] = {0, 1, 0x7f, 0xff};
	for (unsigned i = 0; i < COUNT(fills); i++) {
		char *data = edge(200);
		memset(data, fills[i], 200);
		QUOTACTL(QCMD(Q_SETQUOTA, USRQUOTA), text("/dev/none"), 1000, data);
		QUOTACTL(QCMD(Q_SETINFO, USRQUOTA), text("/dev/none"), 1000, data);
		QUOTACTL(QCMD(Q_XSETQLIM, PRJQUOTA), text("/dev/none"), 1000, data);
		QUOTACTL(QCMD(Q_XQUOTARM, PRJQUOTA), text("/dev/none"), 1000, data);
		QUOTACTL(QCMD(Q_XQUOTAON, PRJQUOTA), text("/dev/none"), 1000, data);
		QUOTACTL(QCMD(Q_GETQUOTA, USRQUOTA), text("/dev/none"), 1000, data);
	}
}
