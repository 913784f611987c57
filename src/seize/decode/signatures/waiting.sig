# Waiting for descriptors
poll (fds:pollfds[nfds], nfds:uint, timeout:int) -> poll_result
ppoll (fds:pollfds[nfds], nfds:uint, tsp:timespec, sigmask:sigset[sigsetsize], sigsetsize:size) -> poll_result timespec
select (n:int, inp:fdset[n], outp:fdset[n], exp:fdset[n], tvp:timeval) -> select_result timeval
pselect6 (n:int, inp:fdset[n], outp:fdset[n], exp:fdset[n], tsp:timespec, sig:sigset_pair) -> select_result timespec
epoll_create (size:int) -> fd
epoll_create1 (flags:flags epoll_create_flags) -> fd
epoll_ctl (epfd:fd, op:enum epoll_op, fd:fd, event:epoll_event)
  when op EPOLL_CTL_DEL: (epfd, op, fd, event:ptr)
epoll_wait (epfd:fd, events:out array[ret] epoll_event, maxevents:int, timeout:int)
epoll_pwait (epfd:fd, events:out array[ret] epoll_event, maxevents:int, timeout:int, sigmask:sigset[sigsetsize], sigsetsize:size)
epoll_pwait2 (epfd:fd, events:out array[ret] epoll_event, maxevents:int, timeout:timespec64, sigmask:sigset[sigsetsize], sigsetsize:size)
epoll_ctl_old epoll_wait_old (arg0:hex, arg1:hex, arg2:hex, arg3:hex)
eventfd (count:uint) -> fd
eventfd2 (count:uint, flags:flags eventfd_flags) -> fd
io_setup (nr_events:uint, ctxp:out &hex)
io_destroy (ctx:ptr)
io_submit (ctx:ptr, nr:long, iocbpp:iocbs[nr])
io_cancel (ctx:ptr, iocb:iocb, result:out io_event)
io_getevents (ctx:ptr, min_nr:long, nr:long, events:out array[ret] io_event, timeout:timespec)
io_pgetevents (ctx:ptr, min_nr:long, nr:long, events:out array[ret] io_event, timeout:timespec, usig:sigset_pair)
