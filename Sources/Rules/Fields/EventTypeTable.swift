/// The event types that conditions may name in `evt.type`, and the parameters of each with their types.
///
/// A table of facts: Falco's system call events, and ours at the end. One event type a line, lines that begin with
/// blanks continue it.
enum EventTypeTable {
  static let withParameters = """
    accept fd:FD tuple:SOCKTUPLE queuepct:UINT8 queuelen:UINT32 queuemax:UINT32
    accept4 fd:FD tuple:SOCKTUPLE queuepct:UINT8 queuelen:UINT32 queuemax:UINT32 flags:INT32
    access res:ERRNO name:FSPATH mode:FLAGS32
    asyncevent plugin_id:UINT32 name:CHARBUF data:BYTEBUF
    bind res:ERRNO addr:SOCKADDR fd:FD
    bpf fd:FD cmd:ENUMFLAGS32
    brk res:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 addr:UINT64
    capset res:ERRNO cap_inheritable:UINT64 cap_permitted:UINT64 cap_effective:UINT64
      old_cap_inheritable:UINT64 old_cap_permitted:UINT64 old_cap_effective:UINT64
    chdir res:ERRNO path:CHARBUF
    chmod res:ERRNO filename:FSPATH mode:MODE
    chown res:ERRNO path:FSPATH uid:UINT32 gid:UINT32
    chroot res:ERRNO path:FSPATH
    clone res:PID exe:CHARBUF args:BYTEBUF tid:PID pid:PID ptid:PID cwd:CHARBUF fdlimit:INT64
      pgft_maj:UINT64 pgft_min:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 comm:CHARBUF
      cgroups:BYTEBUF flags:FLAGS32 uid:UINT32 gid:UINT32 vtid:PID vpid:PID pidns_init_start_ts:UINT64
    clone3 res:PID exe:CHARBUF args:BYTEBUF tid:PID pid:PID ptid:PID cwd:CHARBUF fdlimit:INT64
      pgft_maj:UINT64 pgft_min:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 comm:CHARBUF
      cgroups:BYTEBUF flags:FLAGS32 uid:UINT32 gid:UINT32 vtid:PID vpid:PID pidns_init_start_ts:UINT64
    close res:ERRNO fd:FD
    close_range res:ERRNO first:UINT32 last:UINT32 flags:FLAGS32
    connect res:ERRNO tuple:SOCKTUPLE fd:FD addr:SOCKADDR
    container json:CHARBUF
    copy_file_range res:ERRNO fdout:FD offout:UINT64 fdin:FD offin:UINT64 len:UINT64
    cpu_hotplug cpu:UINT32 action:UINT32
    creat fd:FD name:FSPATH mode:UINT32 dev:UINT32 ino:UINT64 creat_flags:FLAGS16
    delete_module res:ERRNO name:CHARBUF flags:FLAGS32
    drop ratio:UINT32
    dup res:FD oldfd:FD
    dup2 res:FD oldfd:FD newfd:FD
    dup3 res:FD oldfd:FD newfd:FD flags:FLAGS32
    epoll_create res:ERRNO size:INT32
    epoll_create1 res:ERRNO flags:FLAGS32
    epoll_wait res:ERRNO maxevents:ERRNO
    eventfd res:FD initval:UINT64 flags:UINT32
    eventfd2 res:FD flags:FLAGS16 initval:UINT64
    execve res:ERRNO exe:CHARBUF args:BYTEBUF tid:PID pid:PID ptid:PID cwd:CHARBUF fdlimit:UINT64
      pgft_maj:UINT64 pgft_min:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 comm:CHARBUF
      cgroups:BYTEBUF env:BYTEBUF tty:UINT32 vpgid:PID loginuid:UID flags:FLAGS32 cap_inheritable:UINT64
      cap_permitted:UINT64 cap_effective:UINT64 exe_ino:UINT64 exe_ino_ctime:ABSTIME exe_ino_mtime:ABSTIME
      uid:UID trusted_exepath:FSPATH pgid:PID gid:GID filename:FSPATH
    execveat res:ERRNO exe:CHARBUF args:BYTEBUF tid:PID pid:PID ptid:PID cwd:CHARBUF fdlimit:UINT64
      pgft_maj:UINT64 pgft_min:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 comm:CHARBUF
      cgroups:BYTEBUF env:BYTEBUF tty:UINT32 vpgid:PID loginuid:UID flags:FLAGS32 cap_inheritable:UINT64
      cap_permitted:UINT64 cap_effective:UINT64 exe_ino:UINT64 exe_ino_ctime:ABSTIME exe_ino_mtime:ABSTIME
      uid:UID trusted_exepath:FSPATH pgid:PID gid:GID
    fchdir res:ERRNO fd:FD
    fchmod res:ERRNO fd:FD mode:MODE
    fchmodat res:ERRNO dirfd:FD filename:FSRELPATH mode:MODE
    fchown res:ERRNO fd:FD uid:UINT32 gid:UINT32
    fchownat res:ERRNO dirfd:FD pathname:FSRELPATH uid:UINT32 gid:UINT32 flags:FLAGS32
    fcntl res:FD fd:FD cmd:ENUMFLAGS8 arg:UINT64
    finit_module res:ERRNO fd:FD uargs:CHARBUF flags:FLAGS32
    flock res:ERRNO fd:FD operation:FLAGS32
    fork res:PID exe:CHARBUF args:BYTEBUF tid:PID pid:PID ptid:PID cwd:CHARBUF fdlimit:INT64 pgft_maj:UINT64
      pgft_min:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 comm:CHARBUF cgroups:BYTEBUF flags:FLAGS32
      uid:UINT32 gid:UINT32 vtid:PID vpid:PID pidns_init_start_ts:UINT64
    fsconfig res:ERRNO fd:FD cmd:ENUMFLAGS32 key:CHARBUF value_bytebuf:BYTEBUF value_charbuf:CHARBUF
      aux:INT32
    fstat res:ERRNO fd:FD
    fstat64 res:ERRNO
    futex res:ERRNO addr:UINT64 op:FLAGS16 val:UINT64
    getcwd res:ERRNO path:CHARBUF
    getdents res:ERRNO fd:FD
    getdents64 res:ERRNO fd:FD
    getegid egid:GID
    geteuid euid:UID
    getgid gid:GID
    getpeername
    getresgid res:ERRNO rgid:GID egid:GID sgid:GID
    getresuid res:ERRNO ruid:UID euid:UID suid:UID
    getrlimit res:ERRNO cur:INT64 max:INT64 resource:ENUMFLAGS8
    getsockname
    getsockopt res:ERRNO fd:FD level:ENUMFLAGS8 optname:ENUMFLAGS8 val:DYNAMIC optlen:UINT32
    getuid uid:UID
    groupadded gid:UINT32 name:CHARBUF container_id:CHARBUF
    groupdeleted gid:UINT32 name:CHARBUF container_id:CHARBUF
    infra source:CHARBUF name:CHARBUF description:CHARBUF scope:CHARBUF
    init_module res:ERRNO img:BYTEBUF length:UINT64 uargs:CHARBUF
    inotify_init res:FD flags:UINT8
    inotify_init1 res:FD flags:FLAGS16
    io_uring_enter res:ERRNO fd:FD to_submit:UINT32 min_complete:UINT32 flags:FLAGS32 sig:SIGSET
    io_uring_register res:ERRNO fd:FD opcode:ENUMFLAGS16 arg:UINT64 nr_args:UINT32
    io_uring_setup res:ERRNO entries:UINT32 sq_entries:UINT32 cq_entries:UINT32 flags:FLAGS32
      sq_thread_cpu:UINT32 sq_thread_idle:UINT32 features:FLAGS32
    ioctl res:ERRNO fd:FD request:UINT64 argument:UINT64
    keyctl res:ERRNO operation:ENUMFLAGS32 arg2:DYNAMIC arg3:DYNAMIC arg4:DYNAMIC arg5:DYNAMIC
    kill res:ERRNO pid:PID sig:SIGTYPE
    lchown res:ERRNO path:FSPATH uid:UINT32 gid:UINT32
    link res:ERRNO oldpath:FSPATH newpath:FSPATH
    linkat res:ERRNO olddir:FD oldpath:FSRELPATH newdir:FD newpath:FSRELPATH flags:FLAGS32
    listen res:ERRNO fd:FD backlog:INT32
    llseek res:ERRNO fd:FD offset:UINT64 whence:ENUMFLAGS8
    lseek res:ERRNO fd:FD offset:UINT64 whence:ENUMFLAGS8
    lstat res:ERRNO path:FSPATH
    lstat64 res:ERRNO path:FSPATH
    memfd_create fd:FD name:CHARBUF flags:FLAGS32
    mkdir res:ERRNO path:FSPATH mode:UINT32
    mkdirat res:ERRNO dirfd:FD path:FSRELPATH mode:UINT32
    mknod res:ERRNO path:FSPATH mode:MODE dev:UINT32
    mknodat res:ERRNO dirfd:FD path:FSRELPATH mode:MODE dev:UINT32
    mlock res:ERRNO addr:UINT64 len:UINT64
    mlock2 res:ERRNO addr:UINT64 len:UINT64 flags:FLAGS32
    mlockall res:ERRNO flags:FLAGS32
    mmap res:ERRNO vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 addr:UINT64 length:UINT64 prot:FLAGS32
      flags:FLAGS32 fd:FD offset:UINT64
    mmap2 res:ERRNO vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 addr:UINT64 length:UINT64 prot:FLAGS32
      flags:FLAGS32 fd:FD pgoffset:UINT64
    mount res:ERRNO dev:CHARBUF dir:FSPATH type:CHARBUF flags:FLAGS32
    mprotect res:ERRNO addr:UINT64 length:UINT64 prot:FLAGS32
    munlock res:ERRNO addr:UINT64 len:UINT64
    munlockall res:ERRNO
    munmap res:ERRNO vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 addr:UINT64 length:UINT64
    nanosleep res:ERRNO interval:RELTIME
    newfstatat res:ERRNO dirfd:FD path:FSRELPATH flags:FLAGS32
    notification id:CHARBUF desc:CHARBUF
    open fd:FD name:FSPATH flags:FLAGS32 mode:UINT32 dev:UINT32 ino:UINT64
    open_by_handle_at fd:FD mountfd:FD flags:FLAGS32 path:FSPATH dev:UINT32 ino:UINT64
    openat fd:FD dirfd:FD name:FSRELPATH flags:FLAGS32 mode:UINT32 dev:UINT32 ino:UINT64
    openat2 fd:FD dirfd:FD name:FSRELPATH flags:FLAGS32 mode:UINT32 resolve:FLAGS32 dev:UINT32 ino:UINT64
    page_fault addr:UINT64 ip:UINT64 error:FLAGS32
    pidfd_getfd fd:FD pid_fd:FD target_fd:FD flags:UINT32
    pidfd_open fd:FD pid:PID flags:FLAGS32
    pipe res:ERRNO fd1:FD fd2:FD ino:UINT64
    pipe2 res:ERRNO fd1:FD fd2:FD ino:UINT64 flags:FLAGS32
    pluginevent plugin_id:UINT32 event_data:BYTEBUF
    poll res:ERRNO fds:FDLIST timeout:INT64
    ppoll res:ERRNO fds:FDLIST timeout:RELTIME sigmask:SIGSET
    prctl res:ERRNO option:ENUMFLAGS32 arg2_str:CHARBUF arg2_int:INT64 old_name:CHARBUF
    pread res:ERRNO data:BYTEBUF fd:FD size:UINT32 pos:UINT64
    preadv res:ERRNO size:UINT32 data:BYTEBUF fd:FD pos:UINT64
    prlimit res:ERRNO newcur:INT64 newmax:INT64 oldcur:INT64 oldmax:INT64 pid:INT64 resource:ENUMFLAGS8
    process_vm_readv res:INT64 pid:PID data:BYTEBUF
    process_vm_writev res:INT64 pid:PID data:BYTEBUF
    procexit status:ERRNO ret:ERRNO sig:SIGTYPE core:UINT8 reaper_tid:PID
    procinfo cpu_usr:UINT64 cpu_sys:UINT64
    ptrace res:ERRNO addr:DYNAMIC data:DYNAMIC request:ENUMFLAGS16 pid:PID tracer:PID
      old_tracer:PID
    pwrite res:ERRNO data:BYTEBUF fd:FD size:UINT32 pos:UINT64
    pwritev res:ERRNO data:BYTEBUF fd:FD size:UINT32 pos:UINT64
    quotactl res:ERRNO special:CHARBUF quotafilepath:CHARBUF dqb_bhardlimit:UINT64 dqb_bsoftlimit:UINT64
      dqb_curspace:UINT64 dqb_ihardlimit:UINT64 dqb_isoftlimit:UINT64 dqb_btime:RELTIME dqb_itime:RELTIME
      dqi_bgrace:RELTIME dqi_igrace:RELTIME dqi_flags:FLAGS8 quota_fmt_out:FLAGS8 cmd:FLAGS16 type:FLAGS8
      id:UINT32 quota_fmt:FLAGS8
    read res:ERRNO data:BYTEBUF fd:FD size:UINT32
    readv res:ERRNO size:UINT32 data:BYTEBUF fd:FD
    recv res:ERRNO data:BYTEBUF fd:FD size:UINT32 tuple:SOCKTUPLE
    recvfrom res:ERRNO data:BYTEBUF tuple:SOCKTUPLE fd:FD size:UINT32
    recvmmsg res:ERRNO fd:FD size:UINT32 data:BYTEBUF tuple:SOCKTUPLE msgcontrol:BYTEBUF
    recvmsg res:ERRNO size:UINT32 data:BYTEBUF tuple:SOCKTUPLE msgcontrol:BYTEBUF fd:FD
    rename res:ERRNO oldpath:FSPATH newpath:FSPATH
    renameat res:ERRNO olddirfd:FD oldpath:FSRELPATH newdirfd:FD newpath:FSRELPATH
    renameat2 res:ERRNO olddirfd:FD oldpath:FSRELPATH newdirfd:FD newpath:FSRELPATH flags:FLAGS32
    rmdir res:ERRNO path:FSPATH
    scapevent event_type:UINT32 event_data:UINT64
    seccomp res:ERRNO op:UINT64 flags:UINT64
    select res:ERRNO
    semctl res:ERRNO semid:INT32 semnum:INT32 cmd:FLAGS16 val:INT32
    semget res:ERRNO key:INT32 nsems:INT32 semflg:FLAGS32
    semop res:ERRNO nsops:UINT32 sem_num_0:UINT16 sem_op_0:INT16 sem_flg_0:FLAGS16 sem_num_1:UINT16
      sem_op_1:INT16 sem_flg_1:FLAGS16 semid:INT32
    send res:ERRNO data:BYTEBUF fd:FD size:UINT32 tuple:SOCKTUPLE
    sendfile res:ERRNO offset:UINT64 out_fd:FD in_fd:FD size:UINT64
    sendmmsg res:ERRNO fd:FD size:UINT32 data:BYTEBUF tuple:SOCKTUPLE
    sendmsg res:ERRNO data:BYTEBUF fd:FD size:UINT32 tuple:SOCKTUPLE
    sendto res:ERRNO data:BYTEBUF fd:FD size:UINT32 tuple:SOCKTUPLE
    setgid res:ERRNO gid:GID
    setns res:ERRNO fd:FD nstype:FLAGS32
    setpgid res:ERRNO pid:PID pgid:PID
    setregid res:ERRNO rgid:UID egid:UID old_rgid:GID old_egid:GID
    setresgid res:ERRNO rgid:GID egid:GID sgid:GID old_rgid:GID old_egid:GID
    setresuid res:ERRNO ruid:UID euid:UID suid:UID old_ruid:UID old_euid:UID
    setreuid res:ERRNO ruid:UID euid:UID old_ruid:UID old_euid:UID
    setrlimit res:ERRNO cur:INT64 max:INT64 resource:ENUMFLAGS8
    setsid res:PID
    setsockopt res:ERRNO fd:FD level:ENUMFLAGS8 optname:ENUMFLAGS8 val:DYNAMIC optlen:UINT32
    setuid res:ERRNO uid:UID old_ruid:UID old_euid:UID
    shutdown res:ERRNO fd:FD how:ENUMFLAGS8
    signaldeliver spid:PID dpid:PID sig:SIGTYPE
    signalfd res:FD fd:FD mask:UINT32 flags:UINT8
    signalfd4 res:FD flags:FLAGS16 fd:FD mask:UINT32
    socket fd:FD domain:ENUMFLAGS32 type:UINT32 proto:UINT32 flags:FLAGS32
    socketpair res:ERRNO fd1:FD fd2:FD source:UINT64 peer:UINT64 domain:ENUMFLAGS32 type:UINT32 proto:UINT32
    splice res:ERRNO fd_in:FD fd_out:FD size:UINT64 flags:FLAGS32
    stat res:ERRNO path:FSPATH
    stat64 res:ERRNO path:FSPATH
    switch next:PID pgft_maj:UINT64 pgft_min:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32
    symlink res:ERRNO target:CHARBUF linkpath:FSPATH
    symlinkat res:ERRNO target:CHARBUF linkdirfd:FD linkpath:FSRELPATH
    tgkill res:ERRNO pid:PID tid:PID sig:SIGTYPE
    timerfd_create res:FD clockid:UINT8 flags:UINT8
    tkill res:ERRNO tid:PID sig:SIGTYPE
    umount res:ERRNO name:FSPATH
    umount2 res:ERRNO name:FSPATH flags:FLAGS32
    unlink res:ERRNO path:FSPATH
    unlinkat res:ERRNO dirfd:FD name:FSRELPATH flags:FLAGS32
    unshare res:ERRNO flags:FLAGS32
    useradded uid:UINT32 gid:UINT32 name:CHARBUF home:CHARBUF shell:CHARBUF container_id:CHARBUF
    userdeleted uid:UINT32 gid:UINT32 name:CHARBUF home:CHARBUF shell:CHARBUF container_id:CHARBUF
    userfaultfd res:ERRNO flags:FLAGS32
    vfork res:PID exe:CHARBUF args:BYTEBUF tid:PID pid:PID ptid:PID cwd:CHARBUF fdlimit:INT64
      pgft_maj:UINT64 pgft_min:UINT64 vm_size:UINT32 vm_rss:UINT32 vm_swap:UINT32 comm:CHARBUF
      cgroups:BYTEBUF flags:FLAGS32 uid:UINT32 gid:UINT32 vtid:PID vpid:PID pidns_init_start_ts:UINT64
    write res:ERRNO data:BYTEBUF fd:FD size:UINT32
    writev res:ERRNO data:BYTEBUF fd:FD size:UINT32
    """

