/*
 * every_call [POSITION fd|path FILE]: makes every system call by number, each refused (ENOSYS) by
 * a seccomp filter before it does anything.  With arguments, one of the first five is a
 * descriptor of FILE, or the address of its name; the others are harmless.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MARK = 0x5e12e, LAST = 480 };

int main(int argc, char **argv)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MARK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof code / sizeof *code, code };
	int position = argc > 3 ? atoi(argv[1]) : -1;
	long value = 0;

	if (argc > 3)
		value = strcmp(argv[2], "fd") ? (long)argv[3] : open(argv[3], O_RDONLY);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	    || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 1;
	for (int number = 0; number < LAST; number++) {
		long a[5] = { 1000, 1000, 1000, 1000, 1000 };

		/* uretprobe and uprobe kill who isn't theirs to call. */
		if (sizeof(long) == 8 && (number == 335 || number == 336))
			continue;
		if (position >= 0)
			a[position] = value;
		syscall(number, a[0], a[1], a[2], a[3], a[4], (long)MARK);
	}
	return 0;
}
