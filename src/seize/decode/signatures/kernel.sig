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
seccomp (op:enum seccomp_op, flags:hex32, uargs:ptr)
  when op SECCOMP_SET_MODE_FILTER: (op, flags:flags seccomp_filter_flags, uargs:seccomp_fprog)
  when op SECCOMP_GET_NOTIF_SIZES: (op, flags, uargs:out seccomp_notif_sizes)
  when op SECCOMP_GET_ACTION_AVAIL: (op, flags, uargs:&enum seccomp_action)
bpf (cmd:enum bpf_cmd, attr:ptr, size:uint)
  when cmd BPF_MAP_CREATE: (cmd, attr:bpf_map_create[size], size) -> fd
  when cmd BPF_MAP_LOOKUP_ELEM BPF_MAP_LOOKUP_AND_DELETE_ELEM: (cmd, attr:bpf_map_lookup[size], size)
  when cmd BPF_MAP_UPDATE_ELEM: (cmd, attr:bpf_map_update[size], size)
  when cmd BPF_MAP_DELETE_ELEM: (cmd, attr:bpf_map_delete[size], size)
  when cmd BPF_MAP_GET_NEXT_KEY: (cmd, attr:bpf_map_next_key[size], size)
  when cmd BPF_MAP_FREEZE: (cmd, attr:bpf_map_freeze[size], size)
  when cmd BPF_MAP_LOOKUP_BATCH BPF_MAP_LOOKUP_AND_DELETE_BATCH: (cmd, attr:inout bpf_batch[size] bpf_lookup_batch, size)
  when cmd BPF_MAP_UPDATE_BATCH: (cmd, attr:inout bpf_batch[size] bpf_update_batch, size)
  when cmd BPF_MAP_DELETE_BATCH: (cmd, attr:inout bpf_batch[size] bpf_delete_batch, size)
  when cmd BPF_PROG_LOAD: (cmd, attr:inout bpf_prog_load[size], size) -> fd
  when cmd BPF_OBJ_PIN: (cmd, attr:bpf_obj[size], size)
  when cmd BPF_OBJ_GET: (cmd, attr:bpf_obj[size], size) -> fd
  when cmd BPF_PROG_ATTACH: (cmd, attr:bpf_prog_attach[size], size)
  when cmd BPF_PROG_DETACH: (cmd, attr:bpf_prog_detach[size], size)
  when cmd BPF_PROG_TEST_RUN: (cmd, attr:inout bpf_test_run[size], size)
  when cmd BPF_PROG_GET_NEXT_ID BPF_MAP_GET_NEXT_ID BPF_BTF_GET_NEXT_ID BPF_LINK_GET_NEXT_ID: (cmd, attr:inout bpf_next_id[size], size)
  when cmd BPF_PROG_GET_FD_BY_ID: (cmd, attr:bpf_prog_by_id[size], size) -> fd
  when cmd BPF_MAP_GET_FD_BY_ID: (cmd, attr:bpf_map_by_id[size], size) -> fd
  when cmd BPF_BTF_GET_FD_BY_ID: (cmd, attr:bpf_btf_by_id[size], size) -> fd
  when cmd BPF_LINK_GET_FD_BY_ID: (cmd, attr:bpf_link_by_id[size], size) -> fd
  when cmd BPF_OBJ_GET_INFO_BY_FD: (cmd, attr:inout bpf_obj_info[size], size)
  when cmd BPF_PROG_QUERY: (cmd, attr:inout bpf_prog_query[size], size)
  when cmd BPF_RAW_TRACEPOINT_OPEN: (cmd, attr:bpf_raw_tracepoint[size], size) -> fd
  when cmd BPF_BTF_LOAD: (cmd, attr:inout bpf_btf_load[size], size) -> fd
  when cmd BPF_TASK_FD_QUERY: (cmd, attr:inout bpf_fd_query[size], size)
  when cmd BPF_LINK_CREATE: (cmd, attr:bpf_link_create[size], size) -> fd
  when cmd BPF_LINK_UPDATE: (cmd, attr:bpf_link_update[size], size)
  when cmd BPF_ENABLE_STATS: (cmd, attr:bpf_enable_stats[size], size) -> fd
  when cmd BPF_ITER_CREATE: (cmd, attr:bpf_iter_create[size], size) -> fd
  when cmd BPF_LINK_DETACH: (cmd, attr:bpf_link_detach[size], size)
  when cmd BPF_PROG_BIND_MAP: (cmd, attr:bpf_prog_bind_map[size], size)
  when cmd BPF_TOKEN_CREATE: (cmd, attr:bpf_token_create[size], size) -> fd
  when cmd BPF_PROG_STREAM_READ_BY_FD: (cmd, attr:bpf_stream_read[size], size)
  when cmd BPF_PROG_ASSOC_STRUCT_OPS: (cmd, attr:bpf_assoc_struct_ops[size], size)
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
