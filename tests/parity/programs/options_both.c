// Constants as numbers and names.
// options: -X verbose
#include "parity.h"
#include "constants.h"
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>

void run(void)
{
	static struct stat status;
	static struct utsname name;
	static char odd[] = "abc\0\1\xff\"\n7\\";
	static char space[] = "\ta b\n";
	struct sockaddr_in inet = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr = {htonl(0x7f000001)}};
	struct sockaddr_in6 inet6 = {.sin6_family = AF_INET6, .sin6_port = htons(443), .sin6_addr = {{{[15] = 1}}}};
	struct sockaddr_un local = {AF_UNIX, "\0abs\1"};
	struct iovec vector[2] = {{"ab", 2}, {"c\1", 2}};
	struct pollfd fds = {0, POLLIN | POLLOUT, 0};
	int value = 1;

	CALL(SYS_openat, -100, "file\1\xe9", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	CALL(SYS_openat, -100, "/nonexistent", 0x80000000);
	CALL(SYS_openat, 3, "x", O_PATH);
	CALL(SYS_openat, -1, "x", ALL, 0);
	CALL(SYS_write, 3, odd, sizeof(odd));
	CALL(SYS_write, 3, space, sizeof(space) - 1);
	CALL(SYS_write, 3, "plain", 5);
	CALL(SYS_write, 3, "", 0);
	CALL(SYS_write, 3, "0123456789012345678901234567890123456789", 40);
	CALL(SYS_writev, 3, vector, 2);
#ifdef SYS_newfstatat
	CALL(SYS_newfstatat, -100, "/dev/null", &status, 0);
	CALL(SYS_newfstatat, -100, "/", &status, AT_SYMLINK_NOFOLLOW | 1);
#endif
	CALL(SYS_mknod, "fifo", S_IFIFO | 0600, 0);
	CALL(SYS_mknod, "/nonexistent/x", S_IFCHR | S_ISVTX | 0644, 0x103);
	CALL(SYS_access, "fifo", R_OK | W_OK);
	CALL(SYS_access, "fifo", 0);
	CALL(SYS_umask, 022);
	CALL(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CALL(SYS_socket, AF_INET, SOCK_DGRAM, IPPROTO_UDP);
	CALL(SYS_socket, 99, 99, 99);
	CALL(SYS_connect, -1, &inet, sizeof(inet));
	CALL(SYS_connect, -1, &inet6, sizeof(inet6));
	CALL(SYS_bind, -1, &local, 7);
	CALL(SYS_setsockopt, -1, SOL_SOCKET, SO_REUSEADDR, &value, 4);
	CALL(SYS_setsockopt, -1, 99, 99, &value, 4);
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, 0, 0, 8);
	CALL(SYS_kill, 0, 0);
	CALL(SYS_kill, 1, 99);
	CALL(SYS_poll, &fds, 1, 0);
	CALL(SYS_fcntl, 3, F_SETFD, FD_CLOEXEC);
	CALL(SYS_fcntl, 3, F_GETFD);
	CALL(SYS_fcntl, 3, 99);
	CALL(SYS_ioctl, 0, TIOCGWINSZ, 0);
	CALL(SYS_ioctl, 0, 0x12345678, 0);
	CALL(SYS_prctl, PR_SET_NAME, "na\tme");
	CALL(SYS_prctl, 999, 1);
	CALL(SYS_setrlimit, 99, 0);
	CALL(SYS_lseek, 3, 0, SEEK_END);
	CALL(SYS_lseek, 3, 0, 77);
	CALL(SYS_uname, &name);
	CALL(SYS_wait4, -1, 0, WNOHANG | 0x800, 0);
	CALL(SYS_unshare, 0x12000080);
	CALL(SYS_mprotect, 0, 0, PROT_READ | PROT_EXEC);
	CALL(SYS_mprotect, 0, 0, 0);
	CALL(SYS_madvise, 0, 0, 999);
	CALL(SYS_flock, 3, 2 | 4);
	CALL(SYS_readlink, "/proc/self/exe", odd, 0);
	CALL(SYS_kill, CALL(SYS_getpid), SIGCHLD);
	CALL(SYS_close, 3);
	constants();
}
