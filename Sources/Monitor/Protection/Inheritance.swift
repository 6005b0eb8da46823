// Unsafe: the environment that the kernel handed over, read before any thread could change it.
import CLinux
import Glibc
import SystemPackage

/// What the process that started the agent left it: descriptors, environment, file mode.
public enum Inheritance {
  /// Sheds what could carry data in or out, or change what a library does. The first thing in `main`: before any
  /// descriptor of the agent's own and any other thread.
  /// - Parameter kept: descriptors that are the agent's by agreement, beside 0, 1 and 2.
  /// - Throws: when /proc/self cannot be read, or a standard descriptor was closed and /dev/null cannot stand in.
  public static func shed(keeping kept: Set<Int32> = []) throws(ProtectionError) -> ProtectionReport {
    var report = ProtectionReport()
    try openStandardDescriptors()
    let closed = try closeDescriptors(except: kept)
    report.done(.descriptors, closed == 0 ? "nothing inherited" : "\(closed) inherited closed")
    let removed = removeVariables()
    report.done(
      .environment, removed.isEmpty ? "nothing removed" : "removed \(removed.joined(separator: ", "))")
    // Alerts name what happens on the host: the owner writes, its group reads, nobody else.
    _ = umask(0o027)
    report.done(.fileMode, "new files are not for others")
    return report
  }

  /// A descriptor below 3 that was closed would be given to the next socket, and a log line written into it.
  private static func openStandardDescriptors() throws(ProtectionError) {
    do {
      while true {
        let null = try FileDescriptor.open(FilePath("/dev/null"), .readWrite, options: .closeOnExec)
        if null.rawValue > 2 {
          try null.close()
          return
        }
      }
    } catch {
      throw .unreadable(path: "/dev/null", error as? Errno ?? .ioError)
    }
  }

  private static func closeDescriptors(except kept: Set<Int32>) throws(ProtectionError) -> Int {
    let inherited = try OwnProc.numbers(in: "/proc/self/fd").filter { $0 > 2 && !kept.contains($0) }
    // That of the listing is closed already, which close(2) says.
    return inherited.filter { close($0) == 0 }.count
  }

  /// - Returns: the names of what was removed.
  private static func removeVariables() -> [String] {
    var removed: [String] = []
    // SAFETY: the list ends with a null pointer, every entry is a C string, and no other thread exists.
    var next = unsafe wh_environment()
    while let list = unsafe next, let entry = unsafe list.pointee {
      let text = unsafe String(cString: entry)
      let name = String(text[..<(text.firstIndex(of: "=") ?? text.endIndex)])
      if steersLibraries(name) { removed.append(name) }
      unsafe next = list.advanced(by: 1)
    }
    for name in removed { unsafe _ = unsetenv(name) }
    return removed
  }

  /// Whether a library we load would load code, read other files or write secrets because of the variable: what
  /// glibc itself removes for a set-user-ID program (ld.so(8)), and the same of OpenSSL and libcurl.
  static func steersLibraries(_ variable: String) -> Bool {
    let prefixes = ["LD_", "MALLOC_", "OPENSSL_"]
    let names: Set<String> = [
      "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "HOSTALIASES", "LOCALDOMAIN", "LOCPATH", "NIS_PATH",
      "NLSPATH",
      "RESOLV_HOST_CONF", "RES_OPTIONS", "SSLKEYLOGFILE", "TZDIR",
    ]
    return names.contains(variable) || prefixes.contains { variable.hasPrefix($0) }
  }
}
