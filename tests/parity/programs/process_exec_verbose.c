// execve and execveat with their environments.
// options: -v
#include "parity.h"

static void shapes(char **words)
{
	static const long flags[] = {0, 0x100, 0x1000, 0x1100, 0x10000, 0x400, 0x7ff00fff};
	char **half = edge(2 * sizeof(char *));

	CALL(SYS_execve, "none", words, words);
	CALL(SYS_execve, "none", NULL, NULL);
	CALL(SYS_execve, NULL, BAD, BAD);
	CALL(SYS_execve, BAD, words + 1, words + 39);
	CALL(SYS_execve, "none", words + 8, words + 38);
	CALL(SYS_execve, "none", words + 40, words + 40);
	half[0] = "a";
	half[1] = "b";
	CALL(SYS_execve, "none", half, half);
	CALL(SYS_execve, "none", half + 2, half + 2);
	CALL(SYS_execve, "none", (char *)(half + 1) + 1, (char *)half + 5);
	half[1] = BAD;
	CALL(SYS_execve, "none", half, half);
	half[0] = BAD;
	half[1] = NULL;
	CALL(SYS_execve, "none", half, half);
	half[0] = edge(0);
	CALL(SYS_execve, "none", half, half);
	half[0] = text("a string that is longer than thirty-two bytes\n");
	CALL(SYS_execve, "none", half, half);
	memcpy(half[0] = edge(40), "not ended here, but in the middle of it.", 40);
	CALL(SYS_execve, "none", half, half);
	for (size_t i = 0; i < COUNT(flags); i++)
		CALL(SYS_execveat, -100, "none", words, NULL, flags[i]);
	CALL(SYS_execveat, -1, "", NULL, words, 0x1000);
	CALL(SYS_execveat, 0x7fffffff, BAD, BAD, half, 0);
	CALL(SYS_uselib, "none");
	CALL(SYS_uselib, BAD);
}

void run(void)
{
	static char *words[41];

	for (int i = 0; i < 40; i++)
		words[i] = i % 5 ? "word" : "w\"\t";
	shapes(words);
	static char *arguments[] = {"/bin/true", "--version", NULL}, *environment[] = {"A=1", "B=2", NULL};
	CALL(SYS_execve, "/none/true", arguments, environment);
	CALL(SYS_execve, "/bin/true", arguments, environment);
}
