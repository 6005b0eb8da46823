extension CgroupFileName {
  public static let statLocal = CgroupFileName("cgroup.stat.local")
}

/// What a cgroup itself went through, as `cgroup.stat.local` of version 2 tells it from Linux 6.18 on.
///
/// See the kernel's cgroup-v2.rst.
public struct CgroupStatLocal: Equatable, Sendable {
  /// Nanoseconds for which it was to stand still, be it at its own order or that of one above.
  public let frozenNanoseconds: UInt64

  /// - Returns: `nil` when the bytes are not such a file, or are torn.
  public init?(parsing bytes: Span<UInt8>) {
    guard let microseconds = FlatKeyedFile.value(of: "frozen_usec", in: bytes) else { return nil }
    let (nanoseconds, isTooLarge) = microseconds.multipliedReportingOverflow(by: 1000)
    guard !isTooLarge else { return nil }
    frozenNanoseconds = nanoseconds
  }
}
