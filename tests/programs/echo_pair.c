/* A server and a client, two processes, exchanging ten messages over TCP on the loopback device;
   prints what the client got back. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 10, SIZE = 16 };

static void client(struct sockaddr_in *address)
{
    char message[SIZE], answer[SIZE];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)address, sizeof *address) != 0)
        _exit(1);
    for (int i = 0; i < ROUNDS; i++) {
        memset(message, 'a' + i, SIZE);
        if (send(fd, message, SIZE, 0) != SIZE || recv(fd, answer, SIZE, MSG_WAITALL) != SIZE)
            _exit(2);
        printf("%.*s\n", SIZE, answer);
    }
    fflush(stdout);
    shutdown(fd, SHUT_WR);
    _exit(0);
}

int main(void)
{
    char message[SIZE];
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int status, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return 1;
    pid_t child = fork();
    if (child == 0)
        client(&address);
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    while (recv(fd, message, SIZE, MSG_WAITALL) == SIZE)
        if (send(fd, message, SIZE, 0) != SIZE)
            return 2;
    if (waitpid(child, &status, 0) != child)
        return 3;
    return status == 0 ? 7 : 4;
}
