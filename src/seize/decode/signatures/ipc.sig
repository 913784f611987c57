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
