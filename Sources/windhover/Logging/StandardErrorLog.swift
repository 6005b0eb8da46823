import Events
import Glibc
import Logging
import System
import SystemPackage

/// What the agent says of itself, a line a message on standard error: `windhover: warning: text`.
///
/// Never mixed with alerts. When systemd reads the line it is `<4>text`, so that the journal knows how urgent it is and
/// adds time and name itself. See sd-daemon(3).
struct StandardErrorLog: LogHandler {
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  private static let isReadByJournal = Environment.value(of: "JOURNAL_STREAM") != nil

  /// Has every logger of this process write here. Called once, before any other thread exists.
  static func install(minimum: Priority) {
    LoggingSystem.bootstrap { _ in
      var log = StandardErrorLog()
      log.logLevel = Logger.Level(minimum)
      return log
    }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let priority = Priority(event.level)
    var line = Array(
      (Self.isReadByJournal ? "<\(priority.rawValue)>" : "windhover: \(Self.word(priority))").utf8)
    SafeText.append(event.message.description, to: &line)
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: {
      $0.key < $1.key
    }) {
      SafeText.append(" \(key)=\(value)", to: &line)
    }
    line.append(UInt8(ascii: "\n"))
    // One call a line, so that lines of two threads do not mix; nobody is left to tell when it fails.
    _ = try? FileDescriptor.standardError.writeAll(line)
  }

  /// What most messages are needs no word.
  private static func word(_ priority: Priority) -> String {
    priority.isAtLeast(.warning) || priority == .debug ? priority.name.lowercased() + ": " : ""
  }
}

extension Priority {
  init(_ level: Logger.Level) {
    switch level {
    case .trace, .debug: self = .debug
    case .info: self = .informational
    case .notice: self = .notice
    case .warning: self = .warning
    case .error: self = .error
    case .critical: self = .critical
    }
  }
}

extension Logger.Level {
  init(_ priority: Priority) {
    switch priority {
    case .emergency, .alert, .critical: self = .critical
    case .error: self = .error
    case .warning: self = .warning
    case .notice: self = .notice
    case .informational: self = .info
    case .debug: self = .debug
    }
  }
}
