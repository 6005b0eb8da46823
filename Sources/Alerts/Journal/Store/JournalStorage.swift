/// Where the journal is kept over a restart, and how much of it.
public struct JournalStorage: Equatable, Sendable {
  /// A directory of its own; it is made if its parent is there.
  public var directory: String
  public var limits = StorageLimits()

  public init(directory: String) { self.directory = directory }
}

/// How much of the journal is kept on disk; beyond it the oldest goes first, counted and announced.
public struct StorageLimits: Equatable, Sendable {
  public var maximumBytes: Int64 = 128 << 20
  public var maximumAgeSeconds: UInt64 = 7 * 86_400
  /// A file grows to about this; the oldest alerts go a whole file at a time.
  public var segmentBytes: Int64 = 4 << 20
  public var sync = SyncPolicy.everySecond

  public init() {}
}

/// When what was written must be on the disk itself, where a power failure does not reach it. The agent's own death
/// loses nothing that was written, whatever this says.
public enum SyncPolicy: String, CaseIterable, Sendable {
  case never
  case everySecond = "every_second"
  /// Before any sink sees the alert.
  case always
}

/// The journal on disk as it stands.
public struct StorageStatus: Equatable, Sendable {
  public var segments: Int
  public var bytes: Int64
  /// The number up to which alerts are on disk, but for those that never were.
  public var storedThrough: UInt64
  /// Alerts that left memory before they could be written.
  public var neverStored: UInt64
  /// Why nothing can be written, while that is so; alerts are then delivered from memory.
  public var problem: String?
}
