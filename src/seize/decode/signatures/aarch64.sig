# System calls that aarch64 has differently: clone's last two arguments, and its name of fstatat.
clone (=child_stack:ptr at 1, =flags:clone_flags at 0, =parent_tid:out &int at 2, =tls:out ptr at 3, =child_tidptr:out ptr at 4) -> pid
  when flags & 0x1381000 @clone
