# What the arguments of the system calls mean: one line per call, for every architecture.
read (fd:fd, buf:out bytes[ret], count:size)
write (fd:fd, buf:bytes[count], count:size)
open (filename:path, flags:flags open_flags of open_accmode 3, mode:octal if flags & O_CREAT|__O_TMPFILE) -> fd
openat (dfd:dirfd, filename:path, flags:flags open_flags of open_accmode 3, mode:octal if flags & O_CREAT|__O_TMPFILE) -> fd
close (fd:fd)
mmap (addr:ptr, length:size, prot:flags mmap_prot, flags:flags mmap_flags of mmap_type 15, fd:fd, offset:hex) -> ptr
munmap (addr:ptr, length:size)
