# What the arguments of the system calls mean: one line a call, for every architecture.
#
#   name name… (argument:TYPE, …) -> KIND      the same line for several calls; the result's kind
#   name = other                               a call that reads like another
#     when ARGUMENT VALUES: (argument, …)      (indented) what it is instead for these VALUES
#     when ARGUMENT & MASK VALUES: (…)         … of the argument's bits under MASK
#     when ARGUMENT @word                      … as kinds/word.py says
#
#   TYPE is  [in|out|inout] KIND [if CONDITION] [at REGISTER]
#     in     decoded at the entry (the default); out: at the exit; inout: at both
#     if     the argument, and those behind it, are there only if: ARG, ARG & A|B, ARG == A
#     at     the register that it is in, where that isn't the next one
#   =argument:TYPE is shown with its name.  An argument of a variant without a TYPE has that of
#   the main line.  A line is for all architectures unless ARCH.sig has another.
#
#   KIND is one of
#     int uint long ulong size i64 u64 short byte   numbers; hex hex32 hex64 octal umode: in that base
#     loff                     a 64-bit offset: two registers on a 32-bit ABI; loff pair: always two
#     ptr                      an address that isn't looked at
#     fd dirfd pid id mode dev signal               as their names say (id: of a user or group)
#     flags SET, enum SET      of the generated table of that name; a last word u64, long, u16 or u8
#                              tells the width if it isn't an int's
#     flags SET of BASE MASK   flags over an enumeration in the bits of MASK
#     path str                 strings; strings: a vector of them; environ: one that is only counted
#     bytes[LENGTH]            a buffer: LENGTH is ret, an argument, *argument, a number,
#                              or a product of such: count x size; hexbytes: the same in hex
#     &KIND                    a pointer to a scalar
#     array[LENGTH] KIND       a pointer to some scalars or structs
#     sigset[LENGTH]           a pointer to a set of signals
#     resumed                  what restart_syscall takes up again (it takes no register)
#     NAME                     a pointer to a struct of structs.sig, or of the generated layouts
#     any other word           is a kind of decode/kinds
#   Without a result's KIND, the result is a number.  "none": the call doesn't return.

