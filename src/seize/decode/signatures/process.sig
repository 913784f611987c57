# Processes and threads
execve (filename:path, argv:strings, envp:environ)
execveat (dfd:dirfd, filename:path, argv:strings, envp:environ, flags:flags execveat_flags)
uselib (library:path)
fork vfork () -> pid
clone (=child_stack:ptr at 1, =flags:clone_flags at 0, =parent_tid:out &int at 2, =tls:out ptr at 4, =child_tidptr:out ptr at 3) -> pid
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
setgroups setgroups32 (gidsetsize:int, grouplist:groups[gidsetsize] id)
getpgid getsid (pid:pid)
setpgid (pid:pid, pgid:pid)
capget (header:caphdr, dataptr:out capdata)
capset (header:caphdr, dataptr:capdata)
personality (personality:personality) -> personality_result
prctl (option:enum prctl_option, arg2:hex, arg3:hex, arg4:hex, arg5:hex)
  when option PR_SET_NAME: (option, arg2:comm new)
  when option PR_GET_NAME: (option, arg2:out comm)
  when option PR_SET_PDEATHSIG: (option, arg2:signal_word)
  when option PR_GET_PDEATHSIG: (option, arg2:out &signal)
  when option PR_GET_DUMPABLE: (option) -> noted_enum prctl_dumpable
  when option PR_SET_DUMPABLE: (option, arg2:enum prctl_dumpable long)
  when option PR_GET_KEEPCAPS PR_GET_TIMERSLACK PR_GET_TIMING PR_GET_SECCOMP PR_TASK_PERF_EVENTS_DISABLE PR_TASK_PERF_EVENTS_ENABLE: (option)
  when option PR_SET_KEEPCAPS PR_SET_TIMERSLACK PR_SET_TIMING PR_SET_CHILD_SUBREAPER PR_SET_FPEMU PR_SET_FPEXC PR_SET_ENDIAN: (option, arg2:ulong)
  when option PR_GET_CHILD_SUBREAPER: (option, arg2:out &int)
  when option PR_GET_UNALIGN: (option, arg2:out &flags prctl_unalign)
  when option PR_SET_UNALIGN: (option, arg2:flags prctl_unalign)
  when option PR_GET_FPEMU: (option, arg2:out &enum prctl_fpemu)
  when option PR_GET_FPEXC: (option, arg2:out &flags prctl_fpexc)
  when option PR_GET_ENDIAN: (option, arg2:out &enum prctl_endian)
  when option PR_GET_TSC: (option, arg2:out &enum prctl_tsc)
  when option PR_SET_TSC: (option, arg2:enum prctl_tsc)
  when option PR_GET_FP_MODE: (option) -> noted_mask prctl_fp_mode
  when option PR_SET_FP_MODE: (option, arg2:flags prctl_fp_mode)
  when option PR_SVE_GET_VL: (option) -> noted_vector_length prctl_sve_vl
  when option PR_SVE_SET_VL: (option, arg2:vector_length prctl_sve_vl) -> noted_vector_length prctl_sve_vl
  when option PR_SME_GET_VL: (option) -> noted_vector_length prctl_sme_vl
  when option PR_SME_SET_VL: (option, arg2:vector_length prctl_sme_vl) -> noted_vector_length prctl_sme_vl
  when option PR_SET_NO_NEW_PRIVS PR_SET_THP_DISABLE PR_SET_IO_FLUSHER PR_SET_MEMORY_MERGE: (option, arg2:ulong, arg3, arg4, arg5)
  when option PR_CAPBSET_READ PR_CAPBSET_DROP: (option, arg2:enum capabilities long)
  when option PR_GET_SECUREBITS: (option) -> noted_set_bits securebits
  when option PR_SET_SECUREBITS: (option, arg2:flags securebits long)
  when option PR_GET_TID_ADDRESS: (option, arg2:out &hex)
  when option PR_SET_PTRACER: (option, arg2:ptracer)
  when option PR_SET_SECCOMP: (option, arg2:enum seccomp_mode, arg3:seccomp_arg if arg2 != SECCOMP_MODE_STRICT, arg4:hex if arg2 != SECCOMP_MODE_FILTER, arg5:hex if arg2 != SECCOMP_MODE_FILTER)
  when option PR_SET_MM: (option, arg2:enum prctl_set_mm, arg3, arg4, arg5)
  when option PR_SET_VMA: (option, arg2:enum prctl_set_vma long, arg3, arg4, arg5)
    when arg2 PR_SET_VMA_ANON_NAME: (option, arg2, arg3:ptr, arg4:ulong, arg5:str)
  when option PR_CAP_AMBIENT: (option, arg2:enum prctl_cap_ambient long, arg3, arg4, arg5)
    when arg2 PR_CAP_AMBIENT_IS_SET PR_CAP_AMBIENT_RAISE PR_CAP_AMBIENT_LOWER: (option, arg2, arg3:enum capabilities long, arg4, arg5)
  when option PR_MCE_KILL: (option, arg2:enum prctl_mce_kill long, arg3, arg4, arg5)
    when arg2 PR_MCE_KILL_SET: (option, arg2, arg3:enum prctl_mce_kill_policy long, arg4, arg5)
  when option PR_MCE_KILL_GET: (option, arg2, arg3, arg4, arg5) -> noted_enum prctl_mce_kill_policy
  when option PR_GET_SPECULATION_CTRL: (option, arg2:enum prctl_spec long) -> noted_mask prctl_spec_get
  when option PR_SET_SPECULATION_CTRL: (option, arg2:enum prctl_spec long, arg3)
    when arg2 PR_SPEC_STORE_BYPASS PR_SPEC_INDIRECT_BRANCH PR_SPEC_L1D_FLUSH: (option, arg2, arg3:enum prctl_spec_control long)
  when option PR_PAC_RESET_KEYS: (option, arg2:flags prctl_pac_keys long, arg3, arg4, arg5)
  when option PR_PAC_SET_ENABLED_KEYS: (option, arg2:flags prctl_pac_enabled_keys long, arg3:flags prctl_pac_enabled_keys long, arg4, arg5)
  when option PR_PAC_GET_ENABLED_KEYS: (option, arg2, arg3, arg4, arg5) -> noted_mask prctl_pac_enabled_keys
  when option PR_SET_TAGGED_ADDR_CTRL: (option, arg2:tagged_addr, arg3, arg4, arg5)
  when option PR_GET_TAGGED_ADDR_CTRL: (option, arg2, arg3, arg4, arg5) -> noted_tagged_addr
  when option PR_SET_SYSCALL_USER_DISPATCH: (option, arg2:enum prctl_syscall_dispatch long, arg3, arg4, arg5)
    when arg2 PR_SYS_DISPATCH_OFF PR_SYS_DISPATCH_ON: (option, arg2, arg3, arg4, arg5:ptr)
  when option PR_SCHED_CORE: (option, arg2:enum prctl_sched_core, arg3:pid, arg4:pid_type, arg5)
    when arg2 PR_SCHED_CORE_GET: (option, arg2, arg3, arg4, arg5:out &hex64)
  when option PR_SET_MDWE: (option, arg2:flags prctl_mdwe long, arg3, arg4, arg5)
  when option PR_GET_MDWE: (option, arg2, arg3, arg4, arg5) -> noted_mask prctl_mdwe
  when option PR_FUTEX_HASH: (option, arg2:enum prctl_futex_hash long, arg3, arg4, arg5)
