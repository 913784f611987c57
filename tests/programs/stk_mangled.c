/* A C program whose functions have the names that a C++ compiler would give them. */

#include <unistd.h>

int inner(int number, const char *text) __asm__("_ZN2ns5innerEiPKc");
int outer(void) __asm__("_Z5outerv");
int no_name(void) __asm__("_Zebra");

__attribute__((noinline)) int inner(int number, const char *text) {
    return getppid() + number + *text;
}

__attribute__((noinline)) int outer(void) { return inner(1, "x") + 1; }

__attribute__((noinline)) int no_name(void) { return outer() + 1; }

int main(void) { return no_name() == 0; }