# Files: reading and writing
read (fd:fd, buf:out bytes[ret], count:size)
write (fd:fd, buf:bytes[count], count:size)
pread64 (fd:fd, buf:out bytes[ret], count:size, pos:loff)
pwrite64 (fd:fd, buf:bytes[count], count:size, pos:loff)
readv (fd:fd, vec:out iovec_out[vlen], vlen:ulong)
writev (fd:fd, vec:iovec[vlen], vlen:ulong)
preadv (fd:fd, vec:out iovec_out[vlen], vlen:ulong, pos:loff pair)
pwritev (fd:fd, vec:iovec[vlen], vlen:ulong, pos:loff pair)
preadv2 (fd:fd, vec:out iovec_out[vlen], vlen:ulong, pos:loff pair, flags:flags preadv2_flags)
pwritev2 (fd:fd, vec:iovec[vlen], vlen:ulong, pos:loff pair, flags:flags preadv2_flags)
open (filename:path, flags:flags open_flags of open_accmode 3, mode:octal if flags & O_CREAT|__O_TMPFILE) -> fd
openat (dfd:dirfd, filename:path, flags:flags open_flags of open_accmode 3, mode:octal if flags & O_CREAT|__O_TMPFILE) -> fd
openat2 (dfd:dirfd, filename:path, how:open_how[usize], usize:size) -> fd
creat (pathname:path, mode:octal) -> fd
close (fd:fd)
close_range (fd:uint, max_fd:uint, flags:flags close_range_flags)
lseek (fd:fd, offset:long, whence:enum seek_whence) -> long
_llseek (fd:fd, offset:loff_hilo, result:out &loff, whence:enum seek_whence)
fsync fdatasync syncfs (fd:fd)
sync ()
sync_file_range (fd:fd, offset:loff, nbytes:loff, flags:flags sync_file_range_flags)
truncate (path:path, length:size)
ftruncate (fd:fd, length:size)
truncate64 (path:path, length:loff)
ftruncate64 (fd:fd, length:loff)
fallocate (fd:fd, mode:flags fallocate_mode, offset:loff, len:loff)
fadvise64 (fd:fd, offset:loff, len:size, advice:enum fadvise_advice)
fadvise64_64 (fd:fd, offset:loff, len:loff, advice:enum fadvise_advice)
readahead (fd:fd, offset:loff, count:size)
copy_file_range (fd_in:fd, off_in:&loff, fd_out:fd, off_out:&loff, len:size, flags:hex32)
sendfile (out_fd:fd, in_fd:fd, offset:inout sendfile_off, count:size)
sendfile64 (out_fd:fd, in_fd:fd, offset:inout sendfile_off 8, count:size)
splice (fd_in:fd, off_in:&loff, fd_out:fd, off_out:&loff, len:size, flags:flags splice_flags)
tee (fdin:fd, fdout:fd, len:size, flags:flags splice_flags)
vmsplice (fd:fd, vec:iovec[nr_segs], nr_segs:ulong, flags:flags splice_flags)
dup (fildes:fd) -> fd
dup2 (oldfd:fd, newfd:fd) -> fd
dup3 (oldfd:fd, newfd:fd, flags:flags dup3_flags) -> fd
pipe (fildes:out array[2] fd)
pipe2 (fildes:out array[2] fd, flags:flags pipe2_flags)
flock (fd:fd, cmd:flags flock_op)
fcntl fcntl64 (fd:fd, cmd:enum fcntl_cmd, arg:hex)
  when cmd F_DUPFD F_DUPFD_CLOEXEC: (fd, cmd, arg:int) -> fd
  when cmd F_GETFD: (fd, cmd) -> noted_flags fcntl_fd_flags
  when cmd F_SETFD: (fd, cmd, arg:flags fcntl_fd_flags)
  when cmd F_GETFL: (fd, cmd) -> noted_flags open_flags of open_accmode 3
  when cmd F_SETFL: (fd, cmd, arg:flags open_flags of open_accmode 3)
  when cmd F_SETLK F_SETLKW: (fd, cmd, arg:flock)
  when cmd F_SETLK64 F_SETLKW64: (fd, cmd, arg:flock64)
  when cmd F_GETLK64: (fd, cmd, arg:out flock64_get)
  when cmd F_GETLK: (fd, cmd, arg:out flock_get)
  when cmd F_OFD_SETLK F_OFD_SETLKW: (fd, cmd, arg:flock64)
  when cmd F_OFD_GETLK: (fd, cmd, arg:out flock64_get)
  when cmd F_GETOWN: (fd, cmd) -> pid
  when cmd F_SETOWN: (fd, cmd, arg:pid)
  when cmd F_GETPIPE_SZ: (fd, cmd)
  when cmd F_SETPIPE_SZ: (fd, cmd, arg:long)
  when cmd F_GETSIG: (fd, cmd) -> noted_signal
  when cmd F_SETSIG: (fd, cmd, arg:signal)
  when cmd F_GETLEASE: (fd, cmd) -> noted_hex_enum fcntl_lock_type
  when cmd F_SETLEASE: (fd, cmd, arg:enum fcntl_lock_type)
  when cmd F_NOTIFY: (fd, cmd, arg:flags fcntl_notify)
  when cmd F_GET_SEALS: (fd, cmd) -> noted_flags fcntl_seals
  when cmd F_ADD_SEALS: (fd, cmd, arg:flags fcntl_seals)
  when cmd F_GETOWN_EX: (fd, cmd, arg:out f_owner_ex)
  when cmd F_SETOWN_EX: (fd, cmd, arg:f_owner_ex)
  when cmd F_GET_RW_HINT F_GET_FILE_RW_HINT: (fd, cmd, arg:out &enum fcntl_rw_hint u64)
  when cmd F_SET_RW_HINT F_SET_FILE_RW_HINT: (fd, cmd, arg:&enum fcntl_rw_hint u64)
ioctl (fd:fd, cmd:ioctl_cmd, arg:hex)
  when cmd @ioctl

