/// Where one docker daemon keeps its files, as its arguments or its configuration say. See dockerd(8).
struct DockerDaemon: Equatable, Sendable {
  var dataRoot: String?
  var execRoot: String?

  static let configurationPath = "/etc/docker/daemon.json"

  /// The daemon's arguments as `/proc/PID/cmdline` has them.
  /// - Returns: `nil` when these are not the arguments of dockerd.
  init?(arguments bytes: Span<UInt8>) {
    guard let cmdline = Cmdline(parsing: bytes), !cmdline.isTitle else { return nil }
    let program = String(decoding: bytes.copy(cmdline.first), as: UTF8.self)
    guard program == "dockerd" || program.hasSuffix("/dockerd") else { return nil }
    var pending: WritableKeyPath<DockerDaemon, String?>?
    var found = DockerDaemon()
    cmdline.forEachArgument(in: bytes) { range in
      let argument = String(decoding: bytes.copy(range), as: UTF8.self)
      if let option = pending {
        found[keyPath: option] = argument
        pending = nil
        return
      }
      let equals = argument.utf8.firstIndex(of: UInt8(ascii: "=")) ?? argument.endIndex
      let option: WritableKeyPath<DockerDaemon, String?>
      switch argument[..<equals] {
      case "--data-root", "-g", "--graph": option = \.dataRoot
      case "--exec-root": option = \.execRoot
      default: return
      }
      if equals == argument.endIndex {
        pending = option
      } else {
        found[keyPath: option] = String(argument[argument.utf8.index(after: equals)...])
      }
    }
    self = found
  }

  /// `daemon.json`.
  init?(configuration json: [UInt8]) {
    guard let file = File(parsing: json) else { return nil }
    (dataRoot, execRoot) = (file.dataRoot, file.execRoot)
  }

  private init() {}

  private struct File: JSONFile {
    let dataRoot: String?
    let execRoot: String?

    init?(_ object: JSONObject) {
      dataRoot = object.filledText("data-root") ?? object.filledText("graph")
      execRoot = object.filledText("exec-root")
    }
  }
}
