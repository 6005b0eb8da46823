import Alerts

/// `journal`: where alerts wait until every output has them.
public struct JournalSettings: Equatable, Sendable {
  /// `journal.directory`; in memory when it is empty.
  public var directory = ""
  var limits = StorageLimits()

  /// `journal.max_size`
  var maximumSize: ByteSize {
    get { ByteSize(bytes: limits.maximumBytes) }
    set { limits.maximumBytes = newValue.bytes }
  }
  /// `journal.max_age`
  var maximumAge: TimeSpan {
    get { TimeSpan(seconds: limits.maximumAgeSeconds) }
    set { limits.maximumAgeSeconds = newValue.seconds }
  }

  var contradictions: [(key: String, why: String)] {
    var found: [(key: String, why: String)] = []
    if !directory.isEmpty, !directory.hasPrefix("/") {
      found.append(("journal.directory", "it must be an absolute path"))
    }
    if limits.maximumBytes < 1 << 20 { found.append(("journal.max_size", "it must be at least 1M")) }
    if limits.maximumAgeSeconds < 60 { found.append(("journal.max_age", "it must be at least a minute")) }
    if limits.maximumAgeSeconds > 36_500 * 86_400 {
      found.append(("journal.max_age", "it must be at most 36500d"))
    }
    return found
  }

  /// The journal; made by the user that the agent has become, who must be able to write the directory.
  func open() throws(JournalError) -> Journal {
    guard !directory.isEmpty else { return Journal() }
    var storage = JournalStorage(directory: directory)
    storage.limits = limits
    // A file is dropped whole: small ones keep what is kept near the limit.
    storage.limits.segmentBytes = min(limits.segmentBytes, limits.maximumBytes / 4)
    return try Journal(storage: storage)
  }
}
