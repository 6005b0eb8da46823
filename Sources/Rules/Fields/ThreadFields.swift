import Events
import Model

extension FieldRegistry {
  /// `thread.*`: live events are about processes, so a thread is its process.
  static let thread: [Field] = [
    Field("thread.tid", .int64, "Thread id: the process id, since live events are about processes.") {
      $2.number($0.row?.pid)
    },
    Field("thread.ismain", .bool, "The thread is the process's first.") { $2.flag($0.row.map { _ in true }) },
    Field("thread.vtid", .int64, "Thread id in the process's own pid namespace.", needs: .credentials) {
      $2.number($0.row?.virtualPID)
    },
    Field(
      "thread.cap_permitted", .charbuf, "Permitted capabilities, as CAP_… names joined by blanks.",
      needs: .credentials
    ) { $2.capabilities($0.row?.capabilities?.permitted) },
    Field(
      "thread.cap_inheritable", .charbuf, "Inheritable capabilities, as CAP_… names joined by blanks.",
      needs: .credentials
    ) { $2.capabilities($0.row?.capabilities?.inheritable) },
    Field(
      "thread.cap_effective", .charbuf, "Effective capabilities, as CAP_… names joined by blanks.",
      needs: .credentials
    ) { $2.capabilities($0.row?.capabilities?.effective) },
    Field(
      "thread.cap_bounding", .charbuf, "Bounding set of capabilities, as CAP_… names joined by blanks.",
      needs: .credentials
    ) { $2.capabilities($0.row?.capabilities?.bounding) },
    Field(
      "thread.cap_ambient", .charbuf, "Ambient capabilities, as CAP_… names joined by blanks.",
      needs: .credentials
    ) { $2.capabilities($0.row?.capabilities?.ambient) },
    Field("thread.pfmajor", .uint64, "Major page faults since the start."),
    Field("thread.pfminor", .uint64, "Minor page faults since the start."),
    Field("thread.exectime", .reltime, "Nanoseconds of CPU since the thread was last scheduled."),
    Field("thread.totexectime", .reltime, "Nanoseconds of CPU since the start of the capture."),
    Field(
      "thread.cgroups", .charbuf,
      "Cgroups of all controllers, as controller=path joined by blanks; version 2 is =path.",
      needs: .allCgroups
    ) { $2.cgroups(of: $0.row, .none) },
    Field(
      "thread.cgroup", .charbuf,
      "Cgroup of one controller: thread.cgroup.cpu; that of version 2 for those that version 1 has not.",
      argument: .dottedKey, needs: .allCgroups
    ) { $2.cgroups(of: $0.row, $1) },
    Field("thread.cpu", .double, "CPU in the last second, in per cent."),
    Field("thread.cpu.user", .double, "CPU in user mode in the last second, in per cent."),
    Field("thread.cpu.system", .double, "CPU in system mode in the last second, in per cent."),
    Field(
      "thread.vmsize", .uint64, "Virtual memory in kB, for a process's first thread; else 0.", needs: .status
    ) { $2.number($0.row?.details?.memory?.virtual) },
    Field(
      "thread.vmrss", .uint64, "Resident memory in kB, for a process's first thread; else 0.", needs: .status
    ) { $2.number($0.row?.details?.memory?.resident) },
  ]
}

extension Values {
  /// Appends a set of capabilities as names, those unknown to us by number. See capabilities(7).
  mutating func capabilities(_ set: UInt64?) {
    guard let set else { return }
    let start = beginText()
    for bit in 0..<64 where set >> UInt64(bit) & 1 == 1 {
      if beginText() > start { add(UInt8(ascii: " ")) }
      add("CAP_")
      if bit < Self.capabilityNames.count { add(Self.capabilityNames[bit]) } else { add(decimal: bit) }
    }
    endText(start)
  }

  private static let capabilityNames = [
    "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
    "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
    "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
    "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
    "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
    "CHECKPOINT_RESTORE",
  ]
}
