# Sockets
socket (family:enum socket_domain, type:flags socket_type_flags of socket_type 15, protocol:protocol) -> fd
socketpair (family:enum socket_domain, type:flags socket_type_flags of socket_type 15, protocol:protocol, usockvec:out array[2] fd)
bind (fd:fd, umyaddr:sockaddr[addrlen], addrlen:int)
connect (fd:fd, uservaddr:sockaddr[addrlen], addrlen:int)
listen (fd:fd, backlog:int)
accept (fd:fd, upeer_sockaddr:out sockaddr_out[upeer_addrlen], upeer_addrlen:inout addrlen) -> fd
accept4 (fd:fd, upeer_sockaddr:out sockaddr_out[upeer_addrlen], upeer_addrlen:inout addrlen, flags:flags socket_type_flags) -> fd
getsockname getpeername (fd:fd, usockaddr:out sockaddr_out[usockaddr_len], usockaddr_len:inout addrlen)
send (fd:fd, buff:netlink[len], len:size, flags:flags msg_flags)
recv (fd:fd, ubuf:out received[size], size:size, flags:flags msg_flags)
sendto (fd:fd, buff:netlink[len], len:size, flags:flags msg_flags, addr:sockaddr[addr_len], addr_len:int)
recvfrom (fd:fd, ubuf:out received[size], size:size, flags:flags msg_flags, addr:out sockaddr_out[addr_len], addr_len:inout addrlen)
sendmsg (fd:fd, msg:msghdr, flags:flags msg_flags)
recvmsg (fd:fd, msg:inout msghdr_out, flags:flags msg_flags)
sendmmsg (fd:fd, mmsg:inout mmsghdr[vlen], vlen:uint, flags:flags msg_flags)
recvmmsg (fd:fd, mmsg:inout mmsghdr_out[vlen], vlen:uint, flags:flags msg_flags, timeout:timespec) -> recvmmsg_result timespec
shutdown (fd:fd, how:enum shutdown_how)
setsockopt (fd:fd, level:enum sockopt_level, optname:sockopt_name set, optval:sockopt[optlen], optlen:int)
getsockopt (fd:fd, level:enum sockopt_level, optname:sockopt_name get, optval:out sockopt_out[optlen], optlen:inout addrlen)
