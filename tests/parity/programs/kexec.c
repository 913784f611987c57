// kexec_load, kexec_file_load, reboot: all of them fail.
#include "parity.h"
#include <linux/kexec.h>

struct segment {
	const void *buf;
	size_t bufsz;
	const void *mem;
	size_t memsz;
};

void run(void)
{
	struct segment *segments = edge(3 * sizeof(*segments));
	segments[0] = (struct segment){"x", 1, (void *)0x1000, 4096};
	segments[1] = (struct segment){BAD, 2, NULL, 0};
	segments[2] = (struct segment){NULL, -1, (void *)-1, -1};
	for (int n = 0; n < 5; n++)
		CALL(SYS_kexec_load, 0x1000, n, segments, 0x80000000);
	CALL(SYS_kexec_load, 0, 17, segments, 0x80000000);
	CALL(SYS_kexec_load, 0, -1, segments, 0x80000000);
	CALL(SYS_kexec_load, 0, 2, NULL, 0x80000003);
	CALL(SYS_kexec_load, 0, 2, BAD, 0x803e0000);
	CALL(SYS_kexec_load, 0, 2, BAD, 0x80070000 | 4);
	CALL(SYS_kexec_load, 0, 2, BAD, -1);
#ifdef SYS_kexec_file_load
	CALL(SYS_kexec_file_load, -1, -1, 4, text("abc"), 0);
	CALL(SYS_kexec_file_load, -1, -1, 40, text("0123456789012345678901234567890123456789"), 0xf);
	CALL(SYS_kexec_file_load, -1, -1, 3, text("abc"), -1);
	CALL(SYS_kexec_file_load, -1, -1, 0, NULL, 0xf0);
	CALL(SYS_kexec_file_load, -1, -1, 9, BAD, 1);
#endif
	static const unsigned commands[] = {0, 0x89abcdef, 0xcdef0123, 0x4321fedc, 0xa1b2c3d4,
					    0xd000fce2, 0x45584543, 7};
	for (unsigned i = 0; i < COUNT(commands); i++) {
		CALL(SYS_reboot, 1, 2, commands[i], text("argument"));
		CALL(SYS_reboot, 0xfee1dead, 1, commands[i], BAD);
		CALL(SYS_reboot, 1, i < 5 ? 0x28121969 : 0x5121996, commands[i], NULL);
	}
}
