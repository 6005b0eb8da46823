import Glibc

extension SyscallFilter {
  /// What the agent may call after its sources are open. A call that no row names fails with ENOSYS, or with the
  /// error that `answers` holds, and is counted: libraries change their calls with every update, and a killed agent
  /// is a blind host.
  ///
  /// Killed is what only an intruder calls. Rows of one call exclude each other, so their order has no meaning.
  public static func agent() -> SyscallFilter { agent(processID: getpid()) }

  /// - Parameter processID: whose threads may be signalled.
  static func agent(processID: Int32) -> SyscallFilter {
    SyscallFilter(
      rules: files + waiting + sockets + memory + threads(processID: processID) + clocks + ownState
        + intrusion,
      answers: [
        "clone": EPERM, "ioctl": EPERM, "mmap": EPERM, "mprotect": EPERM, "prctl": EPERM, "prlimit64": EPERM,
        "rt_sigaction": EPERM, "socket": EAFNOSUPPORT, "tgkill": EPERM,
      ])
  }

  // MARK: Files

  private static var files: [SyscallRule] {
    [
      .allow(
        "openat", "openat2", "open", "close", because: "files of /proc, cgroups, containers, configuration"),
      .allow(
        "read", "pread64", "readv", "preadv", "write", "pwrite64", "writev", "pwritev", "lseek",
        because: "open files, sockets, pipes"),
      .allow(
        "fstat", "newfstatat", "stat", "lstat", "statx", "statfs", "fstatfs", "access", "faccessat",
        "faccessat2",
        "readlink", "readlinkat", "getdents64", "getcwd", "name_to_handle_at",
        because: "what a file is; links and lists of /proc"),
      .allow(
        "getxattr", "lgetxattr", "fgetxattr", because: "file capabilities of programs that the host runs"),
      .allow(
        "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "ftruncate",
        "fallocate", "fsync", "fdatasync", "sync_file_range", "flock", "chmod", "fchmod", "fchmodat", "umask",
        because: "the journal, alert files and sockets, in the agent's own directories"),
      .allow("fcntl", "dup", "dup2", "dup3", "fadvise64", because: "flags and hints of open files"),
      .allow("pipe", "pipe2", because: "wake-ups inside libraries"),
    ]
      + [TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX].map {
        .allow(
          "ioctl", where: [.int(1, is: Int32(truncatingIfNeeded: $0))],
          because: "is it a terminal; bytes waiting; modes of a descriptor")
      }
      // TCGETS2, by which newer C libraries ask.
      + [.allow("ioctl", where: [.int(1, is: Int32(bitPattern: 0x802C_542A))], because: "is it a terminal")]
      // NS_GET_USERNS, NS_GET_PARENT, NS_GET_NSTYPE, NS_GET_OWNER_UID; see ioctl_nsfs(2).
      + [0xB701, 0xB702, 0xB703, 0xB704].map {
        .allow("ioctl", where: [.int(1, is: $0)], because: "what a namespace belongs to")
      }
  }

  private static var waiting: [SyscallRule] {
    [
      .allow(
        "poll", "ppoll", "select", "pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait",
        "epoll_pwait2", because: "sources, engine and sinks wait for descriptors"),
      .allow("eventfd2", "signalfd4", because: "one thread wakes another; SIGINT and SIGTERM"),
      .allow(
        "inotify_init1", "inotify_add_watch", "inotify_rm_watch",
        because: "configuration, rules, cgroups and account files change"),
      .allow("fanotify_mark", because: "new inode marks on the group that was opened with privilege"),
    ]
  }

  // MARK: Sockets

  private static var sockets: [SyscallRule] {
    [AF_UNIX, AF_INET, AF_INET6].map {
      .allow("socket", where: [.int(0, is: $0)], because: "syslog, HTTP, RELP; the control socket")
    }
      // NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_CONNECTOR; not audit, nftables, xfrm.
      + [0, 4, 11].map {
        .allow(
          "socket", where: [.int(0, is: AF_NETLINK), .int(2, is: $0)],
          because: "addresses for the resolver, sockets of the host, processes")
      }
      + [
        .allow(
          "socketpair", "connect", "bind", "listen", "accept", "accept4", "getsockname", "getpeername",
          "getsockopt", "setsockopt", "shutdown", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg",
          "recvmmsg",
          because: "sinks, metrics, control socket, netlink; sendmmsg is the resolver's")
      ]
  }

  // MARK: Memory and threads

