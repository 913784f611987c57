// A threaded network program in the manner of a browser: I/O threads that each run an epoll loop
// and are woken by eventfds and timerfds, a pool of workers, a helper process behind a socket pair
// that gets its shared memory as a descriptor, and clients that talk to the server over TCP and UDP.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IO_THREADS = 3, WORKERS = 3, CLIENTS = 4, REQUESTS = 25, SIZE = 700 };

struct loop {
	pthread_t thread;
	int epoll, wakeup, timer;
	_Atomic int done;
};

static struct loop loops[IO_THREADS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static int queue[CLIENTS * REQUESTS * 2], head, tail, closing;
static _Atomic int answered;

static void check(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		_exit(1);
	}
}

static void add(struct loop *loop, int fd)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.fd = fd};
	check(epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void post(int work)
{
	pthread_mutex_lock(&lock);
	queue[tail++ % (int)(sizeof(queue) / sizeof(*queue))] = work;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
}

static void *worker(void *unused)
{
	(void)unused;
	prctl(PR_SET_NAME, "worker");
	char *memory = mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (;;) {
		pthread_mutex_lock(&lock);
		while (head == tail && !closing)
			pthread_cond_wait(&more, &lock);
		if (head == tail) {
			pthread_mutex_unlock(&lock);
			munmap(memory, 1 << 16);
			return 0;
		}
		int work = queue[head++ % (int)(sizeof(queue) / sizeof(*queue))];
		pthread_mutex_unlock(&lock);
		memset(memory, work, 1 << 12);
		madvise(memory, 1 << 16, MADV_DONTNEED);
		atomic_fetch_add(&answered, 1);
	}
}

static void answer(struct loop *loop, int fd)
{
	char buffer[SIZE];
	ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
	if (got <= 0) {
		epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, 0);
		close(fd);
		return;
	}
	struct iovec parts[2] = {{"HTTP/1.1 200 OK\r\n\r\n", 19}, {buffer, (size_t)got}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	sendmsg(fd, &message, MSG_NOSIGNAL);
	post((int)got);
}

static void *io(void *argument)
{
	struct loop *loop = argument;
	uint64_t count;
	prctl(PR_SET_NAME, "io");
	add(loop, loop->wakeup);
	add(loop, loop->timer);
	struct itimerspec often = {{0, 5000000}, {0, 5000000}};
	timerfd_settime(loop->timer, 0, &often, 0);
	while (!atomic_load(&loop->done)) {
		struct epoll_event events[8];
		int ready = epoll_wait(loop->epoll, events, 8, 1000);
		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;
			if (fd == loop->wakeup || fd == loop->timer)
				(void)!read(fd, &count, sizeof(count));
			else
				answer(loop, fd);
		}
	}
	close(loop->timer);
	close(loop->epoll);
	return 0;
}

static struct sockaddr_in where;

static void *client(void *argument)
{
	char request[SIZE] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", reply[SIZE + 19];
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof(one));
	check(connect(fd, (void *)&where, sizeof(where)), "connect");
	socklen_t length = sizeof(where);
	struct sockaddr_in own;
	getsockname(fd, (void *)&own, &length);
	for (int i = 0; i < REQUESTS; i++) {
		size_t size = 100 + (size_t)(i * 20 % 600);
		send(fd, request, size, MSG_NOSIGNAL);
		recv(fd, reply, size + 19, MSG_WAITALL);
	}
	shutdown(fd, SHUT_RDWR);
	close(fd);
	(void)argument;
	return 0;
}

static void datagrams(void)
{
	struct sockaddr_in6 at = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	socklen_t length = sizeof(at);
	char text[64];
	int a = socket(AF_INET6, SOCK_DGRAM, 0), b = socket(AF_INET6, SOCK_DGRAM, 0);
	bind(a, (void *)&at, sizeof(at));
	getsockname(a, (void *)&at, &length);
	for (int i = 0; i < 10; i++) {
		sendto(b, "query", 5, 0, (void *)&at, sizeof(at));
		struct sockaddr_in6 from;
		length = sizeof(from);
		recvfrom(a, text, sizeof(text), 0, (void *)&from, &length);
	}
	close(a);
	close(b);
}

static void helper(int channel)
{
	char control[CMSG_SPACE(sizeof(int))], text[16];
	struct iovec part = {text, sizeof(text)};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	check(recvmsg(channel, &message, MSG_CMSG_CLOEXEC), "recvmsg");
	int fd;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	struct stat status;
	fstat(fd, &status);
	char *shared = mmap(0, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	strcpy(shared, "seen");
	(void)!write(channel, "ok", 2);
	_exit(7);
}

static void zygote(void)
{
	int pair[2], status;
	socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair);
	pid_t child = fork();
	if (child == 0)
		helper(pair[1]);
	int memory = memfd_create("shared", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	(void)!ftruncate(memory, 1 << 14);
	fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK);
	char control[CMSG_SPACE(sizeof(int))] = {0}, text[16];
	struct iovec part = {"take", 4};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	*header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
	memcpy(CMSG_DATA(header), &memory, sizeof(memory));
	sendmsg(pair[0], &message, 0);
	check(recv(pair[0], text, sizeof(text), 0), "recv");
	struct rusage usage;
	wait4(child, &status, 0, &usage);
	close(pair[0]);
	close(pair[1]);
	close(memory);
}

int main(void)
{
	pthread_t workers[WORKERS], clients[CLIENTS];
	int one = 1, server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	signal(SIGPIPE, SIG_IGN);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	where = (struct sockaddr_in){AF_INET, 0, {htonl(INADDR_LOOPBACK)}, {0}};
	check(bind(server, (void *)&where, sizeof(where)), "bind");
	check(listen(server, 16), "listen");
	socklen_t length = sizeof(where);
	getsockname(server, (void *)&where, &length);
	zygote();
	for (int i = 0; i < IO_THREADS; i++) {
		loops[i].epoll = epoll_create1(EPOLL_CLOEXEC);
		loops[i].wakeup = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		loops[i].timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
		pthread_create(&loops[i].thread, 0, io, &loops[i]);
	}
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], 0, worker, 0);
	for (int i = 0; i < CLIENTS; i++)
		pthread_create(&clients[i], 0, client, 0);
	for (int i = 0; i < CLIENTS; i++) {
		struct sockaddr_in peer;
		length = sizeof(peer);
		int fd = accept4(server, (void *)&peer, &length, SOCK_CLOEXEC);
		check(fd, "accept4");
		add(&loops[i % IO_THREADS], fd);
	}
	datagrams();
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(clients[i], 0);
	for (int i = 0; i < IO_THREADS; i++) {
		atomic_store(&loops[i].done, 1);
		eventfd_write(loops[i].wakeup, 1);
		pthread_join(loops[i].thread, 0);
		close(loops[i].wakeup);
	}
	pthread_mutex_lock(&lock);
	closing = 1;
	pthread_cond_broadcast(&more);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], 0);
	close(server);
	printf("%d\n", answered);
	return 0;
}
