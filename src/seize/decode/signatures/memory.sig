# Memory
mmap (addr:ptr, length:size, prot:flags mmap_prot, flags:mmap_flags, fd:fd, offset:hex) -> ptr
munmap (addr:ptr, length:size)
mprotect (start:ptr, len:size, prot:flags mmap_prot)
pkey_mprotect (start:ptr, len:size, prot:flags mmap_prot, pkey:int)
pkey_alloc (flags:hex32, init_val:flags pkey_access)
pkey_free (pkey:int)
mremap (addr:ptr, old_len:size, new_len:size, flags:flags mremap_flags, new_addr:ptr if flags & MREMAP_FIXED|MREMAP_DONTUNMAP) -> ptr
madvise (start:ptr, len:size, behavior:enum madvise)
process_madvise (pidfd:fd, vec:iovec_ptr[vlen], vlen:size, behavior:enum madvise, flags:hex32)
brk (brk:ptr) -> ptr
mlock munlock (start:ptr, len:size)
mlock2 (start:ptr, len:size, flags:flags mlock_flags)
mlockall (flags:flags mlockall_flags)
munlockall ()
mincore (start:ptr, len:size, vec:out mincore_vec)
msync (start:ptr, len:size, flags:flags msync_flags)
remap_file_pages (start:ptr, size:size, prot:flags mmap_prot, pgoff:ulong, flags:mmap_flags)
mseal (start:ptr, len:size, flags:hex)
map_shadow_stack (addr:ptr, size:size, flags:flags map_shadow_stack_flags) -> ptr
mbind (start:ptr, len:size, mode:flags mempolicy_mode_flags of mempolicy_mode 15, nmask:ptr, maxnode:ulong, flags:flags mbind_flags)
set_mempolicy (mode:flags mempolicy_mode_flags of mempolicy_mode 15, nmask:ptr, maxnode:ulong)
get_mempolicy (policy:out &enum mempolicy_mode, nmask:ptr, maxnode:ulong, addr:ptr, flags:flags get_mempolicy_flags)
set_mempolicy_home_node (start:ptr, len:size, home_node:ulong, flags:hex)
migrate_pages (pid:pid, maxnode:ulong, old_nodes:ptr, new_nodes:ptr)
move_pages (pid:pid, nr_pages:ulong, pages:ptr, nodes:ptr, status:ptr, flags:flags mbind_flags)
process_vm_readv (pid:pid, lvec:out iovec_out[liovcnt], liovcnt:ulong, rvec:iovec_ptr[riovcnt], riovcnt:ulong, flags:hex)
process_vm_writev (pid:pid, lvec:iovec[liovcnt], liovcnt:ulong, rvec:iovec_ptr[riovcnt], riovcnt:ulong, flags:hex)
process_mrelease (pidfd:fd, flags:hex32)
