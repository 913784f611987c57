// Waiting for descriptors.
// What the compiler would warn of is what is to be shown.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wrestrict"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-variable"
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	int p[2], i;
	pipe(p);
	struct pollfd f[3] = {{p[0], POLLIN | POLLPRI, 0}, {p[1], POLLOUT, 0}, {-1, 0, 0}};
	poll(f, 1, 0);
	poll(f, 3, 1000);
	poll(f, 0, 1);
	poll(NULL, 2, 5);
	write(p[1], "x", 1);
	poll(f, 2, -1);
	f[1].fd = 99;
	poll(f, 2, -1);
	struct pollfd many[40];
	for (i = 0; i < 40; i++) many[i] = f[0];
	poll(many, 40, 0);
	struct timespec ts = {1, 500};
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	ppoll(f, 2, &ts, &set);
	ts.tv_sec = 0;
	ppoll(f + 2, 1, &ts, NULL);
	ppoll(f, 1, NULL, NULL);
	fd_set r, w;
	struct timeval tv = {1, 0};
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	syscall(SYS_select, 5, &r, &w, NULL, &tv);
	syscall(SYS_select, 5, &r, NULL, NULL, NULL);
	FD_ZERO(&r);
	tv.tv_sec = 0; tv.tv_usec = 10;
	syscall(SYS_select, 5, &r, NULL, &r, &tv);
	syscall(SYS_select, 0, NULL, NULL, NULL, &tv);
	syscall(SYS_select, -1, &r, NULL, NULL, &tv);
	FD_SET(99, &r);
	syscall(SYS_select, 100, &r, NULL, NULL, &tv);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	ts.tv_sec = 1;
	pselect(5, &r, &w, NULL, &ts, &set);
	pselect(5, &r, NULL, NULL, NULL, NULL);
	syscall(SYS_pselect6, 5, &r, NULL, NULL, &ts, NULL);
	int e = epoll_create1(EPOLL_CLOEXEC);
	epoll_create(5);
	struct epoll_event ev = {EPOLLIN | EPOLLET, {.fd = p[0]}}, got[4];
	epoll_ctl(e, EPOLL_CTL_ADD, p[0], &ev);
	ev.events = EPOLLOUT | EPOLLONESHOT | EPOLLRDHUP;
	ev.data.u64 = 0x1234567890abcdef;
	epoll_ctl(e, EPOLL_CTL_ADD, p[1], &ev);
	epoll_ctl(e, EPOLL_CTL_MOD, 99, &ev);
	epoll_ctl(e, EPOLL_CTL_DEL, 99, NULL);
	epoll_wait(e, got, 4, 1000);
	read(p[0], got, 4);
	epoll_wait(e, got, 4, 0);
	epoll_wait(-1, got, 4, -1);
	epoll_pwait(e, got, 4, 0, &set);
	int ed = eventfd(3, EFD_SEMAPHORE | EFD_CLOEXEC);
	long one = 1;
	write(ed, &one, 8);
	read(ed, &one, 8);
	int in = inotify_init1(IN_NONBLOCK);
	int wd = inotify_add_watch(in, "/", IN_CREATE | IN_DELETE | IN_ONLYDIR);
	inotify_add_watch(in, "/none", IN_ALL_EVENTS);
	inotify_rm_watch(in, wd);
	memfd_create("a name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return 0;
}
