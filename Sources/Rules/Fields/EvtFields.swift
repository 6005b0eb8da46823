import Events
import Model

extension FieldRegistry {
  /// `evt.*` that every event has, or no event of ours.
  static let evt: [Field] = [
    Field("evt.num", .uint64, "Number of the event, from 1; alerts of one event share it.", kinds: .all) {
      $2.number($0.event.number)
    },
    Field(
      "evt.time", .charbuf,
      "Time of the event as text, in UTC, with nanoseconds; a number of nanoseconds in JSON.",
      kinds: .all, timeFormat: .clock, read: readTime),
    Field(
      "evt.time.s", .charbuf, "As evt.time, to the second.", kinds: .all, timeFormat: .clockSeconds,
      read: readTime),
    Field(
      "evt.time.iso8601", .charbuf, "Time of the event in ISO 8601, in UTC, with nanoseconds.", kinds: .all,
      timeFormat: .iso8601, read: readTime),
    Field(
      "evt.datetime", .charbuf, "Date and time of the event, in UTC, with nanoseconds.", kinds: .all,
      timeFormat: .date, read: readTime),
    Field(
      "evt.datetime.s", .charbuf, "As evt.datetime, to the second.", kinds: .all, timeFormat: .dateSeconds,
      read: readTime),
    Field(
      "evt.rawtime", .abstime, "Time of the event: nanoseconds since 1970 UTC.", kinds: .all, read: readTime),
    Field("evt.rawtime.s", .abstime, "The seconds of evt.rawtime.", kinds: .all) {
      $2.number($0.event.time / 1_000_000_000)
    },
    Field("evt.rawtime.ns", .abstime, "The nanoseconds within the second of evt.rawtime.", kinds: .all) {
      $2.number($0.event.time % 1_000_000_000)
    },
    Field("evt.reltime", .reltime, "Nanoseconds since the beginning of the capture."),
    Field("evt.reltime.s", .reltime, "The seconds of evt.reltime."),
    Field("evt.reltime.ns", .reltime, "The nanoseconds within the second of evt.reltime."),
    Field("evt.deltatime", .reltime, "Nanoseconds since the previous event."),
    Field("evt.deltatime.s", .reltime, "The seconds of evt.deltatime."),
    Field("evt.deltatime.ns", .reltime, "The nanoseconds within the second of evt.deltatime."),
    Field("evt.pluginname", .charbuf, "Plugin that made the event."),
    Field("evt.plugininfo", .charbuf, "Summary of the event by its plugin."),
    .ofKind(
      "evt.source", .charbuf, "Kind of source that rules name as source: always syscall here."
    ) {
      $2.text("syscall")
    },
    Field(
      "evt.source_name", .charbuf,
      "What saw the event: connector, procfs, cgroup, agent; procfs when a sweep alone saw it.",
      kinds: .all
    ) { $2.text($0.event.source.name) },
    Field("evt.incomplete", .bool, "Details are missing that the rules need.", kinds: .all) {
      $2.flag($0.event.isIncomplete)
    },
    .ofKind("evt.is_async", .bool, "The event is an asynchronous one of a plugin.") {
      $2.flag(false)
    },
    Field("evt.asynctype", .charbuf, "Type of an asynchronous event."),
    Field("evt.hostname", .charbuf, "Name of the host.", kinds: .all) { $2.text(filled: $0.host.hostname) },
    .ofKind("evt.type", .charbuf, eventTypeHelp, many: .ends, read: readTypes),
    .ofKind(
      "syscall.type", .charbuf, "As evt.type, for system calls.", many: .ends, read: readTypes),
    .ofKind(
      "evt.type.is", .uint32, "1 for events of the type, else 0.", argument: .dottedKey,
      read: readTypeIs),
    .ofKind("evt.dir", .charbuf, "Direction: always '<', the end of a system call.") {
      $2.text("<")
    },
    .ofKind("evt.category", .charbuf, "Category of the event: process, user, container, cgroup, internal.") {
      $2.text($0.event.kind.category)
    },
    Field("evt.cpu", .int16, "CPU on which it happened."),
    Field("evt.args", .charbuf, "All parameters as name=value, joined by blanks.", kinds: .all) {
      $2.parameters(of: $0)
    },
    Field("evt.info", .charbuf, "As evt.args.", kinds: .all) { $2.parameters(of: $0) },
    Field("evt.buffer", .bytebuf, "Data that was read or written."),
    Field("evt.buflen", .uint64, "Length of the data that was read or written."),
    .ofKind(
      "evt.res", .charbuf, "Result: SUCCESS or the name of the error; live events are successes."
    ) {
      $2.text("SUCCESS")
    },
    .ofKind("evt.rawres", .int64, "Result as a number; below 0 for an error; 0 for live events.") {
      $2.number(0)
    },
    .ofKind("evt.failed", .bool, "The result was an error; live events are successes.") {
      $2.flag(false)
    },
    .ofKind("evt.is_io", .bool, "The event reads or writes.", read: readFalse),
    .ofKind("evt.is_io_read", .bool, "The event reads.", read: readFalse),
    .ofKind("evt.is_io_write", .bool, "The event writes.", read: readFalse),
    Field("evt.io_dir", .charbuf, "r or w for events that read or write."),
    .ofKind(
      "evt.is_wait", .bool, "The event may wait, as sleep, poll and select do.", read: readFalse),
    .ofKind("evt.is_syslog", .bool, "The event writes to the system's log.", read: readFalse),
    .ofKind("evt.count", .uint32, "Always 1.") { $2.number(1) },
    .ofKind("evt.count.error", .uint32, "1 for events that failed, else 0.", read: readZero),
    .ofKind(
      "evt.count.error.file", .uint32, "1 for file events that failed, else 0.", read: readZero),
    .ofKind(
      "evt.count.error.net", .uint32, "1 for network events that failed, else 0.", read: readZero
    ),
    .ofKind(
      "evt.count.error.memory", .uint32, "1 for memory events that failed, else 0.",
      read: readZero),
    .ofKind(
      "evt.count.error.other", .uint32, "1 for other events that failed, else 0.", read: readZero
    ),
    .ofKind("evt.count.exit", .uint32, "1 for the end of a system call.") { $2.number(1) },
    Field(
      "evt.around", .uint64, "Events within some milliseconds of a point in time.", argument: .index),
    Field(
      "evt.abspath", .charbuf, "Path of the event, absolute; src and dst for the two of a rename or a link.",
      argument: .dottedKey),
    .ofKind("evt.is_open_read", .bool, "A file was opened for reading.", read: readFalse),
    .ofKind("evt.is_open_write", .bool, "A file was opened for writing.", read: readFalse),
    .ofKind(
      "evt.is_open_exec", .bool, "A file was made or opened with the right to execute it.",
      read: readFalse),
    .ofKind("evt.is_open_create", .bool, "A file was made by opening it.", read: readFalse),
  ]

