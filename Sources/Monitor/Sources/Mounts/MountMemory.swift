/// How much of the mount namespaces of a host is kept in memory. Any user can make a thousand with thousands of mounts
/// each, by one system call for each namespace.
struct MountLimits: Sendable {
  /// Namespaces that are watched at once.
  var namespaces = MountWatch.namespaceLimit
  /// Bytes that their tables take together: a hundred and sixty thousand mounts.
  var bytes = 64 << 20
  /// Of these, for the namespaces of which the engine knows no container.
  var strangersBytes = 24 << 20
}

/// What tables of mounts take, and what that leaves for another.
struct MountMemory {
  /// Bytes that are read of each table, whatever the others take: those of most containers are smaller.
  static let leastTable = 8 << 10
  /// What a byte of a table takes at most once it is kept, of lines that are as short as can be.
  static let keptPerByte = 14

  private let limits: MountLimits
  private var all = 0
  private var strangers = 0

  init(_ limits: MountLimits) { self.limits = limits }

  /// Counts what is kept of a namespace.
  mutating func add(_ bytes: Int, ofStranger isStranger: Bool) {
    all += bytes
    if isStranger { strangers += bytes }
  }

  /// How many bytes may be read of the table of another.
  func room(forStranger isStranger: Bool) -> Int {
    var left = limits.bytes - all
    if isStranger { left = min(left, limits.strangersBytes - strangers) }
    return max(left / Self.keptPerByte, Self.leastTable)
  }
}
