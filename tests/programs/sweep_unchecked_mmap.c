/* Uses a large allocation, which malloc takes from mmap, without asking: the planted bug. */
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    volatile char *room = malloc(4 << 20);
    room[0] = 'x';
    room[(4 << 20) - 1] = room[0];
    free((void *)room);
    return 0;
}