getrlimit (resource:enum rlimit_resource, rlim:out rlimits)
setrlimit (resource:enum rlimit_resource, rlim:rlimits)
ugetrlimit = getrlimit
prlimit64 (pid:pid, resource:enum rlimit_resource, new_rlim:rlimits64, old_rlim:out rlimits64)
getrusage (who:enum rusage_who, ru:out rusage)
getpriority (which:enum prio_which, who:int)
setpriority (which:enum prio_which, who:int, niceval:int)
ioprio_get (which:enum ioprio_who, who:int) -> noted_ioprio
ioprio_set (which:enum ioprio_who, who:int, ioprio:ioprio)
nice (increment:int)
times (tbuf:out tms)
uname (name:out utsname)
olduname (name:out old_utsname)
oldolduname (name:out oldold_utsname)
sysinfo (info:out sysinfo)
sethostname setdomainname (name:hostname[len], len:uint)
set_tid_address (tidptr:hex) -> pid
set_robust_list (head:ptr, len:size)
get_robust_list (pid:pid, head_ptr:out &hex, len_ptr:out &size)
futex (uaddr:ptr, op:futex_op, val:uint, utime:ptr, uaddr2:ptr, val3:hex32)
  when op & 0x7f FUTEX_WAIT: (uaddr, op, val, utime:timespec)
  when op & 0x7f FUTEX_WAIT_BITSET: (uaddr, op, val, utime:timespec, val3:futex_bitset at 5)
  when op & 0x7f FUTEX_WAKE FUTEX_FD: (uaddr, op, val)
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
sched_getscheduler (pid:pid) -> noted_sched_policy
sched_setscheduler (pid:pid, policy:sched_policy, param:sched_param)
sched_get_priority_max sched_get_priority_min (policy:enum sched_policy)
sched_rr_get_interval (pid:pid, interval:out timespec)
sched_getattr (pid:pid, uattr:out sched_attr, size:uint, flags:uint)
sched_setattr (pid:pid, uattr:sched_setting, flags:uint)
unshare (unshare_flags:flags unshare_flags)
setns (fd:fd, flags:flags setns_types)
getcpu (cpup:out &uint, nodep:out &uint, unused:ptr)
pidfd_open (pid:pid, flags:flags pidfd_open_flags) -> fd
pidfd_getfd (pidfd:fd, fd:int, flags:hex32) -> fd
pidfd_send_signal (pidfd:fd, sig:signal, info:siginfo, flags:flags pidfd_send_signal_flags)
restart_syscall (call:resumed)
