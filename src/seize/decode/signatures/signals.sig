# Signals
kill (pid:pid, sig:signal)
tkill (pid:pid, sig:signal)
tgkill (tgid:pid, pid:pid, sig:signal)
rt_sigaction (sig:signal, act:sigaction, oact:out sigaction, sigsetsize:size)
rt_sigprocmask (how:enum sigprocmask_how, nset:sigset[sigsetsize], oset:out sigset[sigsetsize], sigsetsize:size)
rt_sigpending (uset:out sigset[sigsetsize] part, sigsetsize:size)
rt_sigsuspend (unewset:sigset[sigsetsize], sigsetsize:size)
rt_sigtimedwait (uthese:sigset[sigsetsize], uinfo:out siginfo, uts:timespec, sigsetsize:size) -> noted_signal
rt_sigqueueinfo (pid:pid, sig:signal, uinfo:siginfo)
rt_tgsigqueueinfo (tgid:pid, pid:pid, sig:signal, uinfo:siginfo)
rt_sigreturn (frame:signal_frame rt) -> long
sigaltstack (uss:sigaltstack, uoss:out sigaltstack)
signalfd (ufd:fd, user_mask:sigset[sizemask], sizemask:size) -> fd
signalfd4 (ufd:fd, user_mask:sigset[sizemask], sizemask:size, flags:flags signalfd_flags) -> fd
alarm (seconds:uint)
signal (sig:signal, handler:handler) -> noted_handler
sgetmask () -> noted_sigmask mask
ssetmask (newmask:sigmask) -> noted_sigmask old mask
