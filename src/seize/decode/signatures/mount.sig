# Mounting
mount (dev_name:path, dir_name:path, type:str, flags:flags mount_flags long, data:str)
umount (name:path)
umount2 (name:path, flags:flags umount_flags)
pivot_root (new_root:path, put_old:path)
open_tree (dfd:dirfd, path:path, flags:flags open_tree_flags) -> fd
open_tree_attr (dfd:dirfd, path:path, flags:flags open_tree_flags, uattr:ptr, usize:size) -> fd
move_mount (from_dfd:dirfd, from_pathname:path, to_dfd:dirfd, to_pathname:path, flags:flags move_mount_flags)
fsopen (fs_name:str, flags:flags fsopen_flags) -> fd
fsconfig (fs_fd:fd, cmd:enum fsconfig_cmd, key:str, value:ptr, aux:int)
  when cmd FSCONFIG_SET_STRING: (fs_fd, cmd, key, value:str, aux)
fsmount (fs_fd:fd, flags:flags fsmount_flags, attr_flags:flags mount_attr) -> fd
fspick (dfd:dirfd, path:path, flags:flags fspick_flags) -> fd
mount_setattr (dfd:dirfd, path:path, flags:flags mount_setattr_flags, uattr:mount_attr, usize:size)
statmount (req:ptr, buf:ptr, bufsize:size, flags:hex32)
listmount (req:ptr, mnt_ids:ptr, nr_mnt_ids:size, flags:hex32)
listns (req:ptr, ns_ids:ptr, nr_ns_ids:size, flags:hex32)
