// Unsafe: uname(2) and sysinfo through pointers to locals.
import Glibc
import System

/// The machine as the results name it, and what else it was doing.
enum Machine {
  /// Processor, its count, memory, kernel.
  static var description: String {
    let model = text(of: "/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") }
      .flatMap { $0.split(separator: ":").last }.map(trimmed)
    let isVirtual = text(of: "/proc/cpuinfo")?.contains(" hypervisor") == true
    let memory = text(of: "/proc/meminfo").flatMap { number(after: "MemTotal:", in: $0) } ?? 0
    let kernel = text(of: "/proc/sys/kernel/osrelease").map { trimmed($0[...]) } ?? "unknown"
    return """
      \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) × \(model ?? "processor of unknown model")\
      \(isVirtual ? " (virtual machine)" : ""), \(memory >> 20) GiB, Linux \(kernel)
      """
  }

  /// Processes that run or want to, averaged over the last minute. See proc_loadavg(5).
  static var load: Double {
    text(of: "/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) } ?? 0
  }

  /// Forks since boot, threads included: tells how idle a time was.
  static var forks: UInt64 { text(of: "/proc/stat").flatMap { number(after: "processes", in: $0) } ?? 0 }

  /// The share of all CPUs that nobody used for so long.
  static func idleShare(overMilliseconds milliseconds: UInt32) -> Double {
    let before = idleTicks
    Clock.sleep(milliseconds: milliseconds)
    let after = idleTicks
    return (after.idle - before.idle) / max(1, after.all - before.all)
  }

  /// See proc_stat(5): the first line sums up all CPUs; idle time is its fourth number and, waiting for disks, its fifth.
  private static var idleTicks: (idle: Double, all: Double) {
    let line = text(of: "/proc/stat")?.split(separator: "\n").first ?? ""
    let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard ticks.count == 8 else { return (0, 0) }
    return (ticks[3] + ticks[4], ticks.reduce(0, +))
  }

  /// Processes that live now.
  static var processCount: Int { names(in: "/proc").count { $0.allSatisfy(\.isWholeNumber) } }

  /// The day, in universal time: `2026-01-31`.
  static var date: String {
    var now = time(nil)
    var parts = unsafe tm()
    // SAFETY: both are locals.
    unsafe gmtime_r(&now, &parts)
    let (year, month, day) = unsafe (Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
    return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
