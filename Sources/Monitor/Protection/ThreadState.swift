import SystemPackage

/// What one thread holds, as /proc/self/task/TID/status tells it. See proc_pid_status(5).
///
/// The kernel's own words are compared, so that nothing is lost in translation.
public struct ThreadState: Equatable, Sendable {
  /// The lines that say what a thread may do.
  public enum Line: String, CaseIterable, Sendable {
    case users = "Uid"
    case groups = "Gid"
    case supplementaryGroups = "Groups"
    case inheritable = "CapInh"
    case permitted = "CapPrm"
    case effective = "CapEff"
    case bounding = "CapBnd"
    case ambient = "CapAmb"
    case noNewPrivileges = "NoNewPrivs"
    case seccompMode = "Seccomp"
    /// Absent before Linux 5.9.
    case seccompFilters = "Seccomp_filters"
  }

  /// As the kernel writes it: a thread's name is the agent's own.
  public private(set) var name = ""
  /// Blocked signals, signal n at bit n − 1.
  public private(set) var blockedSignals: UInt64 = 0
  private var values: [Line: String] = [:]

  /// - Returns: `nil` when the text is not a whole status file, as of a thread that has just ended.
  public init?(parsing text: String) {
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon]
      let value = line[line.index(after: colon)...].split { $0 == "\t" || $0 == " " }.joined(separator: " ")
      switch key {
      case "Name": name = value
      case "SigBlk":
        guard let mask = UInt64(value, radix: 16) else { return nil }
        blockedSignals = mask
      default: if let known = Line(rawValue: String(key)) { values[known] = value }
      }
    }
    guard Line.allCases.allSatisfy({ values[$0] != nil || $0 == .seccompFilters }) else { return nil }
  }

  public subscript(line: Line) -> String? { values[line] }

  mutating func set(_ line: Line, _ value: String) { values[line] = value }

  mutating func set(_ line: Line, _ capabilities: Capabilities) {
    let digits = String(capabilities.rawValue, radix: 16)
    values[line] = String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// How a thread differs from what was intended.
public struct ThreadDifference: Equatable, Sendable, CustomStringConvertible {
  public let thread: Int32
  public let name: String
  /// The line of /proc/self/task/TID/status.
  public let line: String
  public let found: String
  public let intended: String

  public var description: String {
    "thread \(thread) (\(name)): \(line) is '\(found)', intended '\(intended)'"
  }
}
