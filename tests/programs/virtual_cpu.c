/*
 * A virtual CPU that writes to a port, writes to memory that isn't there, and halts; where there
 * is no KVM, only the attempt.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 0x1000, RUNS = 3 };

int main(void)
{
	/* out %al, $0x10; mov %al, 0x8000; hlt */
	static const unsigned char code[] = { 0xe6, 0x10, 0xa2, 0x00, 0x80, 0xf4 };
	int kvm = open("/dev/kvm", O_RDWR);

	if (kvm < 0)
		return 0;

	int vm = ioctl(kvm, KVM_CREATE_VM, 0);
	void *memory = mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kvm_userspace_memory_region region = {
		.guest_phys_addr = SIZE,
		.memory_size = SIZE,
		.userspace_addr = (unsigned long)memory,
	};
	struct kvm_sregs special;
	struct kvm_regs registers = { .rip = SIZE, .rflags = 2 };

	if (vm < 0 || memory == MAP_FAILED || ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		return 0;
	memcpy(memory, code, sizeof code);

	int cpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	int size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	void *run = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);

	if (cpu < 0 || run == MAP_FAILED)
		return 0;
	ioctl(cpu, KVM_GET_SREGS, &special);
	special.cs.base = special.cs.selector = 0;
	ioctl(cpu, KVM_SET_SREGS, &special);
	ioctl(cpu, KVM_SET_REGS, &registers);
	for (int i = 0; i < RUNS; i++)
		ioctl(cpu, KVM_RUN, 0);
	/* This one fails. */
	ioctl(kvm, KVM_RUN, 0);
	return 0;
}
