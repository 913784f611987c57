// Descriptors of every sort, in every place where a system call has one.
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H
#include "parity.h"
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static void files(void)
{
	int file = openat(AT_FDCWD, "file", O_RDWR | O_CREAT, 0600);
	write(file, "x", 1);
	unlink("file");
	write(file, "x", 1);
	int odd = openat(AT_FDCWD, "a<b>c\"d\\e\n\1\xe9", O_RDWR | O_CREAT, 0600);
	close(odd);
	mkdir("folder", 0700);
	int folder = openat(AT_FDCWD, "folder", O_RDONLY | O_DIRECTORY);
	openat(folder, "nothing", O_RDONLY);
	fchdir(folder);
	openat(AT_FDCWD, "nothing", O_RDONLY);
	chdir("..");
	CALL(SYS_dup2, folder, 50);
	fcntl(50, F_DUPFD, 60);
	CALL(SYS_dup, 50);
	close(60);
	CALL(SYS_close_range, 50, 61, 0);
	CALL(SYS_linkat, folder, "x", -100, "y", 0);
	CALL(SYS_sendfile, file, folder, 0, 4);
	close(folder);
	close(file);
	close(-1);
	close(99);
	CALL(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR);
	CALL(SYS_openat, AT_FDCWD, "/dev/zero", O_RDWR);
	CALL(SYS_openat, AT_FDCWD, "/proc/self/status", O_RDONLY);
	CALL(SYS_close_range, 3, 20, 0);
}

static void anonymous(void)
{
	static unsigned long set = 2;
	int pair[2];
	long counter[1];
	CALL(SYS_pipe2, pair, 0);
	CALL(SYS_write, pair[1], "", 1);
	CALL(SYS_eventfd2, 5, 0);
	CALL(SYS_read, 5, counter, 8);
	CALL(SYS_epoll_create1, 0);
	CALL(SYS_timerfd_create, 0, 0);
	CALL(SYS_signalfd4, -1, &set, 8, 0);
	CALL(SYS_inotify_init1, 0);
	CALL(SYS_memfd_create, "name", 0);
	CALL(SYS_pidfd_open, CALL(SYS_getpid), 0);
	CALL(SYS_mmap, 0, 4096, PROT_READ, MAP_PRIVATE, 10, 0);
	CALL(SYS_close_range, 3, 20, 0);
}

static void waits(void)
{
	int pair[2];
	struct timespec none = {0, 0};
	pipe(pair);
	struct pollfd fds[2] = {{pair[1], POLLOUT, 0}, {-1, POLLIN, 0}};
	CALL(SYS_poll, fds, 2, 0);
	fd_set set;
	FD_ZERO(&set);
	FD_SET(pair[1], &set);
	FD_SET(0, &set);
	CALL(SYS_pselect6, pair[1] + 1, 0, &set, 0, &none, 0);
	struct epoll_event event = {EPOLLOUT, {.fd = pair[1]}}, ready[2];
	int epoll = epoll_create1(0);
	CALL(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, pair[1], &event);
	CALL(SYS_epoll_wait, epoll, ready, 2, 0);
	close(epoll);
	close(pair[0]);
	close(pair[1]);
}

static void sockets(void)
{
	int pair[2], one = 1;
	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	CALL(SYS_sendto, pair[0], "x", 1, 0, 0, 0);
	char control[CMSG_SPACE(sizeof(int))] = {0}, text[4];
	struct iovec part = {"y", 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	*header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(header), &pair[0], sizeof(int));
	CALL(SYS_sendmsg, pair[0], &message, 0);
	part = (struct iovec){text, 4};
	CALL(SYS_recvmsg, pair[1], &message, MSG_DONTWAIT);
	CALL(SYS_recvmsg, pair[1], &message, MSG_DONTWAIT);
	CALL(SYS_close_range, 3, 20, 0);
	struct sockaddr_un name = {AF_UNIX, "socket"}, abstract = {AF_UNIX, ""};
	snprintf(abstract.sun_path + 1, 16, "parity%9d", (int)getpid());
	int server = socket(AF_UNIX, SOCK_DGRAM, 0);
	CALL(SYS_bind, server, &name, sizeof(name));
	int other = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CALL(SYS_bind, other, &abstract, 2 + 16);
	CALL(SYS_connect, other, &name, sizeof(name));
	CALL(SYS_sendto, other, "q", 1, 0, 0, 0);
	CALL(SYS_close_range, 3, 20, 0);
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}, };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	CALL(SYS_bind, listener, &here, sizeof(here));
	CALL(SYS_listen, listener, 1);
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	here.sin_port = htons(34518);
	CALL(SYS_connect, udp, &here, sizeof(here));
	CALL(SYS_shutdown, udp, 2);
	struct sockaddr_in6 here6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int udp6 = socket(AF_INET6, SOCK_DGRAM, 0);
	CALL(SYS_bind, udp6, &here6, sizeof(here6));
	CALL(SYS_getsockname, udp6, 0, 0);
	CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 0);
	CALL(SYS_close, udp6 + 1);
	CALL(SYS_close_range, 3, 20, 0);
}

void run(void)
{
	files();
	anonymous();
	waits();
	sockets();
}
#endif