  /// Events of our own.
  static let own = """
    process_seen
    process_changed name:CHARBUF before:CHARBUF after:CHARBUF
    coredump
    tampering reason:CHARBUF
    loss source:CHARBUF reason:CHARBUF count:UINT64
    container_start
    container_stop
    container_seen
    sysctl_changed name:CHARBUF before:CHARBUF after:CHARBUF
    oom_kill count:UINT64 total:UINT64 old_total:UINT64
    pids_limit count:UINT64 total:UINT64 old_total:UINT64
    cpu_throttled percent:DOUBLE old_percent:DOUBLE threshold:DOUBLE
    pressure resource:CHARBUF percent:DOUBLE old_percent:DOUBLE threshold:DOUBLE
    memory_near_limit percent:DOUBLE old_percent:DOUBLE threshold:DOUBLE
    cgroup_created
    cgroup_removed
    cgroup_freeze
    cgroup_thaw
    posture check:CHARBUF finding:CHARBUF
    """

  /// System calls that are known by number alone: their parameters are `ID` and `nativeID`.
  static let withoutParameters = """
    _newselect _sysctl acct add_key adjtimex alarm arch_prctl bdflush cachestat capget clock_adjtime
    clock_getres clock_gettime clock_nanosleep clock_settime create_module epoll_ctl epoll_ctl_old
    epoll_pwait epoll_pwait2 epoll_wait_old exit exit_group faccessat faccessat2 fadvise64 fallocate
    fanotify_init fanotify_mark fchmodat2 fdatasync fgetxattr file_getattr file_setattr flistxattr
    fremovexattr fsetxattr fsmount fsopen fspick fstatat64 fstatfs fstatfs64 fsync ftruncate futex_requeue
    futex_wait futex_waitv futex_wake futimesat get_kernel_syms get_mempolicy get_robust_list
    get_thread_area getcpu getgroups getitimer getpgid getpgrp getpid getpmsg getppid getpriority getrandom
    getrusage getsid gettid gettimeofday getxattr getxattrat idle inotify_add_watch inotify_rm_watch
    io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit ioperm iopl ioprio_get ioprio_set ipc
    kcmp kexec_file_load kexec_load landlock_add_rule landlock_create_ruleset landlock_restrict_self
    lgetxattr listmount listns listxattr listxattrat llistxattr lookup_dcookie lremovexattr lsetxattr
    lsm_get_self_attr lsm_list_modules lsm_set_self_attr madvise map_shadow_stack mbind membarrier
    memfd_secret migrate_pages mincore modify_ldt mount_setattr move_mount move_pages mq_getsetattr
    mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap mseal msgctl msgget msgrcv msgsnd msync
    multiplexer name_to_handle_at nfsservctl nice oldfstat oldlstat oldolduname oldstat olduname open_tree
    open_tree_attr pause pciconfig_iobase pciconfig_read pciconfig_write perf_event_open personality
    pidfd_send_signal pivot_root pkey_alloc pkey_free pkey_mprotect preadv2 process_madvise process_mrelease
    pselect6 pwritev2 query_module quotactl_fd readahead readdir readlink readlinkat reboot remap_file_pages
    removexattr removexattrat request_key restart_syscall riscv_flush_icache riscv_hwprobe rseq
    rseq_slice_yield rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
    rt_sigtimedwait rt_tgsigqueueinfo rtas s390_guarded_storage s390_pci_mmio_read s390_pci_mmio_write
    s390_runtime_instr s390_sthyi sched_get_priority_max sched_get_priority_min sched_getaffinity
    sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr
    sched_setparam sched_setscheduler sched_yield semtimedop set_mempolicy set_mempolicy_home_node
    set_robust_list set_thread_area set_tid_address setdomainname setfsgid setfsuid setgroups sethostname
    setitimer setpriority settimeofday setxattr setxattrat sgetmask shmat shmctl shmdt shmget sigaction
    sigaltstack signal sigpending sigprocmask sigreturn sigsuspend socketcall spu_create spu_run ssetmask
    statfs statfs64 statmount statx stime subpage_prot swapcontext swapoff swapon switch_endian sync
    sync_file_range sync_file_range2 syncfs sys_debug_setcontext sysfs sysinfo syslog tee time timer_create
    timer_delete timer_getoverrun timer_gettime timer_settime timerfd timerfd_gettime timerfd_settime times
    truncate umask uname uprobe uretprobe uselib ustat utime utimensat utimes vhangup vm86 vmsplice wait4
    waitid waitpid
    """
}