  private static let eventTypeHelp =
    "What happened, as the name of a system call or of an event of ours. A live event that cannot know which of "
    + "several system calls was made has the names of all."

  private static let readTime: LiveReader = { $2.number($0.event.time) }
  private static let readFalse: LiveReader = { $2.flag(false) }
  private static let readZero: LiveReader = { $2.number(0) }
  private static let readTypes: LiveReader = { facts, _, values in
    for name in facts.event.kind.familyNames { values.text(name) }
  }
  private static let readTypeIs: LiveReader = { facts, argument, values in
    guard case .key(let key) = argument else { return }
    let isType = facts.event.kind.familyNames.contains { values.holds($0, at: key) }
    values.number(isType ? 1 : 0)
  }
}

extension EventKind {
  /// The names of `family` as bytes.
  var familyNames: [[UInt8]] { Self.allFamilyNames[Int(rawValue)] }

  private static let allFamilyNames: [[[UInt8]]] = {
    let largest = allCases.map { Int($0.rawValue) }.max() ?? 0
    var names = [[[UInt8]]](repeating: [], count: largest + 1)
    for kind in allCases { names[Int(kind.rawValue)] = kind.family.map { Array($0.description.utf8) } }
    return names
  }()

  fileprivate var category: String {
    switch self {
    case .forked, .executed, .exited, .capabilitiesChanged, .namespacesChanged, .traced, .sessionChanged,
      .nameChanged, .coreDumped, .firstSeen, .attributeChanged:
      "process"
    case .userChanged, .groupChanged: "user"
    case .cgroupCreated, .cgroupRemoved, .oomKilled, .pidsLimitReached, .cpuThrottled, .pressureRisen,
      .memoryNearLimit, .cgroupFrozen, .cgroupThawed:
      "cgroup"
    case .containerStarted, .containerStopped, .containerSeen: "container"
    case .lost, .tampered: "internal"
    case .settingChanged, .moduleLoaded, .moduleUnloaded: "other"
    case .mounted, .unmounted: "file"
    }
  }
}
