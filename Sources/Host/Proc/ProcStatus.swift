extension ProcessFile {
  /// `/proc/PID/status`; see `ProcStatus`. The list of groups makes it large: 65,536 of them may stand in it, and they
  /// must not push the capabilities behind them out of the buffer.
  public static var status: ProcessFile { ProcessFile("status", limit: 1 << 20) }
}

/// One process as `/proc/PID/status` tells it. See proc_pid_status(5).
///
/// Process ids are those of the pid namespace that `/proc` was mounted in. User and group ids are those of the reader.
public struct ProcStatus: Equatable, Sendable {
  /// Where the name lies in the bytes that were parsed, as the kernel escaped it; see `appendName`.
  public private(set) var name: Range<Int> = 0..<0
  /// The letter of the state, as in `ProcStat`.
  public private(set) var state: UInt8 = 0
  /// The process; `pid` differs from it in a thread other than the first.
  public private(set) var threadGroup: Int32 = 0
  /// The NUMA group; 0 for none.
  public private(set) var numaGroup: Int32 = 0
  public private(set) var pid: Int32 = 0
  public private(set) var parentPID: Int32 = 0
  /// The process that traces this one; 0 for none.
  public private(set) var tracerPID: Int32 = 0
  public private(set) var user = CredentialIDs()
  public private(set) var group = CredentialIDs()
  /// Where the supplementary groups lie in the bytes that were parsed; see `forEachSupplementaryGroup`.
  public private(set) var supplementaryGroups: Range<Int> = 0..<0
  /// The process's pid in every pid namespace from the reader's inward; absent in a kernel without them.
  public private(set) var namespacePIDs = NamespaceIDs()
  public private(set) var namespaceProcessGroups = NamespaceIDs()
  public private(set) var namespaceSessions = NamespaceIDs()
  /// Virtual, resident and swapped memory in kB; 0 for a kernel thread and a zombie.
  public private(set) var memory = ProcessMemory()
  public private(set) var threadCount: Int32 = 0
  public private(set) var capabilities = ProcessCapabilities()
  /// Whether exec can no longer bring privileges.
  public private(set) var hasNoNewPrivileges = false
  /// 0 off, 1 strict, 2 filter.
  public private(set) var seccompMode: UInt8 = 0
  /// How many seccomp filters are loaded; `nil` before Linux 5.9.
  public private(set) var seccompFilterCount: UInt32?

  /// - Returns: `nil` when the bytes are not a whole status file, as after a torn read.
  public init?(parsing bytes: Span<UInt8>) {
    var found: UInt32 = 0
    var start = 0
    while start < bytes.count {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return nil }
      if let line = StatusLine(of: start..<end, in: bytes) {
        var value = ByteCursor(start + line.keyLength, end)
        value.skipBlanks(bytes)
        guard take(line, value, in: bytes) else { return nil }
        found |= line.bit
      }
      start = end + 1
    }
    guard found & StatusLine.requiredBits == StatusLine.requiredBits else { return nil }
  }

  /// - Returns: whether the line held what it should.
  private mutating func take(_ line: StatusLine, _ value: consuming ByteCursor, in bytes: Span<UInt8>) -> Bool
  {
    switch line {
    case .name: name = value.position..<value.end
    case .state: return value.next(into: &state, bytes)
    case .threadGroup: return value.decimal(into: &threadGroup, bytes)
    case .numaGroup: return value.decimal(into: &numaGroup, bytes)
    case .pid: return value.decimal(into: &pid, bytes)
    case .parentPID: return value.decimal(into: &parentPID, bytes)
    case .tracerPID: return value.decimal(into: &tracerPID, bytes)
    case .user: return value.ids(into: &user, bytes)
    case .group: return value.ids(into: &group, bytes)
    case .supplementaryGroups: supplementaryGroups = value.position..<value.end
    case .namespacePIDs: return value.ids(into: &namespacePIDs, bytes)
    case .namespaceProcessGroups: return value.ids(into: &namespaceProcessGroups, bytes)
    case .namespaceSessions: return value.ids(into: &namespaceSessions, bytes)
    case .virtualMemory: return value.decimal(into: &memory.virtual, bytes)
    case .residentMemory: return value.decimal(into: &memory.resident, bytes)
    case .swappedMemory: return value.decimal(into: &memory.swapped, bytes)
    case .threadCount: return value.decimal(into: &threadCount, bytes)
    case .inheritable: return value.hexadecimal(into: &capabilities.inheritable, bytes)
    case .permitted: return value.hexadecimal(into: &capabilities.permitted, bytes)
    case .effective: return value.hexadecimal(into: &capabilities.effective, bytes)
    case .bounding: return value.hexadecimal(into: &capabilities.bounding, bytes)
    case .ambient: return value.hexadecimal(into: &capabilities.ambient, bytes)
    case .noNewPrivileges: return value.flag(into: &hasNoNewPrivileges, bytes)
    case .seccompMode: return value.decimal(into: &seccompMode, bytes)
    case .seccompFilterCount:
      seccompFilterCount = value.decimal(bytes)
      return seccompFilterCount != nil
    case .last: break
    }
    return true
  }

  /// Appends the name as the process set it. The kernel writes a newline in it as `\n` and a backslash as `\\`.
  public func appendName(from bytes: Span<UInt8>, to result: inout [UInt8]) {
    var index = name.lowerBound
    while index < name.upperBound {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < name.upperBound else {
        result.append(byte)
        continue
      }
      switch bytes[index] {
      case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
      default: result += [byte, bytes[index]]
      }
      index += 1
    }
  }

  /// Calls `body` with each supplementary group, in the kernel's (ascending) order.
  public func forEachSupplementaryGroup(in bytes: Span<UInt8>, _ body: (UInt32) -> Void) {
    var cursor = ByteCursor(supplementaryGroups)
    while let group = cursor.field(bytes, as: UInt32.self) { body(group) }
  }
}

