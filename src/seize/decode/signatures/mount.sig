# Mounting
mount (dev_name:path, dir_name:path, type:mount_type, flags:mount_flags, data:mount_data)
umount (name:path)
umount2 (name:path, flags:flags umount_flags)
pivot_root (new_root:path, put_old:path)
open_tree (dfd:dirfd, path:path, flags:flags open_tree_flags) -> fd
open_tree_attr (dfd:dirfd, path:path, flags:flags open_tree_flags, uattr:mount_attr[usize], usize:size) -> fd
move_mount (from_dfd:dirfd, from_pathname:path, to_dfd:dirfd, to_pathname:path, flags:flags move_mount_flags)
fsopen (fs_name:str, flags:flags fsopen_flags) -> fd
fsconfig (fs_fd:fd, cmd:enum fsconfig_cmd, key:ptr, value:ptr, aux:int)
  when cmd FSCONFIG_SET_FLAG: (fs_fd, cmd, key:str, value, aux)
  when cmd FSCONFIG_SET_STRING: (fs_fd, cmd, key:str, value:str, aux)
  when cmd FSCONFIG_SET_BINARY: (fs_fd, cmd, key:str, value:hexbytes[aux], aux)
  when cmd FSCONFIG_SET_PATH FSCONFIG_SET_PATH_EMPTY: (fs_fd, cmd, key:str, value:path, aux:dirfd)
  when cmd FSCONFIG_SET_FD: (fs_fd, cmd, key:str, value, aux:fd)
fsmount (fs_fd:fd, flags:flags fsmount_flags, attr_flags:flags mount_attr) -> fd
fspick (dfd:dirfd, path:path, flags:flags fspick_flags) -> fd
mount_setattr (dfd:dirfd, path:path, flags:flags mount_setattr_flags, uattr:mount_attr[usize], usize:size)
statmount (req:mnt_id_req, buf:out statmount, bufsize:size, flags:hex32)
listmount (req:listmount_req, mnt_ids:out array[ret] hex64, nr_mnt_ids:size, flags:flags listmount_flags)
listns (req:ns_id_req, ns_ids:out array[ret] u64, nr_ns_ids:size, flags:hex32)