# Files: names and attributes
stat lstat (filename:path, statbuf:out stat)
fstat (fd:fd, statbuf:out stat)
newfstatat (dfd:dirfd, filename:path, statbuf:out stat, flag:flags at_flags)
statx (dfd:dirfd, filename:path, flags:statx_flags, mask:flags statx_mask, buffer:out statx)
oldstat oldlstat (filename:path, statbuf:ptr)
oldfstat (fd:fd, statbuf:ptr)
stat64 lstat64 (filename:path, statbuf:out stat64)
fstat64 (fd:fd, statbuf:out stat64)
fstatat64 (dfd:dirfd, filename:path, statbuf:out stat64, flag:flags at_flags)
statfs (path:path, buf:out statfs)
fstatfs (fd:fd, buf:out statfs)
statfs64 (path:path, sz:size, buf:out statfs64)
fstatfs64 (fd:fd, sz:size, buf:out statfs64)
ustat (dev:dev, ubuf:ptr)
getdents64 (fd:fd, dirent:out dirents, count:uint)
getdents (fd:fd, dirent:out old_dirents, count:uint)
readdir (fd:fd, dirent:ptr, count:uint)
readlink (path:path, buf:out bytes[ret], bufsiz:int)
readlinkat (dfd:dirfd, path:path, buf:out bytes[ret], bufsiz:int)
access (filename:path, mode:flags access_mode)
faccessat (dfd:dirfd, filename:path, mode:flags access_mode)
faccessat2 (dfd:dirfd, filename:path, mode:flags access_mode, flags:flags faccessat_flags)
rename link symlink (oldname:path, newname:path)
renameat (olddfd:dirfd, oldname:path, newdfd:dirfd, newname:path)
renameat2 (olddfd:dirfd, oldname:path, newdfd:dirfd, newname:path, flags:flags renameat2_flags)
linkat (olddfd:dirfd, oldname:path, newdfd:dirfd, newname:path, flags:flags linkat_flags)
symlinkat (oldname:path, newdfd:dirfd, newname:path)
unlink rmdir chdir chroot (pathname:path)
unlinkat (dfd:dirfd, pathname:path, flag:flags unlinkat_flags)
fchdir (fd:fd)
mkdir (pathname:path, mode:octal)
mkdirat (dfd:dirfd, pathname:path, mode:octal)
mknod (filename:path, mode:mode, dev:dev if mode & 0x2000)
mknodat (dfd:dirfd, filename:path, mode:mode, dev:dev if mode & 0x2000)
chmod (filename:path, mode:octal)
fchmod (fd:fd, mode:octal)
fchmodat (dfd:dirfd, filename:path, mode:octal)
fchmodat2 (dfd:dirfd, filename:path, mode:octal, flags:flags at_flags)
chown lchown chown32 lchown32 (filename:path, user:id, group:id)
fchown fchown32 (fd:fd, user:id, group:id)
fchownat (dfd:dirfd, filename:path, user:id, group:id, flag:flags at_flags)
umask (mask:octal) -> octal
getcwd (buf:out path, size:size)
utime (filename:path, times:utimbuf)
utimes (filename:path, utimes:utimes_timeval)
futimesat (dfd:dirfd, filename:path, utimes:utimes_timeval)
utimensat (dfd:dirfd, filename:path, utimes:utimes, flags:flags at_flags)
setxattr lsetxattr (pathname:path, name:str, value:bytes[size], size:size, flags:flags xattr_flags)
fsetxattr (fd:fd, name:str, value:bytes[size], size:size, flags:flags xattr_flags)
getxattr lgetxattr (pathname:path, name:str, value:out bytes[ret], size:size)
fgetxattr (fd:fd, name:str, value:out bytes[ret], size:size)
listxattr llistxattr (pathname:path, list:out bytes[ret], size:size)
flistxattr (fd:fd, list:out bytes[ret], size:size)
removexattr lremovexattr (pathname:path, name:str)
fremovexattr (fd:fd, name:str)
setxattrat getxattrat (dfd:dirfd, pathname:path, at_flags:flags at_flags, name:str, uargs:ptr, usize:size)
listxattrat (dfd:dirfd, pathname:path, at_flags:flags at_flags, list:out bytes[ret], size:size)
removexattrat (dfd:dirfd, pathname:path, at_flags:flags at_flags, name:str)
file_getattr file_setattr (dfd:dirfd, filename:path, attr:ptr, usize:size, at_flags:flags at_flags)
name_to_handle_at (dfd:dirfd, name:path, handle:inout file_handle, mnt_id:out &int, flag:flags name_to_handle_flags)
open_by_handle_at (mountdirfd:dirfd, handle:file_handle_in, flags:flags open_flags of open_accmode 3) -> fd
mount (dev_name:path, dir_name:path, type:str, flags:flags mount_flags long, data:str)
umount (name:path)
umount2 (name:path, flags:flags umount_flags)
pivot_root (new_root:path, put_old:path)
open_tree (dfd:dirfd, path:path, flags:flags open_tree_flags) -> fd
open_tree_attr (dfd:dirfd, path:path, flags:flags open_tree_flags, uattr:ptr, usize:size) -> fd
move_mount (from_dfd:dirfd, from_pathname:path, to_dfd:dirfd, to_pathname:path, flags:flags move_mount_flags)
fsopen (fs_name:str, flags:flags fsopen_flags) -> fd
fsconfig (fs_fd:fd, cmd:enum fsconfig_cmd, key:str, value:ptr, aux:int)
  when cmd FSCONFIG_SET_STRING: (fs_fd, cmd, key, value:str, aux)
