// ioctl: virtual machines, their structs whole
// options: -v
// bits: 64
#include "parity.h"
#include <linux/kvm.h>
#include <sys/ioctl.h>
void run(void)
{
	for (unsigned long capability = 0; capability < 40; capability += 3)
		CALL(SYS_ioctl, -1, KVM_CHECK_EXTENSION, capability);
	CALL(SYS_ioctl, -1, KVM_CHECK_EXTENSION, 9999);
	CALL(SYS_ioctl, -1, KVM_CREATE_VCPU, 3);
	struct kvm_userspace_memory_region *region = edge(sizeof(*region));
	region->slot = 1, region->flags = 0xff, region->guest_phys_addr = 0x1000, region->memory_size = 1 << 20;
	CALL(SYS_ioctl, -1, KVM_SET_USER_MEMORY_REGION, region);
	struct kvm_cpuid2 *cpuid = edge(sizeof(*cpuid) + 2 * sizeof(cpuid->entries[0]));
	cpuid->nent = 2, cpuid->entries[1].function = 0x80000000, cpuid->entries[1].flags = 1;
	CALL(SYS_ioctl, -1, KVM_SET_CPUID2, cpuid);
	CALL(SYS_ioctl, -1, KVM_GET_SUPPORTED_CPUID, cpuid);
	struct kvm_regs *regs = edge(sizeof(*regs));
	regs->rax = 1, regs->rflags = 2;
	CALL(SYS_ioctl, -1, KVM_SET_REGS, regs);
	struct kvm_sregs *special = edge(sizeof(*special));
	special->cs.base = 0x1000, special->cr0 = 0x11;
	CALL(SYS_ioctl, -1, KVM_SET_SREGS, special);
}
