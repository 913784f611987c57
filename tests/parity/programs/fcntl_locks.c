// fcntl: record locks of all widths, open file description locks; flock.
#include "parity.h"

static void locks(long nr, long file)
{
	static const long commands[] = {F_GETLK, F_SETLK, F_SETLKW, 12, 13, 14, 36, 37, 38};
	struct flock narrow = {F_WRLCK, SEEK_SET, 5, 10, 0};
	struct flock odd = {9, 9, -1, -2, 12345};
	int64_t wide[4];

	for (size_t i = 0; i < COUNT(commands); i++) {
		narrow.l_pid = 0;
		// Locks of the open file would block those of the process.
		long fd = commands[i] > 36 ? -1 : file;
		CALL(nr, fd, commands[i], copy(&narrow, sizeof(narrow)));
		CALL(nr, fd, commands[i], &odd);
		CALL(nr, -1, commands[i], &narrow);
		CALL(nr, fd, commands[i], NULL);
		CALL(nr, fd, commands[i], BAD);
		CALL(nr, fd, commands[i], (char *)copy(&narrow, sizeof(narrow)) + 8);
		memset(wide, 0, sizeof(wide));
		memcpy(wide, &(short[]){F_RDLCK, SEEK_END}, 4);
		memcpy((char *)wide + 4, &(int64_t){-1234567890123}, 8);
		CALL(nr, fd, commands[i], wide);
	}
	narrow = (struct flock){F_UNLCK, SEEK_CUR, 0, 0, 0};
	CALL(nr, file, F_SETLK, &narrow);
	CALL(nr, file, F_GETLK, &narrow);
}

void run(void)
{
	static const long operations[] = {1, 2, 4, 8, 5, 6, 12, 32, 96, 0xe0, 0, 3, 16, -1, 0x7fffffff};
	long fd = CALL(SYS_open, "f", O_CREAT | O_RDWR, 0600);

	locks(SYS_fcntl, fd);
#ifdef SYS_fcntl64
	locks(SYS_fcntl64, fd);
#endif
	for (size_t i = 0; i < COUNT(operations); i++)
		CALL(SYS_flock, -1, operations[i]);
	CALL(SYS_flock, fd, 2);
}
