// ioctl: perf events, seccomp's notifications, inotify
#include "parity.h"
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
void run(void)
{
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_ENABLE, 0);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_RESET, 6);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_REFRESH, 5);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_SET_OUTPUT, -1);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_SET_BPF, 7);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_PAUSE_OUTPUT, 1);
	uint64_t *period = edge(8);
	*period = 100000;
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_PERIOD, period);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_PERIOD, BAD);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_SET_FILTER, text("common_pid != 0"));
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_SET_FILTER, 0);
	CALL(SYS_ioctl, -1, PERF_EVENT_IOC_ID, period);
	struct seccomp_notif_resp *answer = edge(sizeof(*answer));
	answer->id = 7, answer->error = -1, answer->flags = 1;
	CALL(SYS_ioctl, -1, SECCOMP_IOCTL_NOTIF_SEND, answer);
	answer->flags = 0x10;
	CALL(SYS_ioctl, -1, SECCOMP_IOCTL_NOTIF_SEND, answer);
	CALL(SYS_ioctl, -1, SECCOMP_IOCTL_NOTIF_ID_VALID, period);
	struct seccomp_notif_addfd *add = edge(sizeof(*add));
	add->flags = 1, add->srcfd = 3, add->newfd = 5, add->newfd_flags = O_CLOEXEC;
	CALL(SYS_ioctl, -1, SECCOMP_IOCTL_NOTIF_ADDFD, add);
	struct seccomp_notif *notif = edge(sizeof(*notif));
	CALL(SYS_ioctl, -1, SECCOMP_IOCTL_NOTIF_RECV, notif);
	CALL(SYS_ioctl, -1, 0x40044900, 99);
}
