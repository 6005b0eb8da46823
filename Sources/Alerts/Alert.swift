public import Events

/// What a rule found, as it leaves the engine: a value that knows nothing of rules, tables or sinks.
///
/// Text from the host is bytes as the host gave them: formats escape, nothing before them does. The journal
/// gives an alert its number and its uuid, and makes it a `JournalEntry`.
public struct Alert: Equatable, Sendable {
  /// The rule that made it.
  public let rule: AlertRule
  /// When the event happened: nanoseconds since 1970 UTC.
  public let timeNanoseconds: UInt64
  /// The host's name, as the agent's configuration or the kernel gives it.
  public let hostname: String
  /// The rule's output with its fields filled in, without time and priority before it.
  public let message: [UInt8]
  /// The fields that the rule prints, in the order in which it prints them.
  public let outputFields: [AlertField]
  /// One fixed list of fields that is read for every alert, for formats that map names of their own.
  public let context: [AlertField]

  public init(
    rule: AlertRule, timeNanoseconds: UInt64, hostname: String, message: [UInt8],
    outputFields: [AlertField] = [], context: [AlertField] = []
  ) {
    self.rule = rule
    self.timeNanoseconds = timeNanoseconds
    self.hostname = hostname
    self.message = message
    self.outputFields = outputFields
    self.context = context
  }
}

/// What of a rule goes into its alerts. Made once a rule, shared by its alerts.
public struct AlertRule: Equatable, Sendable {
  public let name: String
  public let priority: Priority
  /// Where the event came from: `syscall`, or `internal` for what the agent says of itself.
  public let source: String
  /// Sorted, each once.
  public let tags: [String]

  public init(name: String, priority: Priority, source: String = AlertRule.syscall, tags: [String] = []) {
    self.name = name
    self.priority = priority
    self.source = source
    self.tags = Set(tags).sorted()
  }

  /// The source of alerts about the host's processes.
  public static let syscall = "syscall"
  /// The source of alerts about the agent itself; they carry no tags.
  public static let `internal` = "internal"
}

/// A field by name; without a value where the event had none.
public struct AlertField: Equatable, Sendable {
  public let name: String
  public let value: FieldValue?

  public init(_ name: String, _ value: FieldValue?) {
    self.name = name
    self.value = value
  }
}
