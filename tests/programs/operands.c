/* Works on the file "here" of the current folder in many ways: by name, by link, by descriptor. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(call) ((void)!(call))

int main(void)
{
	char text[16];
	struct stat status;
	int null = open("/dev/null", O_RDWR);
	int here = open("here", O_RDWR | O_CREAT, 0600);

	CHECK(write(here, "hello", 5));
	CHECK(dup2(here, 9));
	fstat(9, &status);
	close(9);
	stat("here", &status);
	stat("./here", &status);
	CHECK(access("link", R_OK));
	CHECK(readlink("link", text, 3));

	int link_ = open("link", O_RDONLY);
	CHECK(read(link_, text, 2));
	mmap(0, 4096, PROT_READ, MAP_PRIVATE, link_, 0);

	struct pollfd fds[2] = { { null, POLLIN }, { link_, POLLIN } };
	poll(fds, 2, 0);
	poll(fds, 1, 0);

	fd_set set;
	struct timeval none = { 0, 0 };

	FD_ZERO(&set);
	FD_SET(link_, &set);
	select(link_ + 1, &set, 0, 0, &none);
	FD_ZERO(&set);
	FD_SET(null, &set);
	select(null + 1, 0, &set, 0, &none);

	CHECK(link("here", "other"));
	int other = open("other", O_RDWR);
	unlink("other");
	CHECK(write(other, "a", 1));
	CHECK(write(null, "x", 1));
	fcntl(link_, F_GETFL);
	CHECK(sendfile(null, link_, 0, 3));
	CHECK(dup(link_));
	return 0;
}
