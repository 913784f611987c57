// readlink, access, rename, link, symlink, unlink, mkdir, rmdir, mknod, chdir, getcwd, chroot.
#include "parity.h"

static void links(char *buffer)
{
	CALL(SYS_symlink, "a\ttarget", "link");
	CALL(SYS_readlink, "link", buffer, 100);
	CALL(SYS_readlink, "link", buffer, 3);
	CALL(SYS_readlink, "link", buffer, 0);
	CALL(SYS_readlink, "link", buffer, -1);
	CALL(SYS_readlink, "none", buffer, 100);
	CALL(SYS_readlink, "link", BAD, 100);
	CALL(SYS_readlink, BAD, NULL, 100);
	CALL(SYS_readlinkat, -100, "link", buffer, 100);
	CALL(SYS_readlinkat, 9, "link", buffer, 0x80000000);
	CALL(SYS_symlink, "0123456789012345678901234567890123456789", "l2");
	CALL(SYS_readlinkat, -100, "l2", buffer, 100);
	CALL(SYS_symlink, NULL, BAD);
	CALL(SYS_symlinkat, "x", -100, "y");
	CALL(SYS_symlinkat, BAD, -1, NULL);
	CALL(SYS_link, "none", "other");
	CALL(SYS_link, "link", "hard");
	CALL(SYS_linkat, -100, "none", -100, "o", 0);
	CALL(SYS_linkat, 3, "none", 4, "o", 0x400);
	CALL(SYS_linkat, 3, "none", 4, "o", 0x1000);
	CALL(SYS_linkat, -1, BAD, 4, NULL, 0x71001fff);
}

static void renames(void)
{
	static const long flags[] = {0, 1, 2, 4, 3, 7, 8, 0x7fffffff};

	CALL(SYS_rename, "link", "renamed");
	CALL(SYS_rename, NULL, BAD);
	CALL(SYS_renameat, -100, "none", 5, "other");
	CALL(SYS_renameat, -1, BAD, -100, "other");
	for (size_t i = 0; i < COUNT(flags); i++)
		CALL(SYS_renameat2, -100, "none", -100, "other", flags[i]);
}

static void accesses(void)
{
	static const long modes[] = {0, 1, 2, 4, 6, 7, 8, 15, -1, 0x7ffffff0};
	static const long flags[] = {0, 0x100, 0x200, 0x300, 0x1000, 0x1300, 0x400, 0x7fffffff};

	for (size_t i = 0; i < COUNT(modes); i++) {
		CALL(SYS_access, "renamed", modes[i]);
		CALL(SYS_faccessat, -100, "renamed", modes[i], 0x100);
	}
	for (size_t i = 0; i < COUNT(flags); i++)
		CALL(439, -100, "l2", 4, flags[i]);
	CALL(439, -1, BAD, 0x70, 0);
	CALL(SYS_access, BAD, 0);
}

static void folders(char *buffer)
{
	CALL(SYS_mkdir, "d", 0755);
	CALL(SYS_mkdir, "d", 0177777);
	CALL(SYS_mkdir, BAD, 0x123456);
	CALL(SYS_mkdirat, -100, "d/e", 01777);
	CALL(SYS_mkdirat, 77, NULL, 0);
	CALL(SYS_chdir, "d/e");
	CALL(SYS_chdir, BAD);
	CALL(SYS_chdir, "../..");
	CALL(SYS_fchdir, -1);
	CALL(SYS_fchdir, 0);
	CALL(SYS_getcwd, buffer, 1);
	CALL(SYS_getcwd, NULL, 100);
	CALL(SYS_getcwd, BAD, ALL);
	CALL(SYS_chdir, "/usr");
	CALL(SYS_getcwd, buffer, 128);
	CALL(SYS_getcwd, buffer, 5);
	CALL(SYS_chroot, "none");
	CALL(SYS_chroot, NULL);
	CALL(SYS_rmdir, "none");
	CALL(SYS_rmdir, BAD);
	CALL(SYS_unlink, "none");
	CALL(SYS_unlink, NULL);
	CALL(SYS_unlinkat, -100, "none", 0);
	CALL(SYS_unlinkat, -100, "none", 0x200);
	CALL(SYS_unlinkat, 3, "none", 0x7fff);
	CALL(SYS_unlinkat, -1, BAD, 0x1000);
}

void run(void)
{
	char *buffer = edge(128);

	links(buffer);
	renames();
	accesses();
	folders(buffer);
}
