# System calls that x86_64 has differently.
set_thread_area (u_info:user_desc)
get_thread_area (u_info:inout user_desc out)
