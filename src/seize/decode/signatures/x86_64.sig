# System calls that x86_64 has differently.
