# Interfaces of the kernel: tracing, filters, keys, rings
io_uring_setup (entries:uint, params:ptr) -> fd
io_uring_enter (fd:fd, to_submit:uint, min_complete:uint, flags:flags io_uring_enter_flags, argp:ptr, argsz:size)
io_uring_register (fd:fd, opcode:enum io_uring_register_op, arg:ptr, nr_args:uint)
userfaultfd (flags:flags userfaultfd_flags) -> fd
rseq (rseq:ptr, rseq_len:hex32, flags:hex32, sig:hex32)
rseq_slice_yield ()
kcmp (pid1:pid, pid2:pid, type:enum kcmp_type, idx1:ulong, idx2:ulong)
  when type KCMP_FILE: (pid1, pid2, type, idx1:int, idx2:int)
  when type KCMP_FILES KCMP_FS KCMP_IO KCMP_SIGHAND KCMP_SYSVSEM KCMP_VM: (pid1, pid2, type)
membarrier (cmd:enum membarrier_cmd, flags:flags membarrier_flags, cpu_id:int if flags & MEMBARRIER_CMD_FLAG_CPU)
  when cmd MEMBARRIER_CMD_QUERY: (cmd, flags) -> noted_mask membarrier_cmd
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
