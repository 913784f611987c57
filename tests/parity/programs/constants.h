// Constants that stand for numbers in many places, for the programs that show them otherwise.
#ifndef CONSTANTS_H
#define CONSTANTS_H
#include <linux/futex.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ipc.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>

// What the kernel would tell (it listens to requests only) of interface 1, with a hardware address, an IPv6 address and counters.
static inline void link_message(int fd)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
		struct rtattr address;
		unsigned char hardware[8];
		struct rtattr spec, inet, conf;
		int conf4[3];
		struct rtattr inet6, token;
		unsigned char token6[16];
	} it = {
		.head = {sizeof(it), RTM_NEWLINK, NLM_F_MULTI, 7, 0},
		.link = {.ifi_index = 1},
		.address = {10, IFLA_ADDRESS},
		.hardware = {2, 0xfc, 0, 0, 0, 1},
		.spec = {64 - 12, IFLA_AF_SPEC},
		.inet = {20, AF_INET},
		.conf = {16, IFLA_INET_CONF},
		.conf4 = {1, 2, 3},
		.inet6 = {24 + 4, AF_INET6},
		.token = {20, IFLA_INET6_TOKEN},
		.token6 = {0x20, 1, [15] = 9},
	};
	it.spec.rta_len = sizeof(it) - ((char *)&it.spec - (char *)&it);
	CALL(SYS_sendto, fd, &it, sizeof(it), MSG_DONTWAIT, 0, 0);
}

// An answer of the kernel: an error.
static inline void link_error(int fd)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
	} it = {{sizeof(it), NLMSG_ERROR, 0, 7, 0}, {-2, {16, RTM_GETLINK, 0, 7, 0}}};
	CALL(SYS_sendto, fd, &it, sizeof(it), MSG_DONTWAIT, 0, 0);
}

static inline void constants(void)
{
	struct sockaddr_in port = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr = {htonl(0x7f000001)}};
	union bpf_attr load = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .kern_version = 0x60c07};
	struct sockaddr_nl own = {.nl_family = AF_NETLINK};
	siginfo_t child = {.si_signo = SIGCHLD, .si_code = CLD_EXITED};
	struct pollfd ready = {.events = POLLOUT};
	uint64_t set = 1UL << (SIGUSR2 - 1);
	unsigned length = 4;
	int error = 0;
	int fd = CALL(SYS_socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	// Bound, so that both tracers find its protocol.
	CALL(SYS_bind, fd, &own, sizeof(own));
	link_message(fd);
	link_error(fd);
	fd = CALL(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CALL(SYS_connect, fd, &port, sizeof(port));
	ready.fd = fd;
	CALL(SYS_poll, &ready, 1, 5000);
	CALL(SYS_getsockopt, fd, SOL_SOCKET, SO_ERROR, &error, &length);
	CALL(SYS_msgget, 0x7d3a0001, 0644);
	CALL(SYS_semget, IPC_PRIVATE, -1, IPC_CREAT | IPC_EXCL | 0600);
	CALL(SYS_shmget, IPC_PRIVATE, 0, 0600);
	CALL(SYS_shmget, IPC_PRIVATE, 0, IPC_CREAT);
	CALL(SYS_shmget, IPC_PRIVATE, 0, IPC_CREAT | SHM_HUGETLB | 21 << 26 | 0770);
	CALL(SYS_futex, 0, FUTEX_WAKE_BITSET, 1, 0, 0, -1);
	CALL(SYS_personality, 0x10000);
	CALL(SYS_personality, 0x20000);
	CALL(SYS_quotactl, 0x80000100, "/dev/none", 0, 0);
	CALL(SYS_quotactl, 0x800007ff, "/dev/none", 0, 0);
	CALL(SYS_ioprio_set, 9, 0x7fffffff, 1 << 13 | 5);
	CALL(SYS_ioprio_set, 9, 0x7fffffff, -1);
	CALL(SYS_bpf, BPF_PROG_LOAD, &load, 72);
	CALL(SYS_prctl, PR_GET_DUMPABLE);
	CALL(SYS_fcntl, 0, F_GETFD);
	CALL(SYS_fcntl, 0, F_GETFL);
	CALL(SYS_sched_getscheduler, 0);
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &set, 0, 8);
	CALL(SYS_tkill, CALL(SYS_gettid), SIGUSR2);
	CALL(SYS_rt_sigtimedwait, &set, edge(128), 0, 8);
	child.si_utime = 150;
	CALL(SYS_rt_sigqueueinfo, 0x7fffffff, SIGCHLD, &child);
}

#endif