fsmount (fs_fd:fd, flags:flags fsmount_flags, attr_flags:flags mount_attr) -> fd
fspick (dfd:dirfd, path:path, flags:flags fspick_flags) -> fd
mount_setattr (dfd:dirfd, path:path, flags:flags mount_setattr_flags, uattr:mount_attr, usize:size)
statmount (req:ptr, buf:ptr, bufsize:size, flags:hex32)
listmount (req:ptr, mnt_ids:ptr, nr_mnt_ids:size, flags:hex32)
listns (req:ptr, ns_ids:ptr, nr_ns_ids:size, flags:hex32)
sysfs (option:int, arg1:hex, arg2:hex)
swapon (specialfile:path, swap_flags:flags swap_flags)
swapoff (specialfile:path)
acct (name:path)
quotactl (cmd:hex32, special:path, id:id, addr:ptr)
quotactl_fd (fd:fd, cmd:hex32, id:id, addr:ptr)
lookup_dcookie (cookie64:loff, buf:ptr, len:size)
nfsservctl (cmd:int, arg:ptr, res:ptr)
fanotify_init (flags:flags fanotify_init_flags, event_f_flags:flags open_flags of open_accmode 3) -> fd
fanotify_mark (fanotify_fd:fd, flags:flags fanotify_mark_flags, mask:fanotify_mask, dfd:dirfd, pathname:path)
inotify_init () -> fd
inotify_init1 (flags:flags inotify_init_flags) -> fd
inotify_add_watch (fd:fd, path:path, mask:flags inotify_mask)
inotify_rm_watch (fd:fd, wd:int)
memfd_create (uname:str, flags:flags memfd_flags) -> fd
memfd_secret (flags:hex32) -> fd
cachestat (fd:fd, cstat_range:ptr, cstat:ptr, flags:hex32)

# Waiting for descriptors
poll (fds:pollfds[nfds], nfds:uint, timeout:int) -> poll_result
ppoll (fds:pollfds[nfds], nfds:uint, tsp:timespec, sigmask:sigset[sigsetsize], sigsetsize:size) -> poll_result timespec
select (n:int, inp:fdset[n], outp:fdset[n], exp:fdset[n], tvp:timeval) -> select_result timeval
_newselect = select
pselect6 (n:int, inp:fdset[n], outp:fdset[n], exp:fdset[n], tsp:timespec, sig:sigset_pair) -> select_result timespec
epoll_create (size:int) -> fd
epoll_create1 (flags:flags epoll_create_flags) -> fd
epoll_ctl (epfd:fd, op:enum epoll_op, fd:fd, event:epoll_event)
epoll_wait (epfd:fd, events:out array[ret] epoll_event, maxevents:int, timeout:int)
epoll_pwait (epfd:fd, events:out array[ret] epoll_event, maxevents:int, timeout:int, sigmask:sigset[sigsetsize], sigsetsize:size)
epoll_pwait2 (epfd:fd, events:out array[ret] epoll_event, maxevents:int, timeout:timespec64, sigmask:sigset[sigsetsize], sigsetsize:size)
epoll_ctl_old epoll_wait_old (arg0:hex, arg1:hex, arg2:hex, arg3:hex)
eventfd (count:uint) -> fd
eventfd2 (count:uint, flags:flags eventfd_flags) -> fd
io_setup (nr_events:uint, ctxp:out &hex)
io_destroy (ctx:hex)
io_submit (ctx:hex, nr:long, iocbpp:ptr)
io_cancel (ctx:hex, iocb:ptr, result:ptr)
io_getevents (ctx:hex, min_nr:long, nr:long, events:out array[ret] io_event, timeout:timespec)
io_pgetevents (ctx:hex, min_nr:long, nr:long, events:out array[ret] io_event, timeout:timespec, usig:ptr)
io_uring_setup (entries:uint, params:ptr) -> fd
io_uring_enter (fd:fd, to_submit:uint, min_complete:uint, flags:flags io_uring_enter_flags, argp:ptr, argsz:size)
io_uring_register (fd:fd, opcode:enum io_uring_register_op, arg:ptr, nr_args:uint)

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
userfaultfd (flags:flags userfaultfd_flags) -> fd
process_vm_readv (pid:pid, lvec:out iovec_out[liovcnt], liovcnt:ulong, rvec:iovec_ptr[riovcnt], riovcnt:ulong, flags:hex)
process_vm_writev (pid:pid, lvec:iovec[liovcnt], liovcnt:ulong, rvec:iovec_ptr[riovcnt], riovcnt:ulong, flags:hex)
process_mrelease (pidfd:fd, flags:hex32)

# Processes and threads
execve (filename:path, argv:strings, envp:environ)
execveat (dfd:dirfd, filename:path, argv:strings, envp:environ, flags:flags execveat_flags)
uselib (library:path)
fork vfork () -> pid
clone (=child_stack:ptr at 1, =flags:clone_flags at 0, =parent_tid:out &int at 2, =tls:ptr at 4, =child_tidptr:ptr at 3) -> pid
  when flags & 0x1381000 @clone