/// The four ids that the kernel keeps of a process's user, or of its group. See credentials(7).
public struct CredentialIDs: Equatable, Sendable {
  public internal(set) var real: UInt32 = 0
  public internal(set) var effective: UInt32 = 0
  public internal(set) var saved: UInt32 = 0
  public internal(set) var fileSystem: UInt32 = 0
}

/// How much memory a process has, in kB.
public struct ProcessMemory: Equatable, Sendable {
  public internal(set) var virtual: UInt64 = 0
  public internal(set) var resident: UInt64 = 0
  public internal(set) var swapped: UInt64 = 0
}

/// The five capability sets of a process, a bit a capability. See capabilities(7).
public struct ProcessCapabilities: Equatable, Sendable {
  public internal(set) var inheritable: UInt64 = 0
  public internal(set) var permitted: UInt64 = 0
  public internal(set) var effective: UInt64 = 0
  public internal(set) var bounding: UInt64 = 0
  public internal(set) var ambient: UInt64 = 0
}

/// One id of a process in each of the pid namespaces it is in. See pid_namespaces(7).
public struct NamespaceIDs: Equatable, Sendable {
  /// How many pid namespaces the process is in, the reader's included; 0 when the kernel does not tell.
  public internal(set) var depth = 0
  /// The id in the innermost of them, the process's own.
  public internal(set) var innermost: Int32 = 0
}

extension ByteCursor {
  fileprivate mutating func next(into result: inout UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard let byte = next(bytes) else { return false }
    result = byte
    return true
  }

  fileprivate mutating func decimal<Number: FixedWidthInteger>(
    into result: inout Number, _ bytes: Span<UInt8>
  ) -> Bool {
    guard let number = decimal(bytes, as: Number.self) else { return false }
    result = number
    return true
  }

  fileprivate mutating func hexadecimal(into result: inout UInt64, _ bytes: Span<UInt8>) -> Bool {
    guard let number = hexadecimal(bytes) else { return false }
    result = number
    return true
  }

  fileprivate mutating func flag(into result: inout Bool, _ bytes: Span<UInt8>) -> Bool {
    guard let number = decimal(bytes, as: UInt8.self) else { return false }
    result = number != 0
    return true
  }

  fileprivate mutating func ids(into result: inout CredentialIDs, _ bytes: Span<UInt8>) -> Bool {
    guard let real = field(bytes, as: UInt32.self), let effective = field(bytes, as: UInt32.self),
      let saved = field(bytes, as: UInt32.self), let fileSystem = field(bytes, as: UInt32.self)
    else { return false }
    result = CredentialIDs(real: real, effective: effective, saved: saved, fileSystem: fileSystem)
    return true
  }

  fileprivate mutating func ids(into result: inout NamespaceIDs, _ bytes: Span<UInt8>) -> Bool {
    while let id = field(bytes, as: Int32.self) {
      result.depth += 1
      result.innermost = id
    }
    return result.depth > 0
  }
}
