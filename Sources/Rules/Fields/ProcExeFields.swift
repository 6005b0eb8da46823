import Events
import Model

extension FieldRegistry {
  /// `proc.*` about the executable's file.
  static let procExe: [Field] = [
    Field("proc.is_exe_writable", .bool, "The process's user may write to the executable's file."),
    Field(
      "proc.is_exe_upper_layer", .bool,
      "The executable is in the upper layer of an overlay: it is not part of the container's image."),
    Field("proc.is_exe_lower_layer", .bool, "The executable is in a lower layer of an overlay."),
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
    Field("proc.exe_ino", .int64, "Inode number of the executable's file."),
    Field(
      "proc.exe_ino.ctime", .abstime, "Last change of the executable's inode: nanoseconds since 1970 UTC."),
    Field(
      "proc.exe_ino.mtime", .abstime, "Last change of the executable's content: nanoseconds since 1970 UTC."),
    Field(
      "proc.exe_ino.ctime_duration_proc_start", .abstime,
      "Nanoseconds from the last change of the executable's inode to the process's start."),
    Field(
      "proc.exe_ino.ctime_duration_pidns_start", .abstime,
      "Nanoseconds from the start of the pid namespace to the last change of the executable's inode."),
    Field("proc.pidns_init_start_ts", .uint64, "Start of the pid namespace: nanoseconds since 1970 UTC."),
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