clone3 (uargs:inout clone_args[size], size:size) -> pid
exit exit_group (error_code:int) -> none
wait4 (pid:pid, stat_addr:out waitstatus, options:flags wait_options, ru:out wait_rusage)
waitpid (pid:pid, stat_addr:out waitstatus, options:flags wait_options)
waitid (which:enum waitid_types, pid:int, infop:out siginfo, options:flags wait_options, ru:out rusage)
getpid getppid gettid getpgrp setsid vhangup sched_yield pause () -> pid
getuid geteuid getgid getegid getuid32 geteuid32 getgid32 getegid32 ()
setuid setuid32 setfsuid setfsuid32 (uid:id)
setgid setgid32 setfsgid setfsgid32 (gid:id)
setreuid setreuid32 (ruid:id, euid:id)
setregid setregid32 (rgid:id, egid:id)
setresuid setresuid32 (ruid:id, euid:id, suid:id)
setresgid setresgid32 (rgid:id, egid:id, sgid:id)
getresuid getresuid32 (ruid:out &id, euid:out &id, suid:out &id)
getresgid getresgid32 (rgid:out &id, egid:out &id, sgid:out &id)
getgroups getgroups32 (gidsetsize:int, grouplist:out array[ret] id)
setgroups setgroups32 (gidsetsize:int, grouplist:array[gidsetsize] id)
getpgid getsid (pid:pid)
setpgid (pid:pid, pgid:pid)
capget (header:caphdr, dataptr:out capdata)
capset (header:caphdr, dataptr:capdata)
personality (personality:personality) -> personality_result
prctl (option:enum prctl_option, arg2:hex, arg3:hex, arg4:hex, arg5:hex)
  when option PR_SET_NAME: (option, arg2:comm)
  when option PR_GET_NAME: (option, arg2:out comm)
  when option PR_SET_PDEATHSIG: (option, arg2:signal)
  when option PR_GET_PDEATHSIG: (option, arg2:out &signal)
  when option PR_GET_DUMPABLE: (option) -> noted_enum prctl_dumpable
  when option PR_SET_DUMPABLE: (option, arg2:enum prctl_dumpable)
  when option PR_GET_KEEPCAPS PR_GET_TIMERSLACK PR_GET_TIMING PR_GET_SECCOMP PR_MCE_KILL_GET PR_GET_IO_FLUSHER: (option)
  when option PR_SET_KEEPCAPS PR_SET_TIMERSLACK PR_SET_TIMING PR_SET_CHILD_SUBREAPER: (option, arg2:long)
  when option PR_GET_CHILD_SUBREAPER: (option, arg2:out &int)
  when option PR_SET_NO_NEW_PRIVS: (option, arg2:long, arg3:hex, arg4:hex, arg5:hex)
  when option PR_GET_NO_NEW_PRIVS: (option, arg2:hex, arg3:hex, arg4:hex, arg5:hex)
  when option PR_CAPBSET_READ PR_CAPBSET_DROP: (option, arg2:enum capabilities)
  when option PR_GET_SECUREBITS: (option) -> noted_flags securebits
  when option PR_SET_SECUREBITS: (option, arg2:flags securebits)
  when option PR_GET_TID_ADDRESS: (option, arg2:out &hex)
  when option PR_SET_PTRACER: (option, arg2:ptracer)
  when option PR_SET_SECCOMP: (option, arg2:enum seccomp_mode, arg3:ptr)
  when option PR_SET_THP_DISABLE: (option, arg2:hex, arg3:hex, arg4:hex, arg5:hex)
  when option PR_SET_MM: (option, arg2:enum prctl_set_mm, arg3:ptr, arg4:ulong, arg5:ulong)
  when option PR_SET_VMA: (option, arg2:enum prctl_set_vma, arg3:ptr, arg4:ulong, arg5:str)
  when option PR_CAP_AMBIENT: (option, arg2:enum prctl_cap_ambient, arg3:hex, arg4:hex, arg5:hex)
