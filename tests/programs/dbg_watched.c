/* Traps once (int3) to be armed, then changes, reads and calls what a test watches. */
#include <stdint.h>
#include <stdio.h>

volatile uint64_t wide;
volatile unsigned char bytes[32] __attribute__((aligned(16)));
volatile int sum;

__attribute__((noinline)) void called(int number)
{
    sum += number;
}

int main(void)
{
    __asm__ volatile("int3");
    wide = 5;
    wide = 5;
    bytes[3] = 1;
    bytes[7] = 2;
    bytes[8] = 3;
    bytes[14] = 4;
    (void)bytes[5];
    called(10);
    called(20);
    return sum == 30 && wide == 5 ? 0 : 1;
}
