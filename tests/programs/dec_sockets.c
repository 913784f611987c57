// Sockets of several families, messages with control data, options.
// What the compiler would warn of is what is to be shown.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wrestrict"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-variable"
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static void unix_sockets(void)
{
	struct sockaddr_un un = {AF_UNIX, "sock"}, peer;
	socklen_t len = sizeof peer;
	int s[2], one = 1;
	char buf[100], control[200] = {0};
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s);
	int l = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	bind(l, (void *)&un, sizeof un);
	un.sun_path[0] = 0;
	memcpy(un.sun_path + 1, "abstract\0name", 13);
	int l2 = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(l2, (void *)&un, 2 + 14);
	getsockname(l2, (void *)&peer, &len);
	listen(l2, 5);
	int c = socket(AF_UNIX, SOCK_STREAM, 0);
	connect(c, (void *)&un, 2 + 14);
	len = sizeof peer;
	accept(l2, (void *)&peer, &len);
	accept4(l, NULL, NULL, SOCK_CLOEXEC);
	len = sizeof peer;
	getpeername(c, (void *)&peer, &len);
	len = 4;
	getpeername(c, (void *)&peer, &len);
	setsockopt(s[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
	struct iovec iov = {"message", 7};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control};
	m.msg_controllen = CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred));
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(2 * sizeof(int));
	((int *)CMSG_DATA(h))[0] = 0;
	((int *)CMSG_DATA(h))[1] = 1;
	h = CMSG_NXTHDR(&m, h);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_CREDENTIALS;
	h->cmsg_len = CMSG_LEN(sizeof(struct ucred));
	struct ucred cred = {getpid(), 0, 0};
	memcpy(CMSG_DATA(h), &cred, sizeof cred);
	sendmsg(s[0], &m, MSG_NOSIGNAL);
	struct iovec in = {buf, sizeof buf};
	memset(control, 0, sizeof control);
	struct msghdr r = {.msg_iov = &in, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	recvmsg(s[1], &r, MSG_CMSG_CLOEXEC);
	recvmsg(s[1], &r, MSG_DONTWAIT);
	struct mmsghdr mm[2] = {{.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}}, {.msg_hdr = {.msg_iov = &iov, .msg_iovlen = 1}}};
	sendmmsg(s[0], mm, 2, 0);
	struct timespec ts = {1, 0};
	struct mmsghdr rm[2] = {{.msg_hdr = {.msg_iov = &in, .msg_iovlen = 1}}, {.msg_hdr = {.msg_iov = &in, .msg_iovlen = 1}}};
	recvmmsg(s[1], rm, 2, MSG_DONTWAIT, &ts);
	recvmmsg(s[1], rm, 2, MSG_DONTWAIT, NULL);
	len = sizeof cred;
	getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &cred, &len);
	shutdown(s[0], SHUT_RDWR);
	shutdown(99, 7);
}

static void inet_sockets(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, peer;
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(53), .sin6_flowinfo = htonl(7), .sin6_scope_id = 1};
	socklen_t len = sizeof peer;
	char buf[100];
	int one = 1, val;
	int u = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_IP);
	int v = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
	socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
	socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	socket(AF_PACKET, SOCK_DGRAM, htons(0x800));
	socket(99, 77, 88);
	in.sin_port = htons(34567);
	setsockopt(v, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	bind(v, (void *)&in, sizeof in);
	sendto(u, "datagram", 8, MSG_NOSIGNAL, (void *)&in, sizeof in);
	recvfrom(v, buf, sizeof buf, 0, NULL, NULL);
	sendto(u, "datagram", 8, 0, (void *)&in, sizeof in);
	struct sockaddr_in own = {.sin_family = AF_INET};
	(void)own;
	recvfrom(v, buf, sizeof buf, MSG_DONTWAIT | MSG_TRUNC, (void *)&peer, NULL);
	recvfrom(v, buf, sizeof buf, MSG_DONTWAIT | MSG_PEEK, (void *)&peer, &len);
	connect(u, (void *)&in, sizeof in);
	connect(u, (void *)&in, 3);
	connect(u, (void *)&in, 1);
	connect(u, NULL, 16);
	send(u, "x", 1, 0);
	inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr);
	connect(u, (void *)&in6, sizeof in6);
	struct sockaddr unspec = {AF_UNSPEC, "abc"};
	connect(u, &unspec, sizeof unspec);
	struct sockaddr odd = {77, "abcdef"};
	connect(u, &odd, sizeof odd);
	int t = socket(AF_INET, SOCK_STREAM, 0);
	in.sin_port = htons(1);
	connect(t, (void *)&in, sizeof in);
	setsockopt(t, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(t, IPPROTO_IP, IP_TTL, &one, sizeof one);
	setsockopt(t, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	setsockopt(t, SOL_SOCKET, SO_SNDBUF, &one, 3);
	setsockopt(t, SOL_SOCKET, 999, &one, 4);
	setsockopt(t, 888, 999, "abcdef", 6);
	struct linger lg = {1, 5};
	setsockopt(t, SOL_SOCKET, SO_LINGER, &lg, sizeof lg);
	struct timeval tv = {3, 5};
	setsockopt(t, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	setsockopt(t, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
	len = sizeof val;
	getsockopt(t, SOL_SOCKET, SO_ERROR, &val, &len);
	getsockopt(t, SOL_SOCKET, SO_TYPE, &val, &len);
	getsockopt(t, SOL_SOCKET, SO_SNDBUF, &val, &len);
	len = sizeof tv;
	getsockopt(t, SOL_SOCKET, SO_RCVTIMEO, &tv, &len);
	len = 16;
	getsockopt(t, SOL_SOCKET, SO_LINGER, &buf, &len);
	getsockopt(t, SOL_SOCKET, SO_LINGER, NULL, NULL);
	struct ifreq ifr = {.ifr_name = "lo"};
	ioctl(t, SIOCGIFINDEX, &ifr);
	ioctl(t, SIOCGIFFLAGS, &ifr);
}

static void netlink_sockets(void)
{
	struct sockaddr_nl nl = {.nl_family = AF_NETLINK}, got;
	socklen_t len = sizeof got;
	char buf[4096];
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bind(s, (void *)&nl, sizeof nl);
	getsockname(s, (void *)&got, &len);
	struct { struct nlmsghdr h; struct rtgenmsg g; } req = {
		{.nlmsg_len = sizeof req, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP, .nlmsg_seq = 1}, {AF_UNSPEC}};
	sendto(s, &req, sizeof req, 0, (void *)&nl, sizeof nl);
	struct sockaddr_ll ll = {AF_PACKET, htons(3), 1, 1, 2, 6, "\1\2\3\4\5\6"};
	bind(s, (void *)&ll, sizeof ll);
	(void)buf;
}

int main(int argc, char **argv)
{
	if (argc < 2 || chdir(argv[1])) return 1;
	unix_sockets();
	inet_sockets();
	netlink_sockets();
	return 0;
}
