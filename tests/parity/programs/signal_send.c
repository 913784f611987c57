// kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal, pidfd_open, pidfd_getfd.
#include "parity.h"

static siginfo_t *info(int number, int code)
{
	siginfo_t *made = edge(sizeof(*made));
	made->si_signo = number;
	made->si_code = code;
	for (int i = 0; i < 12; i++)
		((int *)made)[(sizeof(long) == 8 ? 4 : 3) + i] = i * 1000 + 7;
	return made;
}

static void kinds(void)
{
	static const int signals[] = {0, 1, 4, 5, 7, 8, 11, 17, 29, 31, 32, 33, 64, 65, -1};
	static const int codes[] = {0, 0x80, 1, 2, 3, 4, 5, 6, 9, -1, -2, -3, -4, -5, -6, -7, -60, 100, -100};

	for (size_t i = 0; i < COUNT(signals); i++)
		for (size_t j = 0; j < COUNT(codes); j++)
			CALL(SYS_rt_sigqueueinfo, 0x7fffffff, 0, info(signals[i], codes[j]));
	siginfo_t *made = info(SIGUSR1, SI_QUEUE);
	made->si_errno = 2;
	CALL(SYS_rt_tgsigqueueinfo, 0x7fffffff, -1, SIGUSR1, made);
	made->si_errno = 2000;
	CALL(SYS_rt_tgsigqueueinfo, 0x7fffffff, -1, SIGUSR1, made);
	made->si_errno = -5;
	CALL(SYS_rt_tgsigqueueinfo, 0, 0x80000000, 100, made);
	memset(made, 0, sizeof(*made));
	CALL(SYS_rt_sigqueueinfo, 0x7fffffff, SIGUSR1, made);
	made->si_signo = SIGUSR2;
	CALL(SYS_rt_sigqueueinfo, 0x7fffffff, SIGUSR1, made);
	CALL(SYS_rt_sigqueueinfo, 0x7fffffff, SIGUSR1, NULL);
	CALL(SYS_rt_sigqueueinfo, 0x7fffffff, SIGUSR1, BAD);
	CALL(SYS_rt_sigqueueinfo, 0x7fffffff, SIGUSR1, (char *)made + 1);
}

void run(void)
{
	static const long numbers[] = {0, 1, 31, 32, 33, 34, 64, 65, -1, 0x80000000};

	for (size_t i = 0; i < COUNT(numbers); i++) {
		CALL(SYS_kill, 0x7fffffff, numbers[i]);
		CALL(SYS_tkill, 0x7fffffff, numbers[i]);
		CALL(SYS_tgkill, 0x7fffffff, -1, numbers[i]);
		CALL(424, -1, numbers[i], NULL, 0);
	}
	CALL(SYS_kill, getpid(), 0);
	CALL(SYS_kill, 0x80000000, 0);
	kinds();
	long fd = CALL(434, getpid(), 0);
	CALL(434, -1, 0);
	CALL(434, 0x7fffffff, 04000);
	CALL(434, 1, 0x7fffffff);
	CALL(424, fd, 0, NULL, 0);
	CALL(424, fd, 0, info(0, -1), 7);
	CALL(424, fd, SIGUSR1, info(SIGUSR1, 5), 9);
	CALL(424, fd, SIGUSR1, BAD, 0x7fffffff);
	CALL(438, fd, 0, 0);
	CALL(438, fd, 99, 0);
	CALL(438, -1, -1, 1);
}
