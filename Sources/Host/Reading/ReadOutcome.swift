public import SystemPackage

/// How a read of a kernel file ended. None of these is an error of the program.
public enum ReadOutcome: Equatable, Sendable {
  /// The whole file lies in the buffer.
  case complete
  /// The buffer holds the front of the file, as much as the limit allows.
  case truncated
  /// There is no such file: the process has ended, or has nothing of the kind (a kernel thread has no `exe`), or the
  /// kernel does not offer it.
  case absent
  /// The file is there, but this program may not read it.
  case denied
  /// Anything else, such as EINVAL from `attr/current` without a security module.
  case failed(Errno)

  /// Whether the buffer holds bytes of the file.
  public var isRead: Bool { self == .complete || self == .truncated }

  init(_ errno: Errno) {
    switch errno {
    case .noSuchFileOrDirectory, .noSuchProcess, .notDirectory: self = .absent
    case .permissionDenied, .notPermitted: self = .denied
    default: self = .failed(errno)
    }
  }
}

/// How many reads ended in which way. One thread at a time.
public struct ReadCounts: Equatable, Sendable {
  public private(set) var complete: UInt64 = 0
  public private(set) var truncated: UInt64 = 0
  public private(set) var absent: UInt64 = 0
  public private(set) var denied: UInt64 = 0
  public private(set) var failed: UInt64 = 0

  public init() {}

  public mutating func count(_ outcome: ReadOutcome) {
    switch outcome {
    case .complete: complete += 1
    case .truncated: truncated += 1
    case .absent: absent += 1
    case .denied: denied += 1
    case .failed: failed += 1
    }
  }
}
