/*
 * Layouts of the system call ABI that no UAPI header declares: the kernel keeps them to itself and
 * each libc declares its own.  Follows the C library/kernel differences in the manual pages:
 * getdents(2), sigaction(2), recvmsg(2), select(2), ptrace(2).
 */
#ifndef SEIZE_KERNEL_H
#define SEIZE_KERNEL_H

/* getdents(2): d_type of a linux_dirent lies at d_reclen - 1. */
struct linux_dirent {
	unsigned long d_ino;
	unsigned long d_off;
	unsigned short d_reclen;
	char d_name[];
};

struct linux_dirent64 {
	__u64 d_ino;
	__s64 d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

/* readdir(2), i386 only. */
struct old_linux_dirent {
	unsigned long d_ino;
	unsigned long d_offset;
	unsigned short d_namlen;
	char d_name[];
};

/* asm/signal.h of i386 makes these macros for the members of a union. */
#undef sa_handler
#undef sa_sigaction

/* rt_sigaction(2) and the old sigaction(2) of i386. */
struct kernel_sigaction {
	void *sa_handler;
	unsigned long sa_flags;
	void *sa_restorer;
	__u64 sa_mask;
} __attribute__((packed));

struct old_sigaction {
	void *sa_handler;
	unsigned long sa_mask;
	unsigned long sa_flags;
	void *sa_restorer;
};

/* pselect6(2): the sixth argument. */
struct sigset_argpack {
	void *p;
	__kernel_size_t size;
};

/* select(2) of i386 (old_select) and mmap(2) of i386 (old_mmap) pass one pointer. */
struct sel_arg_struct {
	unsigned long n;
	void *inp;
	void *outp;
	void *exp;
	void *tvp;
};

struct mmap_arg_struct {
	unsigned long addr;
	unsigned long len;
	unsigned long prot;
	unsigned long flags;
	unsigned long fd;
	unsigned long offset;
};

/* sendmsg(2), recvmsg(2). */
struct user_msghdr {
	void *msg_name;
	int msg_namelen;
	struct iovec *msg_iov;
	__kernel_size_t msg_iovlen;
	void *msg_control;
	__kernel_size_t msg_controllen;
	unsigned int msg_flags;
};

struct mmsghdr {
	struct user_msghdr msg_hdr;
	unsigned int msg_len;
};

struct cmsghdr {
	__kernel_size_t cmsg_len;
	int cmsg_level;
	int cmsg_type;
	unsigned char cmsg_data[];
};

struct linger {
	int l_onoff;
	int l_linger;
};

struct ucred {
	__u32 pid;
	__u32 uid;
	__u32 gid;
};

/* name_to_handle_at(2), open_by_handle_at(2). */
struct file_handle {
	__u32 handle_bytes;
	__s32 handle_type;
	unsigned char f_handle[];
};

/* sched_setparam(2). */
struct sched_param {
	int sched_priority;
};

/* ustat(2). */
struct ustat {
	int f_tfree;
#if defined(__x86_64__) || defined(__aarch64__)
	unsigned long f_tinode;
#else
	unsigned int f_tinode;
#endif
	char f_fname[6];
	char f_fpack[6];
};

/* time(2) family of 32-bit programs: 32-bit seconds whatever the C library's time_t is. */
struct old_timespec32 {
	__s32 tv_sec;
	__s32 tv_nsec;
};

struct old_timeval32 {
	__s32 tv_sec;
	__s32 tv_usec;
};

struct old_itimerspec32 {
	struct old_timespec32 it_interval;
	struct old_timespec32 it_value;
};

struct old_itimerval32 {
	struct old_timeval32 it_interval;
	struct old_timeval32 it_value;
};

struct old_utimbuf32 {
	__s32 actime;
	__s32 modtime;
};

/* ptrace(2): PTRACE_GETREGS, PTRACE_GETFPREGS and the USER area of PEEKUSER. */
#if defined(__x86_64__)
struct user_regs_struct {
	unsigned long r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8;
	unsigned long rax, rcx, rdx, rsi, rdi, orig_rax, rip, cs, eflags, rsp, ss;
	unsigned long fs_base, gs_base, ds, es, fs, gs;
};

struct user_fpregs_struct {
	unsigned short cwd, swd, ftw, fop;
	__u64 rip, rdp;
	__u32 mxcsr, mxcr_mask;
	__u32 st_space[32];
	__u32 xmm_space[64];
	__u32 padding[24];
};

struct user {
	struct user_regs_struct regs;
	int u_fpvalid;
	struct user_fpregs_struct i387;
	unsigned long u_tsize, u_dsize, u_ssize;
	unsigned long start_code, start_stack;
	long signal;
	int reserved;
	unsigned long u_ar0;
	void *u_fpstate;
	unsigned long magic;
	char u_comm[32];
	unsigned long u_debugreg[8];
	unsigned long error_code;
	unsigned long fault_address;
};
#elif defined(__i386__)
struct user_regs_struct {
	unsigned long ebx, ecx, edx, esi, edi, ebp, eax;
	unsigned long xds, xes, xfs, xgs;
	unsigned long orig_eax, eip, xcs, eflags, esp, xss;
};

struct user_fpregs_struct {
	unsigned long cwd, swd, twd, fip, fcs, foo, fos;
	__u32 st_space[20];
};

struct user_fpxregs_struct {
	unsigned short cwd, swd, twd, fop;
	long fip, fcs, foo, fos, mxcsr, reserved;
	__u32 st_space[32];
	__u32 xmm_space[32];
	__u32 padding[56];
};

struct user {
	struct user_regs_struct regs;
	int u_fpvalid;
	struct user_fpregs_struct i387;
	unsigned long u_tsize, u_dsize, u_ssize;
	unsigned long start_code, start_stack;
	long signal;
	int reserved;
	unsigned long u_ar0;
	void *u_fpstate;
	unsigned long magic;
	char u_comm[32];
	unsigned long u_debugreg[8];
};
#endif

#endif
