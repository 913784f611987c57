/* The few libc types that kernel headers name. */
#ifndef STUB_SYS_TYPES_H
#define STUB_SYS_TYPES_H
#include <linux/types.h>
#include <stddef.h>
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned long uintptr_t;
typedef long intptr_t;
typedef long ssize_t;
typedef long off_t;
typedef long time_t;
typedef int pid_t;
typedef unsigned int uid_t;
typedef unsigned int gid_t;
typedef unsigned int mode_t;
typedef char *caddr_t;
typedef unsigned short u_short;
typedef unsigned long u_long;
typedef unsigned long ino_t;
#endif
