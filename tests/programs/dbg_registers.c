/* Fills registers with known values and traps (int3); run with "avx512" it fills those too. */
#include <stdint.h>
#include <string.h>

unsigned char pattern[64 * 32];
uint32_t new_mxcsr = 0x5f80;
uint16_t new_control = 0x027f;
uint64_t masks[8];

static void fill(int wide)
{
    for (unsigned i = 0; i < sizeof pattern; i++)
        pattern[i] = (unsigned char)(i * 7 + i / 64);
    for (unsigned i = 0; i < 8; i++)
        masks[i] = 0x0101010101010101ull * (i + 1);
#if defined(__x86_64__)
    if (wide) {
#define ZMM(n) "vmovdqu64 (64*" #n ")(%0), %%zmm" #n "\n"
        __asm__ volatile(
            ZMM(0) ZMM(1) ZMM(2) ZMM(3) ZMM(4) ZMM(5) ZMM(6) ZMM(7) ZMM(8) ZMM(9) ZMM(10) ZMM(11)
            ZMM(12) ZMM(13) ZMM(14) ZMM(15) ZMM(16) ZMM(17) ZMM(18) ZMM(19) ZMM(20) ZMM(21)
            ZMM(22) ZMM(23) ZMM(24) ZMM(25) ZMM(26) ZMM(27) ZMM(28) ZMM(29) ZMM(30) ZMM(31)
            "kmovq 0(%1), %%k0\n kmovq 8(%1), %%k1\n kmovq 16(%1), %%k2\n kmovq 24(%1), %%k3\n"
            "kmovq 32(%1), %%k4\n kmovq 40(%1), %%k5\n kmovq 48(%1), %%k6\n kmovq 56(%1), %%k7\n"
            "int3\n"
            : : "r"(pattern), "r"(masks) : "memory");
        return;
    }
#endif
#define YMM(n) "vmovdqu (64*" #n ")(%0), %%ymm" #n "\n"
    __asm__ volatile(
        YMM(0) YMM(1) YMM(2) YMM(3) YMM(4) YMM(5) YMM(6) YMM(7)
        "ldmxcsr %1\n"
        "fninit\n fldcw %2\n fldpi\n fldl2e\n fldz\n fld1\n fchs\n"
        : : "r"(pattern), "m"(new_mxcsr), "m"(new_control) : "memory");
#if defined(__x86_64__)
    __asm__ volatile(
        YMM(8) YMM(9) YMM(10) YMM(11) YMM(12) YMM(13) YMM(14) YMM(15)
        "mov $0x1122334455667788, %%rax\n mov $0x8877665544332211, %%rbx\n"
        "mov $-2, %%rcx\n mov $0x7fffffff, %%esi\n mov $0xfedc, %%r8\n mov $0x0102030405060708, %%r15\n"
        "stc\n"
        "int3\n"
        : : "r"(pattern) : "memory", "rax", "rbx", "rcx", "rsi", "r8", "r15");
#else
    __asm__ volatile(
        "mov $0x11223344, %%eax\n mov $0x88776655, %%ecx\n mov $-2, %%edx\n"
        "stc\n"
        "int3\n"
        : : : "memory", "eax", "ecx", "edx");
#endif
}

int main(int argc, char **argv)
{
    fill(argc > 1 && strcmp(argv[1], "avx512") == 0);
    return 0;
}
