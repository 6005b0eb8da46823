import Events
import Model

extension FieldRegistry {
  /// `proc.*` about the executable's file.
  static let procExe: [Field] = [
    Field(
      "proc.is_exe_writable", .bool,
      "The process's user may write to the executable's file, or change who may; root always may.",
      needs: [.exeFile, .users, .credentials, .supplementaryGroups]
    ) { $2.flag($0.row?.mayWriteProgram) },
    Field(
      "proc.is_exe_upper_layer", .bool,
      "The executable is in the upper layer of an overlay: it is not part of the container's image.",
      needs: [.exe, .exeLayer]
    ) { $2.flag(($0.row?.details?.exeLayer).map { $0 == .upper }) },
    Field(
      "proc.is_exe_lower_layer", .bool, "The executable is in a lower layer of an overlay.",
      needs: [.exe, .exeLayer]
    ) { $2.flag(($0.row?.details?.exeLayer).map { $0 == .lower }) },
    Field("proc.is_exe_from_memfd", .bool, "The executable is a memory file that has no path.", needs: .exe) {
      facts, _, values in
      guard let path = facts.row?.exePath else { return }
      values.flag(path.starts(with: "/memfd:".utf8))
    },
    Field("proc.is_exe_deleted", .bool, "The executable's file was removed.", needs: .exe) {
      facts, _, values in
      guard let path = facts.row?.exePath else { return }
      let suffix = " (deleted)".utf8
      values.flag(path.count > suffix.count && path.suffix(suffix.count).elementsEqual(suffix))
    },
    Field("proc.exe_ino", .int64, "Inode number of the executable's file.", needs: .exeFile) {
      $2.number($0.row?.details?.exeFile?.inode)
    },
    Field(
      "proc.exe_ino.ctime", .abstime, "Last change of the executable's inode: nanoseconds since 1970 UTC.",
      needs: .exeFile
    ) { $2.number($0.row?.details?.exeFile?.changed) },
    Field(
      "proc.exe_ino.mtime", .abstime, "Last change of the executable's content: nanoseconds since 1970 UTC.",
      needs: .exeFile
    ) { $2.number($0.row?.details?.exeFile?.modified) },
    Field(
      "proc.exe_ino.ctime_duration_proc_start", .abstime,
      "Nanoseconds from the last change of the executable's inode to the process's start; no value when it is later.",
      needs: .exeFile
    ) { facts, _, values in
      guard let row = facts.row, let changed = row.details?.exeFile?.changed else { return }
      let start = facts.start(of: row)
      if changed <= start { values.number(start - changed) }
    },
    Field(
      "proc.exe_ino.ctime_duration_pidns_start", .abstime,
      "Nanoseconds from the start of the pid namespace to the last change of the executable's inode; no value when that "
        + "is older.", needs: [.exeFile, .namespace(.pid), .credentials, .cgroup]
    ) { facts, _, values in
      guard let changed = facts.row?.details?.exeFile?.changed, let start = facts.pidNamespaceStart else {
        return
      }
      if start <= changed { values.number(changed - start) }
    },
    Field(
      "proc.pidns_init_start_ts", .uint64,
      "Start of the first process of the pid namespace: nanoseconds since 1970 UTC.",
      needs: [.namespace(.pid), .credentials, .cgroup]
    ) { $2.number($0.pidNamespaceStart) },
    .forAlerts(
      "proc.exe_sha256", .charbuf,
      "SHA-256 of the executable, as hexadecimal digits: for outputs alone, which wait for it a fifth of a second at "
        + "most. No value when the process had ended, or when the file is too large or on a server.",
      needs: [.exe, .exeHash]
    ) { facts, _, values in
      if facts.row != nil { values.text(facts.host.hashMark) }
    },
  ]
}

extension ProcessRow {
  /// Whether the process may write to its program's file as the permissions stand; `nil` when one of them is not known.
  fileprivate var mayWriteProgram: Bool? {
    guard let file = details?.exeFile, let users, let groups, let capabilities else { return nil }
    let (overridesPermissions, ownsAll): (UInt64, UInt64) = (1 << 1, 1 << 3)
    if capabilities.effective & (overridesPermissions | ownsAll) != 0 { return true }
    // Whoever owns it may change its permissions.
    if file.owner == users.fileSystem { return true }
    if file.group == groups.fileSystem || details?.supplementaryGroups?.contains(file.group) == true {
      return file.mode & 0o020 != 0
    }
    return file.mode & 0o002 != 0
  }
}

extension LiveFacts {
  /// When a process started, in nanoseconds since 1970 UTC, in steps of a clock tick.
  func start(of row: ProcessRow) -> UInt64 { event.time &- age(of: row) }

  /// The flags of an exec as Falco words them, joined by '|'; nothing when the program is not known.
  var programFlags: String? {
    guard let row, let path = row.exePath else { return nil }
    var flags: [String] = []
    if row.mayWriteProgram == true { flags.append("EXE_WRITABLE") }
    if row.details?.exeLayer == .upper { flags.append("EXE_UPPER_LAYER") }
    if path.starts(with: "/memfd:".utf8) { flags.append("EXE_FROM_MEMFD") }
    if row.details?.exeLayer == .lower { flags.append("EXE_LOWER_LAYER") }
    return flags.isEmpty ? "0" : flags.joined(separator: "|")
  }

  /// When the first process of the process's pid namespace started; `nil` when that process is not known.
  fileprivate var pidNamespaceStart: UInt64? {
    guard let row, row.namespaces.pid != 0 else { return nil }
    if let first = ([row] + ancestors).first(where: {
      $0.virtualPID == 1 && $0.namespaces.pid == row.namespaces.pid
    }) {
      return start(of: first)
    }
    if model.isHost(.pid, of: row) == true { return model.table.row(1).map { start(of: $0) } }
    guard let reference = model.reference(of: event.container),
      reference.namespaces.pid == row.namespaces.pid
    else { return nil }
    return model.table.row(reference.pid).map { start(of: $0) }
  }
}