getrlimit (resource:enum rlimit_resource, rlim:out rlimits)
setrlimit (resource:enum rlimit_resource, rlim:rlimits)
ugetrlimit = getrlimit
prlimit64 (pid:pid, resource:enum rlimit_resource, new_rlim:rlimits64, old_rlim:out rlimits64)
getrusage (who:enum rusage_who, ru:out rusage)
getpriority (which:enum prio_which, who:int)
setpriority (which:enum prio_which, who:int, niceval:int)
ioprio_get (which:enum ioprio_who, who:int) -> hex
ioprio_set (which:enum ioprio_who, who:int, ioprio:hex32)
nice (increment:int)
times (tbuf:out tms)
uname (name:out utsname)
olduname oldolduname (name:ptr)
sysinfo (info:out sysinfo)
sethostname setdomainname (name:bytes[len], len:uint)
set_tid_address (tidptr:ptr) -> pid
set_robust_list (head:ptr, len:size)
get_robust_list (pid:pid, head_ptr:out &hex, len_ptr:out &size)
rseq (rseq:ptr, rseq_len:hex32, flags:hex32, sig:hex32)
rseq_slice_yield ()
futex (uaddr:ptr, op:flags futex_op_flags of futex_op 0xfffffeff, val:uint, utime:ptr, uaddr2:ptr, val3:hex32)
  when op & 0x7f FUTEX_WAIT: (uaddr, op, val, utime:timespec)
  when op & 0x7f FUTEX_WAIT_BITSET: (uaddr, op, val, utime:timespec, val3:futex_bitset at 5)
  when op & 0x7f FUTEX_WAKE: (uaddr, op, val)
  when op & 0x7f FUTEX_WAKE_BITSET: (uaddr, op, val, val3:futex_bitset at 5)
  when op & 0x7f FUTEX_REQUEUE: (uaddr, op, val, utime:uint, uaddr2:ptr)
  when op & 0x7f FUTEX_CMP_REQUEUE FUTEX_CMP_REQUEUE_PI: (uaddr, op, val, utime:uint, uaddr2:ptr, val3:uint)
  when op & 0x7f FUTEX_WAIT_REQUEUE_PI: (uaddr, op, val, utime:timespec, uaddr2:ptr)
  when op & 0x7f FUTEX_WAKE_OP: (uaddr, op, val, utime:uint, uaddr2:ptr, val3:futex_wake_op)
  when op & 0x7f FUTEX_LOCK_PI FUTEX_LOCK_PI2: (uaddr, op, utime:timespec at 3)
  when op & 0x7f FUTEX_UNLOCK_PI FUTEX_TRYLOCK_PI: (uaddr, op)
futex_wait (uaddr:ptr, val:hex, mask:hex, flags:flags futex2_flags, timeout:timespec64, clockid:clockid)
futex_wake (uaddr:ptr, mask:hex, nr:int, flags:flags futex2_flags)
futex_waitv (waiters:array[nr_futexes] futex_waitv, nr_futexes:uint, flags:hex32, timeout:timespec64, clockid:clockid)
futex_requeue (waiters:array[2] futex_waitv, flags:hex32, nr_wake:int, nr_requeue:int)
sched_getaffinity (pid:pid, len:uint, user_mask_ptr:out cpuset[ret])
sched_setaffinity (pid:pid, len:uint, user_mask_ptr:cpuset[len])
sched_getparam (pid:pid, param:out sched_param)
sched_setparam (pid:pid, param:sched_param)
sched_getscheduler (pid:pid) -> noted_enum sched_policy
sched_setscheduler (pid:pid, policy:enum sched_policy, param:sched_param)
sched_get_priority_max sched_get_priority_min (policy:enum sched_policy)
sched_rr_get_interval (pid:pid, interval:out timespec)
sched_getattr (pid:pid, uattr:out sched_attr, size:uint, flags:uint)
sched_setattr (pid:pid, uattr:sched_attr, flags:uint)
unshare (unshare_flags:flags unshare_flags)
setns (fd:fd, flags:flags setns_types)
getcpu (cpup:out &uint, nodep:out &uint, unused:ptr)
kcmp (pid1:pid, pid2:pid, type:enum kcmp_type, idx1:ulong, idx2:ulong)
  when type KCMP_FILE: (pid1, pid2, type, idx1:int, idx2:int)
  when type KCMP_FILES KCMP_FS KCMP_IO KCMP_SIGHAND KCMP_SYSVSEM KCMP_VM: (pid1, pid2, type)
membarrier (cmd:enum membarrier_cmd, flags:flags membarrier_flags, cpu_id:int if flags & MEMBARRIER_CMD_FLAG_CPU)
  when cmd MEMBARRIER_CMD_QUERY: (cmd, flags) -> noted_mask membarrier_cmd
pidfd_open (pid:pid, flags:flags pidfd_open_flags) -> fd
pidfd_getfd (pidfd:fd, fd:int, flags:hex32) -> fd
pidfd_send_signal (pidfd:fd, sig:signal, info:siginfo, flags:flags pidfd_send_signal_flags)
ptrace (request:enum ptrace_request, pid:pid, addr:ptr, data:ptr)
seccomp (op:enum seccomp_op, flags:uint, uargs:ptr)
  when op SECCOMP_SET_MODE_FILTER: (op, flags:flags seccomp_filter_flags, uargs:sock_fprog)
  when op SECCOMP_GET_ACTION_AVAIL: (op, flags, uargs:&enum seccomp_action)