  private static var memory: [SyscallRule] {
    [
      .allow("brk", "munmap", "mremap", "madvise", because: "the allocator and thread stacks"),
      .allow("mmap", where: [.bits(2, of: PROT_EXEC, are: 0)], because: "memory and files that hold no code"),
      .allow(
        "mmap",
        where: [.bits(2, of: PROT_EXEC | PROT_WRITE, are: PROT_EXEC), .bits(3, of: MAP_ANONYMOUS, are: 0)],
        because: "a name service or sink library is loaded late: code from a file, never writable"),
      .allow(
        "mprotect", where: [.bits(2, of: PROT_EXEC, are: 0)],
        because: "the allocator; relocations of libraries"),
    ]
  }

  private static func threads(processID: Int32) -> [SyscallRule] {
    let namespaces = Int32(bitPattern: newNamespace.reduce(0) { $0 | $1.flag })
    let thread: Int32 = 0x1_0000  // CLONE_THREAD
    return [
      .allow(
        "clone", where: [.bits(0, of: thread | namespaces, are: thread)], because: "a thread of the agent"),
      .fail(
        "clone", with: EPERM, where: [.bits(0, of: thread | namespaces, are: 0)],
        because: "the agent has no child processes"),
      .fail("fork", "vfork", with: EPERM, because: "the agent has no child processes"),
      .fail(
        "clone3", with: ENOSYS,
        because: "its flags lie in memory, where no filter sees them; glibc then takes clone"),
      .allow(
        "futex", "set_robust_list", "rseq", "set_tid_address", "membarrier", "exit", "exit_group", "gettid",
        "restart_syscall", because: "threads and locks"),
      .allow(
        "sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_getscheduler", "sched_setscheduler",
        "sched_getparam", "sched_setparam", "sched_getattr", "sched_setattr", "sched_get_priority_max",
        "sched_get_priority_min", "getpriority", "setpriority", "getcpu",
        because: "the main thread leaves SCHED_FIFO; readers and sinks set their nice value"),
      .allow(
        "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "rt_sigsuspend", "pause", "sigaltstack",
        because: "signals, and the return from the handler that counts refused calls"),
      .allow(
        "rt_sigaction", where: [.word(0, isNot: UInt64(SIGSYS))],
        because: "handlers, but for the counting one"),
      .allow("tgkill", where: [.int(0, is: processID)], because: "abort and signals to own threads"),
    ]
  }

  // MARK: Clocks and own state

  private static var clocks: [SyscallRule] {
    [
      .allow(
        "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
        "timerfd_create",
        "timerfd_settime", "timerfd_gettime", "times", "getrusage", because: "stamps, pauses, own CPU use"),
      .allow("getrandom", because: "hash seeds, uuids, TLS"),
    ]
  }

  private static var ownState: [SyscallRule] {
    [
      .allow(
        "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups",
        "getpgrp", "getpgid", "getsid", "capget", "uname", "sysinfo", because: "who and where the agent is"),
      .allow("pidfd_open", because: "learn that a process ended"),
      .allow("prlimit64", where: [.int(0, is: 0)], because: "own limits, not another process's"),
      .allow(
        "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
        because: "a sink thread gives up the file system as it starts"),
    ]
      // PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_SET_TIMERSLACK,
      // PR_GET_TIMERSLACK, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_VMA.
      + [3, 15, 16, 21, 23, 29, 30, 38, 39, 0x5356_4D41].map {
        .allow("prctl", where: [.int(0, is: $0)], because: "thread names, own state; nothing that gives")
      }
  }

  // MARK: What only an intruder calls

  /// The flags of clone(2) that make a namespace; CLONE_NEWTIME is known to clone3 and unshare only.
  private static var newNamespace: [(name: String, flag: UInt32)] {
    [
      ("mount", 0x0002_0000), ("cgroup", 0x0200_0000), ("uts", 0x0400_0000), ("ipc", 0x0800_0000),
      ("user", 0x1000_0000), ("pid", 0x2000_0000), ("network", 0x4000_0000),
    ]
  }

  private static var intrusion: [SyscallRule] {
    [
      .kill("execve", "execveat", because: "nothing in the agent executes a program"),
      .kill(
        "ptrace", "process_vm_writev", "pidfd_getfd",
        because: "cap_sys_ptrace is there to look; with these it would take processes over"),
      .kill("bpf", "perf_event_open", "userfaultfd", because: "the way into the kernel"),
      .kill(
        "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load",
        because: "another kernel"),
      .kill(
        "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
        "mount_setattr", "pivot_root", "chroot", because: "another view of the files"),
      .kill("setns", "unshare", because: "another view of the host, or capabilities in a user namespace"),
    ]
      + newNamespace.map { namespace in
        let flag = Int32(bitPattern: namespace.flag)
        return .kill(
          "clone", where: [.bits(0, of: flag, are: flag)], because: "a new \(namespace.name) namespace")
      }
  }
}
