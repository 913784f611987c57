# ioctl requests of x86_64 and i386
KVM_GET_REGS (out kvm_x86_regs)
KVM_SET_REGS (kvm_x86_regs)
KVM_GET_SREGS (out kvm_x86_sregs)
KVM_SET_SREGS (kvm_x86_sregs)