bpf (cmd:enum bpf_cmd, attr:ptr, size:uint)
perf_event_open (attr_uptr:ptr, pid:pid, cpu:int, group_fd:fd, flags:flags perf_event_open_flags) -> fd
landlock_create_ruleset (attr:landlock_ruleset_attr, size:size, flags:flags landlock_create_flags) -> fd
landlock_add_rule (ruleset_fd:fd, rule_type:enum landlock_rule_type, rule_attr:ptr, flags:hex32)
landlock_restrict_self (ruleset_fd:fd, flags:hex32)
lsm_get_self_attr (attr:uint, ctx:ptr, size:ptr, flags:hex32)
lsm_set_self_attr (attr:uint, ctx:ptr, size:uint, flags:hex32)
lsm_list_modules (ids:ptr, size:ptr, flags:hex32)
add_key (type:str, description:str, payload:bytes[plen], plen:size, ringid:enum key_spec signed)
request_key (type:str, description:str, callout_info:str, destringid:enum key_spec signed)
keyctl (option:enum keyctl_op, arg2:hex, arg3:hex, arg4:hex, arg5:hex)
restart_syscall (call:resumed)

# Signals
kill (pid:pid, sig:signal)
tkill (pid:pid, sig:signal)
tgkill (tgid:pid, pid:pid, sig:signal)
rt_sigaction (sig:signal, act:sigaction, oact:out sigaction, sigsetsize:size)
rt_sigprocmask (how:enum sigprocmask_how, nset:sigset[sigsetsize], oset:out sigset[sigsetsize], sigsetsize:size)
rt_sigpending (uset:out sigset[sigsetsize], sigsetsize:size)
rt_sigsuspend (unewset:sigset[sigsetsize], sigsetsize:size)
rt_sigtimedwait (uthese:sigset[sigsetsize], uinfo:out siginfo, uts:timespec, sigsetsize:size) -> noted_signal
rt_sigqueueinfo (pid:pid, sig:signal, uinfo:siginfo)
rt_tgsigqueueinfo (tgid:pid, pid:pid, sig:signal, uinfo:siginfo)
rt_sigreturn (frame:signal_frame rt) -> long
sigaltstack (uss:sigaltstack, uoss:out sigaltstack)
signalfd (ufd:fd, user_mask:sigset[sizemask], sizemask:size) -> fd
signalfd4 (ufd:fd, user_mask:sigset[sizemask], sizemask:size, flags:flags signalfd_flags) -> fd
alarm (seconds:uint)
signal (sig:signal, handler:handler) -> handler
sgetmask () -> hex
ssetmask (newmask:hex) -> hex

# Time
time (tloc:out &time) -> noted_time
stime (tptr:&time)
gettimeofday (tv:out timeval, tz:out timezone)
settimeofday (tv:timeval, tz:timezone)
clock_gettime (which_clock:clockid, tp:out timespec)
clock_settime (which_clock:clockid, tp:timespec)
clock_getres (which_clock:clockid, tp:out timespec)
clock_nanosleep (which_clock:clockid, flags:flags timer_flags, rqtp:timespec, rmtp:inout sleep_rest timespec)
clock_adjtime (which_clock:clockid, tx:out timex) -> noted_enum adjtimex_state
adjtimex (txc_p:out timex) -> noted_enum adjtimex_state
nanosleep (rqtp:timespec, rmtp:inout sleep_rest timespec)
getitimer (which:enum itimer_which, value:out itimerval)
setitimer (which:enum itimer_which, value:itimerval, ovalue:out itimerval)
timer_create (which_clock:clockid, timer_event_spec:sigevent, created_timer_id:out &int)
timer_settime (timer_id:int, flags:flags timer_flags, new_setting:itimerspec, old_setting:out itimerspec)
timer_gettime (timer_id:int, setting:out itimerspec)
timer_getoverrun timer_delete (timer_id:int)
timerfd_create (clockid:clockid, flags:flags timerfd_create_flags) -> fd
timerfd_settime (ufd:fd, flags:flags timerfd_settime_flags, utmr:itimerspec, otmr:out itimerspec)
timerfd_gettime (ufd:fd, otmr:out itimerspec)

