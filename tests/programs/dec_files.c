// Every kind of file system call, with arguments that are the same in each run.
// What the compiler would warn of is what is to be shown.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wrestrict"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Woverflow"
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <linux/openat2.h>

int main(int argc, char **argv)
{
	char buf[4096];
	struct stat st;
	struct statx stx;
	struct statfs sf;
	if (argc < 2 || chdir(argv[1])) return 1;
	umask(022);
	mkdir("d", 0755);
	mkdirat(AT_FDCWD, "d/e", 01777);
	int fd = open("d/f", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	open("nowhere/f", O_WRONLY | O_EXCL | O_SYNC | O_NOFOLLOW);
	open("d", O_RDWR | O_TMPFILE, 0600);
	creat("d/c", 0444);
	struct open_how how = {.flags = O_RDONLY | O_DIRECTORY, .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV};
	syscall(SYS_openat2, AT_FDCWD, "d", &how, sizeof how);
	syscall(SYS_openat2, AT_FDCWD, "d", &how, 3);
	write(fd, "hello \"world\"\n\1\0022\033[0m\377 and a long rest of the text", 50);
	lseek(fd, 0, SEEK_SET);
	lseek(fd, -5, SEEK_END);
	lseek(fd, 1, 99);
	read(fd, buf, sizeof buf);
	read(fd, buf, 0);
	read(fd, (void *)8, 10);
	read(99, buf, 10);
	write(fd, "", 0);
	write(fd, NULL, 3);
	pread(fd, buf, 10, 2);
	pwrite(fd, "xyz", 3, (off_t)(1LL << 33));
	struct iovec v[3] = {{"one", 3}, {"", 0}, {"three and more than thirty-two bytes", 36}};
	writev(fd, v, 3);
	lseek(fd, 0, SEEK_SET);
	char a[4], b[40], c[6];
	struct iovec r[3] = {{a, 4}, {b, 40}, {c, 6}};
	readv(fd, r, 3);
	lseek(fd, 0, SEEK_SET);
	struct iovec r2[3] = {{a, 4}, {b, 4000}, {c, 6}};
	preadv(fd, r, 2, 5);
	preadv2(fd, r, 2, 5, RWF_HIPRI);
	pwritev(fd, v, 2, 7);
	readv(fd, (void *)16, 2);
	(void)r2;
	stat("d/f", &st);
	lstat("d/f", &st);
	fstat(fd, &st);
	stat("/dev/null", &st);
	stat("nothing", &st);
	fstatat(AT_FDCWD, "d", &st, AT_SYMLINK_NOFOLLOW);
	fstatat(fd, "", &st, AT_EMPTY_PATH);
	statx(AT_FDCWD, "d/f", AT_STATX_SYNC_AS_STAT | AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &stx);
	statfs("/proc", &sf);
	fstatfs(fd, &sf);
	access("d/f", F_OK);
	access("d/f", R_OK | X_OK);
	faccessat(AT_FDCWD, "d/f", W_OK, AT_EACCESS);
	link("d/f", "d/l");
	linkat(AT_FDCWD, "d/f", AT_FDCWD, "d/l2", AT_SYMLINK_FOLLOW);
	symlink("f", "d/s");
	symlinkat("f", AT_FDCWD, "d/s2");
	readlink("d/s", buf, sizeof buf);
	readlinkat(AT_FDCWD, "d/s2", buf, sizeof buf);
	rename("d/l2", "d/l3");
	renameat(AT_FDCWD, "d/l3", AT_FDCWD, "d/l4");
	renameat2(AT_FDCWD, "d/l4", AT_FDCWD, "d/l", RENAME_NOREPLACE);
	chmod("d/f", 0600);
	fchmod(fd, 06755);
	fchmodat(AT_FDCWD, "d/f", 0644, 0);
	chown("d/f", -1, 0);
	lchown("d/s", 0, -1);
	fchown(fd, 1, 2);
	fchownat(AT_FDCWD, "d/f", 3, 4, AT_SYMLINK_NOFOLLOW);
	mknod("d/p", S_IFIFO | 0600, 0);
	mknod("d/n", S_IFCHR | 0600, makedev(1, 3));
	mknodat(AT_FDCWD, "d/n2", 0644, 0);
	truncate("d/f", 100);
	ftruncate(fd, 200);
	fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 4096);
	fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 1, (off_t)(1LL << 40));
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	sync_file_range(fd, 0, 10, SYNC_FILE_RANGE_WRITE);
	fsync(fd);
	fdatasync(fd);
	flock(fd, LOCK_EX | LOCK_NB);
	flock(fd, LOCK_UN);
	int copy = open("d/copy", O_RDWR | O_CREAT, 0600);
	off_t off = 10;
	loff_t o1 = 1, o2 = 2;
	sendfile(copy, fd, NULL, 5);
	sendfile(copy, fd, &off, 5);
	copy_file_range(fd, &o1, copy, &o2, 7, 0);
	copy_file_range(fd, NULL, copy, NULL, 7, 0);
	int p[2];
	pipe(p);
	pipe2(p, O_CLOEXEC | O_NONBLOCK);
	splice(fd, &o1, p[1], NULL, 8, SPLICE_F_MOVE | SPLICE_F_MORE);
	tee(p[0], 77, 8, SPLICE_F_NONBLOCK);
	struct flock lk = {F_WRLCK, SEEK_SET, 10, 20, 0};
	fcntl(fd, F_SETLK, &lk);
	fcntl(fd, F_GETLK, &lk);
	lk.l_pid = 0;
	fcntl(fd, F_OFD_SETLK, &lk);
	fcntl(fd, F_GETFD);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_GETFD);
	fcntl(fd, F_SETFD, 0);
	fcntl(fd, F_GETFD);
	fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK);
	fcntl(fd, F_DUPFD, 30);
	fcntl(fd, F_DUPFD_CLOEXEC, 30);
	fcntl(fd, F_GETOWN);
	fcntl(fd, F_SETSIG, 10);
	fcntl(fd, F_GETSIG);
	fcntl(fd, F_SETSIG, 0);
	fcntl(fd, F_GETSIG);
	fcntl(fd, F_GETPIPE_SZ);
	fcntl(fd, F_GETLEASE);
	fcntl(fd, F_SETLEASE, F_RDLCK);
	fcntl(fd, F_NOTIFY, DN_CREATE | DN_DELETE);
	fcntl(fd, F_GET_SEALS);
	fcntl(fd, 12345, 6);
	fcntl(99, F_GETFL);
	dup(fd);
	dup2(fd, 40);
	dup3(fd, 41, O_CLOEXEC);
	setxattr("d/f", "user.a", "value", 5, XATTR_CREATE);
	getxattr("d/f", "user.a", buf, 100);
	getxattr("d/f", "user.none", buf, 100);
	getxattr("d/f", "user.a", NULL, 0);
	fgetxattr(fd, "user.a", buf, 100);
	listxattr("d/f", buf, 100);
	removexattr("d/f", "user.a");
	getcwd(buf, sizeof buf);
	getcwd(buf, 1);
	int dir = open("d", O_RDONLY | O_DIRECTORY);
	syscall(SYS_getdents64, dir, buf, sizeof buf);
	syscall(SYS_getdents64, dir, buf, sizeof buf);
	syscall(SYS_getdents, dir, buf, 10);
	fchdir(dir);
	fchdir(fd);
	chdir("..");
	struct timespec ts[2] = {{1, 2}, {1700000000, 123456789}};
	utimensat(AT_FDCWD, "d/f", ts, 0);
	ts[0].tv_nsec = UTIME_NOW;
	ts[1].tv_nsec = UTIME_OMIT;
	utimensat(AT_FDCWD, "d/f", ts, AT_SYMLINK_NOFOLLOW);
	utimensat(AT_FDCWD, "d/f", NULL, 0);
	unsigned short ws[4] = {1, 2, 3, 4};
	int n;
	ioctl(fd, TCGETS, buf);
	ioctl(p[0], FIONREAD, &n);
	ioctl(fd, TIOCGWINSZ, ws);
	n = 1;
	ioctl(p[0], FIONBIO, &n);
	ioctl(fd, FIOCLEX);
	ioctl(fd, 0xdeadbeef, 0x123);
	mount("none", "d/e", "tmpfs-none", MS_NOSUID | MS_NODEV, "size=1");
	umount2("d/e", MNT_DETACH);
	unlink("d/f");
	unlink("d/zzz");
	unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR);
	rmdir("d");
	name_to_handle_at(AT_FDCWD, "d", (void *)buf, &n, 0);
	syscall(SYS_close_range, 70, 80, 0);
	close(fd);
	close(-1);
	char longname[5000];
	memset(longname, 'x', sizeof longname);
	longname[4500] = 0;
	open(longname, 0);
	longname[300] = 0;
	open(longname, 0);
	exit(0);
}
