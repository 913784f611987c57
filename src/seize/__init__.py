"""Linux process tracing: the whole of ptrace(2), an event loop, and tools upon it."""
