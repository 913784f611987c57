"""The debugger behind the GDB remote serial protocol: what gdb and lldb connect to."""
