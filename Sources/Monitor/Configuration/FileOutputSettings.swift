public import Alerts
public import Events

/// `file_output`, and each entry of `file_outputs`: alerts appended to a file.
public struct FileOutputSettings: ConfigurationGroup, Equatable {
  /// What it is for `file_output` and for an entry of a list when nobody says: off, and on.
  var enabled: Bool?
  public var isEnabled: Bool { enabled ?? false }
  /// What the status calls it, and the journal its reader; `file` when it is empty.
  public var name = ""
  public var options = FileSinkOptions(path: "")
  /// What `json_output` says when it is `nil`.
  public var format: FormatKind?
  public var minimumPriority = Priority.debug
  public var only = RuleTargets()
  var rotationSize: ByteSize?
  var rotationAge: TimeSpan?

  public init() {}

  var outputName: String { name.isEmpty ? FileSink.name : name }

  var sinkOptions: FileSinkOptions {
    var options = options
    options.rotation.maximumBytes = rotationSize?.bytes
    options.rotation.maximumAgeSeconds = rotationAge?.seconds
    return options
  }

  fileprivate var permissions: FileMode {
    get { FileMode(bits: options.mode) }
    set { options.mode = newValue.bits }
  }

  static let options: [ConfigurationOption<Self>] = [
    .init(
      "enabled", \.enabled,
      "Whether alerts are appended to a file: of `file_output` only when this says so, of an entry of `file_outputs` unless it says no."
    ),
    .init("filename", \.options.path, "That file."),
    .init("permissions", \.permissions, "Who may read and write the file, when it is made."),
    .init("format", \.format, "How they are written there; else as `json_output` says."),
    .init("priority", \.minimumPriority, "Alerts of a lower priority do not go there."),
    .only(\.only),
    .init(
      "name", \.name,
      "What the status calls this output, and under which it goes on after a restart; empty: `file`."),
    .init(
      "rotate.max_size", \.rotationSize,
      "A file that has grown beyond it becomes `filename.1`, and a new one is begun. Nothing: as large as it gets."
    ),
    .init("rotate.max_age", \.rotationAge, "The same for a file that was begun so long ago."),
    .init(
      "rotate.keep", \.options.rotation.keep, "How many such files are kept, at most 1000; the oldest goes."),
    .init(
      "sync", \.options.sync,
      "When what was written must be on the disk itself, where a power failure does not reach it."),
  ]

  var contradictions: [(key: String, why: String)] {
    var found: [(key: String, why: String)] = []
    if isEnabled, options.path.isEmpty {
      found.append(("", "it is enabled, but file_output.filename is not set"))
    }
    if let size = rotationSize, size.bytes < 4096 {
      found.append(("rotate.max_size", "it must be at least 4K"))
    }
    if let age = rotationAge, age.seconds < 60 {
      found.append(("rotate.max_age", "it must be at least a minute"))
    }
    if options.rotation.keep > 1000 { found.append(("rotate.keep", "it must be at most 1000")) }
    if !OutputName.isOne(name) { found.append(("name", OutputName.form)) }
    return found
  }
}

/// What an output may be called: it stands in the name of a file and in a status.
enum OutputName {
  static let form = "it must be at most 32 letters, digits, '-', '_' and '.'"

  static func isOne(_ name: String) -> Bool { name.utf8.count <= 32 && name.utf8.allSatisfy(isNameByte) }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
