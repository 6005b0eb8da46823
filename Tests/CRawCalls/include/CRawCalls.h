#pragma once
#include <sys/types.h>

/// System calls that glibc wraps in more than the call, or not at all. Each returns 0, or the errno.

/// Call `number` with four arguments, and zeros after them. See syscall(2).
int raw_call(long number, const long arguments[4]);

/// Runs a program in the place of this one. See execve(2).
int raw_exec(const char *path);

/// Starts a child and ends it at once. See fork(2).
int raw_fork(void);

/// Whether a core may be dumped and the process traced. See PR_GET_DUMPABLE(2const).
int raw_dumpable(void);

/// Blocks every signal of the calling thread. See pthread_sigmask(3).
void raw_block_signals(void);

/// Gives up every capability of the calling thread alone. See capset(2).
int raw_drop_capabilities(void);

/// Opens a process for reading and writing its memory. See proc_pid_mem(5).
int raw_open_memory_for_writing(pid_t process);

/// Opens a netlink socket of this protocol. See netlink(7).
int raw_open_netlink(int protocol);

/// Makes and waits on a timerfd, a signalfd, an inotify and an epoll descriptor.
int raw_wait_for_descriptors(void);

/// Makes a unix stream socket that every user may connect to. Returns a descriptor, or -1.
int raw_listen(const char *path);

/// Connects to a unix stream socket, sends one byte.
int raw_connect(const char *path);

/// Whether a link or a file can be read to the end. See readlink(2), read(2).
int raw_read_link(const char *path);
int raw_read_file(const char *path);

/// Looks a host name up. See getaddrinfo(3).
int raw_resolve(const char *name);

/// Loads a shared library. See dlopen(3).
int raw_load_library(const char *name);

/// Starts a program that is found on PATH. `output` becomes the reading end of its standard output, which no other
/// child inherits. Returns its pid, or a negative errno. See posix_spawn(3).
pid_t raw_spawn(char *const command[], int *output);
