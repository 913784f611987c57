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
open (filename:path, flags:flags open_flags of open_accmode 3, mode:umode if flags & O_CREAT|__O_TMPFILE) -> fd
openat (dfd:dirfd, filename:path, flags:flags open_flags of open_accmode 3, mode:umode if flags & O_CREAT|__O_TMPFILE) -> fd
openat2 (dfd:dirfd, filename:path, how:open_how[usize], usize:size) -> fd
creat (pathname:path, mode:umode) -> fd
close (fd:fd)
close_range (fd:uint, max_fd:uint, flags:flags close_range_flags)
lseek (fd:fd, offset:long, whence:enum seek_whence) -> long
_llseek (fd:fd, offset:loff_hilo, result:out &loff, whence:enum seek_whence)
fsync fdatasync syncfs (fd:fd)
sync ()
sync_file_range (fd:fd, offset:loff, nbytes:loff, flags:flags sync_file_range_flags)
truncate (path:path, length:size)
ftruncate (fd:fd, length:size)
truncate64 (path:path, length:uloff)
ftruncate64 (fd:fd, length:uloff)
fallocate (fd:fd, mode:flags fallocate_mode, offset:loff, len:loff)
fadvise64 (fd:fd, offset:loff, len:size, advice:enum fadvise_advice)
fadvise64_64 (fd:fd, offset:loff, len:loff, advice:enum fadvise_advice)
readahead (fd:fd, offset:loff, count:size)
copy_file_range (fd_in:fd, off_in:&loff, fd_out:fd, off_out:&loff, len:size, flags:uint)
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
  when cmd F_DUPFD F_DUPFD_CLOEXEC: (fd, cmd, arg:i64) -> fd
  when cmd F_GETFD: (fd, cmd) -> noted_flags fcntl_fd_flags
  when cmd F_SETFD: (fd, cmd, arg:flags fcntl_fd_flags)
  when cmd F_GETFL: (fd, cmd) -> noted_flags open_flags of open_accmode 3
  when cmd F_SETFL: (fd, cmd, arg:flags open_flags of open_accmode 3 long)
  when cmd F_SETLK F_SETLKW: (fd, cmd, arg:flock)
  when cmd F_SETLK64 F_SETLKW64: (fd, cmd, arg:flock64)
  when cmd F_GETLK64: (fd, cmd, arg:out flock64_get)
  when cmd F_GETLK: (fd, cmd, arg:out flock_get)
  when cmd F_OFD_SETLK F_OFD_SETLKW: (fd, cmd, arg:flock64)
  when cmd F_OFD_GETLK: (fd, cmd, arg:out flock64_get)
  when cmd F_GETOWN: (fd, cmd) -> pid
  when cmd F_SETOWN: (fd, cmd, arg:pid)
  when cmd F_GETPIPE_SZ: (fd, cmd)
  when cmd F_SETPIPE_SZ: (fd, cmd, arg:i64)
  when cmd F_GETSIG: (fd, cmd) -> noted_signal
  when cmd F_SETSIG: (fd, cmd, arg:signal)
  when cmd F_GETLEASE: (fd, cmd) -> noted_hex_enum fcntl_lock_type
  when cmd F_SETLEASE: (fd, cmd, arg:enum fcntl_lock_type long)
  when cmd F_NOTIFY: (fd, cmd, arg:flags fcntl_notify long)
  when cmd F_GET_SEALS: (fd, cmd) -> noted_seals fcntl_seals
  when cmd F_ADD_SEALS: (fd, cmd, arg:flags fcntl_seals long)
  when cmd F_DUPFD_QUERY: (fd, cmd, arg:fd)
  when cmd F_CREATED_QUERY: (fd, cmd)
  when cmd F_GETOWN_EX: (fd, cmd, arg:out f_owner_ex)
  when cmd F_SETOWN_EX: (fd, cmd, arg:f_owner_ex)
  when cmd F_GET_RW_HINT F_GET_FILE_RW_HINT: (fd, cmd, arg:out &enum fcntl_rw_hint u64)
  when cmd F_SET_RW_HINT F_SET_FILE_RW_HINT: (fd, cmd, arg:&enum fcntl_rw_hint u64)
ioctl (fd:fd, cmd:ioctl_cmd, arg:hex)
  when cmd @ioctl
