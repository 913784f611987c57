# What the fields of the structs mean.  A struct without a line here is shown by its layout.
#
#   name [of LAYOUT|LAYOUT…] {field, field*, field@other:KIND, …}
#
# Where a field lies, and how wide it is, the generated layout of each architecture says: that of
# LAYOUT, the first that the architecture has, or of the struct's own name.  A field without a
# KIND is a number, a text, an array or a struct, as the layout has it.  KINDs are those of
# common.sig.  *: shown in the short form of the struct; field@other: the field has that other
# name in the layout.  dated: a struct of a time is shown with its date.  A line that begins with a blank continues the one before.
timespec {tv_sec, tv_nsec:ulong}
timespec64 of __kernel_timespec {tv_sec, tv_nsec:u64}
timeval {tv_sec, tv_usec}
timezone {tz_minuteswest, tz_dsttime}
itimerspec {it_interval, it_value}
itimerspec64 of __kernel_itimerspec {it_interval, it_value}
itimerval {it_interval, it_value}
utimbuf {actime:time, modtime:time}
tms {tms_utime, tms_stime, tms_cutime, tms_cstime}
utsname of new_utsname {sysname*, nodename*, release, version, machine, domainname}
sysinfo {uptime, loads, totalram, freeram, sharedram, bufferram, totalswap, freeswap, procs,
 totalhigh, freehigh, mem_unit}
rusage {ru_utime*, ru_stime*, ru_maxrss, ru_ixrss, ru_idrss, ru_isrss, ru_minflt, ru_majflt,
 ru_nswap, ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw}
stat {st_dev:dev, st_ino, st_mode:mode, st_nlink, st_uid, st_gid, st_blksize, st_blocks, st_size,
 st_rdev:dev, st_atime:time, st_atime_nsec, st_mtime:time,
 st_mtime_nsec, st_ctime:time, st_ctime_nsec}
stat64 of stat64|stat {st_dev:dev, st_ino, st_mode:mode, st_nlink, st_uid, st_gid, st_blksize,
 st_blocks, st_size, st_rdev:dev, st_atime:time, st_atime_nsec,
 st_mtime:time, st_mtime_nsec, st_ctime:time, st_ctime_nsec}
statx_timestamp {tv_sec, tv_nsec}
statx {stx_mask*:flags statx_mask, stx_blksize, stx_attributes*:flags statx_attributes u64,
 stx_nlink, stx_uid, stx_gid, stx_mode*:mode, stx_ino, stx_size*, stx_blocks,
 stx_attributes_mask:flags statx_attributes u64, stx_atime:dated, stx_btime:dated,
 stx_ctime:dated, stx_mtime:dated,
 stx_rdev_major, stx_rdev_minor, stx_dev_major, stx_dev_minor, stx_mnt_id:hex64}
statfs {f_type:enum statfs_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_fsid,
 f_namelen, f_frsize, f_flags:flags statfs_flags long}
statfs64 {f_type:enum statfs_type, f_bsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_fsid,
 f_namelen, f_frsize, f_flags:flags statfs_flags long}
__kernel_fsid_t {val:hex32}
flock {l_type:enum fcntl_lock_type u16, l_whence:enum seek_whence u16, l_start, l_len}
flock_get of flock {l_type:enum fcntl_lock_type u16, l_whence:enum seek_whence u16, l_start, l_len,
 l_pid}
flock64 of flock64|flock {l_type:enum fcntl_lock_type u16, l_whence:enum seek_whence u16, l_start,
 l_len}
flock64_get of flock64|flock {l_type:enum fcntl_lock_type u16, l_whence:enum seek_whence u16,
 l_start, l_len, l_pid}
f_owner_ex {type:enum fcntl_owner, pid}
sembuf {sem_num, sem_op, sem_flg:flags semop_flags u16}
mq_attr {mq_flags:flags mq_attr_flags long, mq_maxmsg, mq_msgsize, mq_curmsgs}
epoll_event {events:flags epoll_events, data:epoll_data}
iovec {iov_base:ptr, iov_len}
sigaltstack {ss_sp:ptr, ss_flags:flags sigaltstack_flags, ss_size}
sched_attr {size, sched_policy:enum sched_policy, sched_flags:flags sched_attr_flags u64, sched_nice,
 sched_priority, sched_runtime, sched_deadline, sched_period, sched_util_min, sched_util_max}
timex {modes:flags adjtimex_modes, offset, freq, maxerror, esterror, status:flags adjtimex_status,
 constant, precision, tolerance, time, tick, ppsfreq, jitter, shift, stabil, jitcnt, calcnt,
 errcnt, stbcnt, tai}
timex64 of __kernel_timex {modes:flags adjtimex_modes, offset, freq, maxerror, esterror, status:flags adjtimex_status,
 constant, precision, tolerance, time, tick, ppsfreq, jitter, shift, stabil, jitcnt, calcnt,
 errcnt, stbcnt, tai}
ucred {pid, uid:id, gid:id}
linger {l_onoff, l_linger}
winsize {ws_row, ws_col, ws_xpixel, ws_ypixel}
sock_fprog {len, filter:ptr}
io_event {data:hex64, obj:hex64, res, res2}
mount_attr {attr_set:flags mount_attr u64, attr_clr:flags mount_attr u64,
 propagation:flags mount_flags u64, userns_fd}
futex_waitv {val:hex64, uaddr:hex64, flags:flags futex2_flags}
