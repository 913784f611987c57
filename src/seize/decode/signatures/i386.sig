# System calls that only i386 has, or has differently: 16-bit ids, 32-bit times, arguments in memory.
clone (=child_stack:ptr at 1, =flags:clone_flags at 0, =parent_tid:out &int at 2, =tls:out user_desc at 3, =child_tidptr:out ptr at 4) -> pid
  when flags & 0x1381000 @clone
mmap (args:array[6] hex) -> ptr
old_mmap (addr:ptr, length:size, prot:flags mmap_prot, flags:mmap_flags, fd:fd, offset:hex) -> ptr
mmap2 (addr:ptr, length:size, prot:flags mmap_prot, flags:mmap_flags, fd:fd, pgoff:pages) -> ptr
select (args:array[5] hex)
_newselect (n:int, inp:fdset[n], outp:fdset[n], exp:fdset[n], tvp:timeval) -> select_result timeval
old_select (n:int, inp:fdset[n], outp:fdset[n], exp:fdset[n], tvp:timeval) -> select_result timeval
set_thread_area (u_info:user_desc) -> entry_number
get_thread_area (u_info:inout user_desc out)
socketcall (call:enum socketcall, args:ptr)
ipc (call:uint, first:hex, second:hex, third:hex, ptr:ptr, fifth:hex)
chown lchown (filename:path, user:id16, group:id16)
fchown (fd:fd, user:id16, group:id16)
setuid setfsuid (uid:id16)
setgid setfsgid (gid:id16)
setreuid (ruid:id16, euid:id16)
setregid (rgid:id16, egid:id16)
setresuid (ruid:id16, euid:id16, suid:id16)
setresgid (rgid:id16, egid:id16, sgid:id16)
getresuid (ruid:out &id16, euid:out &id16, suid:out &id16)
getresgid (rgid:out &id16, egid:out &id16, sgid:out &id16)
getgroups (gidsetsize:int, grouplist:out array[ret] id16)
setgroups (gidsetsize:int, grouplist:groups[gidsetsize] id16)
sigaction (sig:signal, act:old_sigaction, oact:out old_sigaction)
sigprocmask (how:enum sigprocmask_how, nset:sigset[4], oset:out sigset[4])
sigpending (uset:out sigset[4])
sigsuspend (unused1:int, unused2:int, mask:sigmask)
sigreturn (frame:signal_frame) -> long
fanotify_mark (fanotify_fd:fd, flags:flags fanotify_mark_flags, mask:fanotify_mask, dfd:fanotify_dirfd at 4, pathname:path)
clock_gettime64 (which_clock:clockid, tp:out timespec64)
clock_settime64 (which_clock:clockid, tp:timespec64)
clock_getres_time64 (which_clock:clockid, tp:out timespec64)
clock_nanosleep_time64 (which_clock:clockid, flags:flags timer_flags, rqtp:timespec64, rmtp:inout sleep_rest timespec64)
clock_adjtime64 (which_clock:clockid, tx:out timex64) -> noted_enum adjtimex_state
timer_gettime64 (timer_id:int, setting:out itimerspec64)
timer_settime64 (timer_id:int, flags:flags timer_flags, new_setting:itimerspec64, old_setting:out itimerspec64)
timerfd_gettime64 (ufd:fd, otmr:out itimerspec64)
timerfd_settime64 (ufd:fd, flags:flags timerfd_settime_flags, utmr:itimerspec64, otmr:out itimerspec64)
utimensat_time64 (dfd:dirfd, filename:path, utimes:utimes 64, flags:flags at_flags)
pselect6_time64 (n:int, inp:fdset[n], outp:fdset[n], exp:fdset[n], tsp:timespec64, sig:sigset_pair) -> select_result timespec64
ppoll_time64 (fds:pollfds[nfds], nfds:uint, tsp:timespec64, sigmask:sigset[sigsetsize], sigsetsize:size) -> poll_result timespec64
io_pgetevents_time64 (ctx:ptr, min_nr:long, nr:long, events:out array[ret] io_event, timeout:timespec64, usig:sigset_pair)
recvmmsg_time64 (fd:fd, mmsg:inout mmsghdr_out[vlen], vlen:uint, flags:flags msg_flags, timeout:timespec64) -> recvmmsg_result timespec64
mq_timedsend_time64 (mqdes:fd, msg_ptr:bytes[msg_len], msg_len:size, msg_prio:uint, abs_timeout:timespec64)
mq_timedreceive_time64 (mqdes:fd, msg_ptr:out bytes[ret], msg_len:size, msg_prio:out &uint, abs_timeout:timespec64)
semtimedop_time64 (semid:int, tsops:array[nsops] sembuf, nsops:uint, timeout:timespec64)
rt_sigtimedwait_time64 (uthese:sigset[sigsetsize], uinfo:out siginfo, uts:timespec64, sigsetsize:size) -> noted_signal
sched_rr_get_interval_time64 (pid:pid, interval:out timespec64)
futex_time64 (uaddr:ptr, op:futex_op, val:uint, utime:ptr, uaddr2:ptr, val3:hex32)
  when op & 0x7f FUTEX_WAIT: (uaddr, op, val, utime:timespec64)
  when op & 0x7f FUTEX_WAIT_BITSET: (uaddr, op, val, utime:timespec64, val3:futex_bitset at 5)
  when op & 0x7f FUTEX_WAKE FUTEX_FD: (uaddr, op, val)
  when op & 0x7f FUTEX_WAKE_BITSET: (uaddr, op, val, val3:futex_bitset at 5)
  when op & 0x7f FUTEX_REQUEUE: (uaddr, op, val, utime:uint, uaddr2:ptr)
  when op & 0x7f FUTEX_CMP_REQUEUE FUTEX_CMP_REQUEUE_PI: (uaddr, op, val, utime:uint, uaddr2:ptr, val3:uint)
  when op & 0x7f FUTEX_WAIT_REQUEUE_PI: (uaddr, op, val, utime:timespec64, uaddr2:ptr)
  when op & 0x7f FUTEX_WAKE_OP: (uaddr, op, val, utime:uint, uaddr2:ptr, val3:futex_wake_op)
  when op & 0x7f FUTEX_LOCK_PI FUTEX_LOCK_PI2: (uaddr, op, utime:timespec64 at 3)
  when op & 0x7f FUTEX_UNLOCK_PI FUTEX_TRYLOCK_PI: (uaddr, op)
vm86 (cmd:hex, arg:hex, arg2:hex, arg3:hex, arg4:hex)
vm86old (info:hex)
bdflush (func:hex, data:hex)
break ftime idle lock mpx prof ()
stty gtty ulimit (arg0:hex, arg1:hex)
profil (arg0:hex, arg1:hex, arg2:hex, arg3:hex)