# Sockets
socket (family:enum socket_domain, type:flags socket_type_flags of socket_type 15, protocol:protocol) -> fd
socketpair (family:enum socket_domain, type:flags socket_type_flags of socket_type 15, protocol:protocol, usockvec:out array[2] fd)
bind (fd:fd, umyaddr:sockaddr[addrlen], addrlen:int)
connect (fd:fd, uservaddr:sockaddr[addrlen], addrlen:int)
listen (fd:fd, backlog:int)
accept (fd:fd, upeer_sockaddr:out sockaddr_out[upeer_addrlen], upeer_addrlen:inout addrlen) -> fd
accept4 (fd:fd, upeer_sockaddr:out sockaddr_out[upeer_addrlen], upeer_addrlen:inout addrlen, flags:flags socket_type_flags) -> fd
getsockname getpeername (fd:fd, usockaddr:out sockaddr_out[usockaddr_len], usockaddr_len:inout addrlen)
send (fd:fd, buff:bytes[len], len:size, flags:flags msg_flags)
recv (fd:fd, ubuf:out bytes[ret], size:size, flags:flags msg_flags)
sendto (fd:fd, buff:bytes[len], len:size, flags:flags msg_flags, addr:sockaddr[addr_len], addr_len:int)
recvfrom (fd:fd, ubuf:out bytes[ret], size:size, flags:flags msg_flags, addr:out sockaddr_out[addr_len], addr_len:inout addrlen)
sendmsg (fd:fd, msg:msghdr, flags:flags msg_flags)
recvmsg (fd:fd, msg:inout msghdr_out, flags:flags msg_flags)
sendmmsg (fd:fd, mmsg:inout mmsghdr[vlen], vlen:uint, flags:flags msg_flags)
recvmmsg (fd:fd, mmsg:inout mmsghdr_out[vlen], vlen:uint, flags:flags msg_flags, timeout:timespec) -> recvmmsg_result timespec
shutdown (fd:fd, how:enum shutdown_how)
setsockopt (fd:fd, level:enum sockopt_level, optname:sockopt_name set, optval:sockopt[optlen], optlen:int)
getsockopt (fd:fd, level:enum sockopt_level, optname:sockopt_name get, optval:out sockopt_out[optlen], optlen:inout addrlen)

# System V and POSIX IPC
shmget (key:ipc_key, size:size, shmflg:ipc_flags shmget_flags)
shmat (shmid:int, shmaddr:ptr, shmflg:flags shmat_flags) -> ptr
shmdt (shmaddr:ptr)
shmctl (shmid:int, cmd:enum shmctl_cmd, buf:ptr)
semget (key:ipc_key, nsems:int, semflg:ipc_flags ipc_flags)
semop (semid:int, tsops:array[nsops] sembuf, nsops:uint)
semtimedop (semid:int, tsops:array[nsops] sembuf, nsops:uint, timeout:timespec)
semctl (semid:int, semnum:int, cmd:enum semctl_cmd, arg:hex)
msgget (key:ipc_key, msgflg:ipc_flags ipc_flags)
msgsnd (msqid:int, msgp:msgbuf[msgsz], msgsz:size, msgflg:flags msgrcv_flags)
msgrcv (msqid:int, msgp:out msgbuf[ret], msgsz:size, msgtyp:long, msgflg:flags msgrcv_flags)
msgctl (msqid:int, cmd:enum msgctl_cmd, buf:ptr)
mq_open (name:str, oflag:flags open_flags of open_accmode 3, mode:octal if oflag & O_CREAT, attr:mq_attr if oflag & O_CREAT) -> fd
mq_unlink (name:str)
mq_timedsend (mqdes:fd, msg_ptr:bytes[msg_len], msg_len:size, msg_prio:uint, abs_timeout:timespec)
mq_timedreceive (mqdes:fd, msg_ptr:out bytes[ret], msg_len:size, msg_prio:out &uint, abs_timeout:timespec)
mq_notify (mqdes:fd, notification:sigevent)
mq_getsetattr (mqdes:fd, mqstat:mq_attr, omqstat:out mq_attr)

# The system
getrandom (buf:out hexbytes[ret], count:size, flags:flags getrandom_flags)
reboot (magic1:hex32, magic2:hex32, cmd:enum reboot_cmd, arg:ptr)
syslog (type:enum syslog_action, buf:ptr, len:int)
init_module (umod:ptr, len:ulong, uargs:str)
finit_module (fd:fd, uargs:str, flags:flags module_init_flags)
delete_module (name_user:str, flags:flags delete_module_flags)
create_module (name:str, size:size)
get_kernel_syms (table:ptr)
query_module (name:str, which:int, buf:ptr, bufsize:size, ret:ptr)
kexec_load (entry:ptr, nr_segments:ulong, segments:ptr, flags:flags kexec_load_flags long)
kexec_file_load (kernel_fd:fd, initrd_fd:fd, cmdline_len:ulong, cmdline:str, flags:flags kexec_file_load_flags long)
iopl (level:int)
ioperm (from:hex, num:hex, turn_on:int)
modify_ldt (func:int, ptr:ptr, bytecount:ulong)
arch_prctl (option:enum arch_prctl_code, arg2:ptr)
  when option ARCH_GET_FS ARCH_GET_GS: (option, arg2:out &hex)
set_thread_area get_thread_area (u_info:ptr)
_sysctl (args:ptr)
uprobe uretprobe () -> hex
afs_syscall getpmsg putpmsg security tuxcall vserver (arg0:hex, arg1:hex, arg2:hex, arg3:hex, arg4:hex, arg5:hex)
