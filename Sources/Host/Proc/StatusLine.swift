/// The lines of `/proc/PID/status` that are read, each by its key.
enum StatusLine: UInt32, CaseIterable {
  case name, state, threadGroup, numaGroup, pid, parentPID, tracerPID, user, group, supplementaryGroups
  case namespacePIDs, namespaceProcessGroups, namespaceSessions
  case virtualMemory, residentMemory, swappedMemory, threadCount
  case inheritable, permitted, effective, bounding, ambient
  case noNewPrivileges, seccompMode, seccompFilterCount
  /// The last line that all kernels and architectures write: a file without it was cut.
  case last

  private var key: StaticString {
    switch self {
    case .name: "Name:"
    case .state: "State:"
    case .threadGroup: "Tgid:"
    case .numaGroup: "Ngid:"
    case .pid: "Pid:"
    case .parentPID: "PPid:"
    case .tracerPID: "TracerPid:"
    case .user: "Uid:"
    case .group: "Gid:"
    case .supplementaryGroups: "Groups:"
    case .namespacePIDs: "NSpid:"
    case .namespaceProcessGroups: "NSpgid:"
    case .namespaceSessions: "NSsid:"
    case .virtualMemory: "VmSize:"
    case .residentMemory: "VmRSS:"
    case .swappedMemory: "VmSwap:"
    case .threadCount: "Threads:"
    case .inheritable: "CapInh:"
    case .permitted: "CapPrm:"
    case .effective: "CapEff:"
    case .bounding: "CapBnd:"
    case .ambient: "CapAmb:"
    case .noNewPrivileges: "NoNewPrivs:"
    case .seccompMode: "Seccomp:"
    case .seccompFilterCount: "Seccomp_filters:"
    case .last: "nonvoluntary_ctxt_switches:"
    }
  }

  var keyLength: Int { key.utf8CodeUnitCount }
  var bit: UInt32 { 1 << rawValue }

  /// What every kernel since 4.19 writes. The others need a configuration (pid namespaces, seccomp) or a later kernel.
  static let requiredBits: UInt32 = allCases.reduce(0) { bits, line in
    switch line {
    // A kernel thread and a zombie have no memory.
    case .virtualMemory, .residentMemory, .swappedMemory: bits
    case .numaGroup, .namespacePIDs, .namespaceProcessGroups, .namespaceSessions, .seccompMode,
      .seccompFilterCount:
      bits
    default: bits | line.bit
    }
  }

  /// The line whose key stands at the front of `range`; `nil` for the many that are not read.
  init?(of range: Range<Int>, in bytes: Span<UInt8>) {
    let front = bytes.word(at: range.lowerBound)
    for entry in Self.index where front & entry.mask == entry.front {
      guard bytes.has(entry.line.key, at: range.lowerBound) else { continue }
      self = entry.line
      return
    }
    return nil
  }

  /// The first eight bytes of each key: one comparison of words where a comparison of texts would take twenty.
  private struct Entry {
    let front: UInt64
    let mask: UInt64
    let line: StatusLine
  }

  private static let index: [Entry] = allCases.map { line in
    let length = min(8, line.keyLength)
    var front: UInt64 = 0
    for offset in 0..<length { front |= UInt64(line.key.byte(at: offset)) << UInt64(8 * offset) }
    return Entry(front: front, mask: .max >> UInt64(64 - 8 * length), line: line)
  }
}
