public import Events

/// What few rules ask for of a process; each member is `nil` when it was not read.
///
/// Only the engine's thread reads or writes it. A forked process shares its creator's until either changes.
public final class ProcessDetails {
  /// Supplementary groups in ascending order, the first `groupLimit` of them.
  public internal(set) var supplementaryGroups: [UInt32]?
  public internal(set) var seccompFilters: UInt32?
  public internal(set) var threadCount: Int32?
  public internal(set) var memory: Memory?
  /// The process group in the process's own pid namespace.
  public internal(set) var virtualProcessGroup: Int32?
  /// `controller=path`, each ended by NUL; the controller is empty in the unified hierarchy.
  public internal(set) var cgroups: [UInt8]?
  public internal(set) var hasHostRoot: Bool?
  public internal(set) var exeFile: ExecutableFile?
  public internal(set) var exeLayer: FileLayer?
  public internal(set) var oomScore: Int32?
  /// How a security module confines the process; empty without one.
  public internal(set) var securityLabel: [UInt8]?
  public internal(set) var execution: Execution?
  /// Descriptors 0 to 2.
  public internal(set) var streams: [Stream?] = [nil, nil, nil]
  /// `NAME=value`, each ended by NUL: no more than rules ask for.
  public internal(set) var environment: [UInt8]?

  /// Groups that are kept: the kernel allows 65,536 a process.
  public static let groupLimit = 64

  /// In kB.
  public struct Memory: Equatable, Sendable {
    public var virtual, resident, swapped: UInt64
  }

  /// The file that the program was started from.
  public struct ExecutableFile: Equatable, Sendable {
    public var mode, owner, group, linkCount: UInt32
    /// The major number above, the minor below 32 bits.
    public var device: UInt64
    public var inode: UInt64
    public var size: UInt64
    /// Last change of the inode and of the content, in nanoseconds since 1970 UTC.
    public var changed, modified: UInt64
  }

  /// How the last exec went.
  public struct Execution: Equatable, Sendable {
    /// Real and effective user at the exec.
    public var realUser, effectiveUser: UInt32
    public var realGroup, effectiveGroup: UInt32
    /// Whether the exec brought privileges (AT_SECURE).
    public var isSecure: Bool
  }

  /// What a descriptor leads to.
  public struct Stream: Equatable, Sendable {
    /// A word such as `file` or `ipv4`.
    public var type: [UInt8]
    /// What the link of /proc says: a path, or `socket:[…]` with the number that names the socket.
    public var name: [UInt8]
  }

  init() {}

  init(_ other: ProcessDetails) {
    supplementaryGroups = other.supplementaryGroups
    seccompFilters = other.seccompFilters
    threadCount = other.threadCount
    memory = other.memory
    virtualProcessGroup = other.virtualProcessGroup
    cgroups = other.cgroups
    hasHostRoot = other.hasHostRoot
    exeFile = other.exeFile
    exeLayer = other.exeLayer
    oomScore = other.oomScore
    securityLabel = other.securityLabel
    execution = other.execution
    streams = other.streams
    environment = other.environment
  }

  /// Whether something is known that an exec replaces.
  var isAboutProgram: Bool {
    exeFile != nil || exeLayer != nil || execution != nil || environment != nil
  }

  /// Forgets what an exec replaces; what was not read of the new program is not known.
  func forgetProgram() { (exeFile, exeLayer, execution, environment) = (nil, nil, nil, nil) }

  /// Takes one parameter of a record over.
  func absorb(_ parameter: Parameter, _ value: Span<UInt8>) {
    switch parameter {
    case .supplementaryGroups:
      supplementaryGroups = (0..<min(value.count / 4, Self.groupLimit)).map { value.integer(at: $0) ?? 0 }
    case .seccompFilters: seccompFilters = value.integer()
    case .threadCount: threadCount = value.integer()
    case .memory: memory = Memory(value)
    case .virtualProcessGroup: virtualProcessGroup = value.integer()
    case .allCgroups: cgroups = value.copied
    case .hasHostRoot: hasHostRoot = (value.integer() as UInt8?).map { $0 != 0 }
    case .exeFile: exeFile = ExecutableFile(value)
    case .exeLayer: exeLayer = (value.integer() as UInt8?).flatMap(FileLayer.init(rawValue:))
    case .oomScore: oomScore = value.integer()
    case .securityLabel: securityLabel = value.copied
    case .auxiliaryVector: execution = Execution(value)
    case .standardInput: streams[0] = Stream(value)
    case .standardOutput: streams[1] = Stream(value)
    case .standardError: streams[2] = Stream(value)
    case .environment: environment = value.copied
    default: break
    }
  }
}

extension ProcessRow {
  /// The details, not shared with any other row from now on.
  func ownDetails() -> ProcessDetails {
    // Asked first: whoever holds the details to copy them is one who shares them.
    let isShared = !isKnownUniquelyReferenced(&details)
    if !isShared, let details { return details }
    let own = details.map { ProcessDetails($0) } ?? ProcessDetails()
    details = own
    return own
  }
}

extension Span where Element == UInt8 {
  fileprivate func integer<Value: FixedWidthInteger & BitwiseCopyable>(at index: Int = 0) -> Value? {
    integer(Value.self, at: index)
  }

  fileprivate var copied: [UInt8] { (0..<count).map { self[$0] } }
}

extension ProcessDetails.Memory {
  fileprivate init?(_ value: Span<UInt8>) {
    guard let virtual: UInt64 = value.integer(), let resident: UInt64 = value.integer(at: 1),
      let swapped: UInt64 = value.integer(at: 2)
    else { return nil }
    self.init(virtual: virtual, resident: resident, swapped: swapped)
  }
}

extension ProcessDetails.ExecutableFile {
  fileprivate init?(_ value: Span<UInt8>) {
    guard value.count >= 72 else { return nil }
    func word(_ index: Int) -> UInt64 { value.integer(at: index) ?? 0 }
    self.init(
      mode: UInt32(truncatingIfNeeded: word(0)), owner: UInt32(truncatingIfNeeded: word(1)),
      group: UInt32(truncatingIfNeeded: word(2)), linkCount: UInt32(truncatingIfNeeded: word(3)),
      device: word(4), inode: word(5), size: word(6), changed: word(7), modified: word(8))
  }
}

extension ProcessDetails.Execution {
  fileprivate init?(_ value: Span<UInt8>) {
    guard let realUser: UInt32 = value.integer(), let effectiveUser: UInt32 = value.integer(at: 1),
      let realGroup: UInt32 = value.integer(at: 2), let effectiveGroup: UInt32 = value.integer(at: 3),
      let secure: UInt32 = value.integer(at: 4)
    else { return nil }
    self.init(
      realUser: realUser, effectiveUser: effectiveUser, realGroup: realGroup, effectiveGroup: effectiveGroup,
      isSecure: secure != 0)
  }
}

extension ProcessDetails.Stream {
  fileprivate init?(_ value: Span<UInt8>) {
    let bytes = value.copied
    guard let end = bytes.firstIndex(of: 0) else { return nil }
    self.init(type: Array(bytes[..<end]), name: Array(bytes[(end + 1)...]))
  }
}
