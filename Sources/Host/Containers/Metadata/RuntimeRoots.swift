/// The directories in which runtimes keep what they know of their containers, on this host.
///
/// Beside the standard ones those that daemons were told, by a file of configuration or by arguments. Only daemons that
/// root runs on the host itself may be noted. A value, bounded: a directory beyond the limit is not noted.
public struct RuntimeRoots: Equatable, Sendable {
  /// docker's data: `<root>/containers/<id>`.
  private(set) var docker = ["/var/lib/docker"]
  /// The store of podman and CRI-O, on the disk and in memory: `<root>/overlay-containers`.
  private(set) var storage = ["/var/lib/containers/storage", "/run/containers/storage"]
  /// Places of state files beside the standard ones.
  public private(set) var places: [StatePlace] = []

  static let limit = 32

  public init() {}

  /// Notes what the files of configuration of a host say.
  public mutating func read(_ root: HostRoot) {
    var buffer = ReadBuffer()
    if let json = root.trustedBytes(DockerDaemon.configurationPath, limit: 1 << 20, using: &buffer),
      let daemon = DockerDaemon(configuration: json)
    {
      note(daemon)
    }
    if let text = root.trustedBytes(StorageConfiguration.path, limit: 1 << 20, using: &buffer) {
      let configuration = StorageConfiguration(parsing: text)
      note(storage: [configuration.graphRoot, configuration.runRoot].compactMap { $0 })
    }
  }

  /// Notes what the arguments of a daemon or a shim say; nothing when they are of neither.
  public mutating func note(arguments bytes: Span<UInt8>) {
    if let daemon = DockerDaemon(arguments: bytes) { return note(daemon) }
    guard let shim = ShimArguments(parsing: bytes) else { return }
    if let namespace = shim.namespace {
      note(namespace: String(decoding: bytes.copy(namespace), as: UTF8.self))
    }
    if let address = shim.address, shim.runtime == .docker {
      // <exec-root>/containerd/containerd.sock, where docker runs a containerd of its own.
      let path = String(decoding: bytes.copy(address), as: UTF8.self)
      let parts = path.split(separator: "/")
      if parts.count > 2, parts[parts.count - 2] == "containerd" {
        note(execRoot: "/" + parts.dropLast(2).joined(separator: "/"))
      }
    }
  }

  /// Notes the directory that a shim works in: containerd starts it in its container's bundle.
  public mutating func note(shimDirectory directory: String) {
    let parts = directory.split(separator: "/")
    guard parts.count > 2, parts[parts.count - 3] == "io.containerd.runtime.v2.task" else { return }
    add(
      StatePlace(
        parts[parts.count - 2] == "moby" ? .docker : .containerd, .bundle,
        directory: "/" + parts.dropLast().joined(separator: "/"), file: "config.json"))
  }

  /// Notes docker's data below which a container's root file system lies: three directories further in, whatever the
  /// storage driver.
  mutating func note(rootFileSystem path: String) {
    let parts = path.split(separator: "/")
    guard parts.count > 3 else { return }
    add("/" + parts.dropLast(3).joined(separator: "/"), to: \.docker)
  }

  /// As `note(rootFileSystem:)`, of the store of podman and CRI-O, which is laid out the same.
  mutating func note(storedRootFileSystem path: String) {
    let parts = path.split(separator: "/")
    guard parts.count > 3 else { return }
    add("/" + parts.dropLast(3).joined(separator: "/"), to: \.storage)
  }

  private mutating func note(_ daemon: DockerDaemon) {
    if let data = daemon.dataRoot { add(data, to: \.docker) }
    if let exec = daemon.execRoot { note(execRoot: exec) }
  }

  private mutating func note(execRoot root: String) {
    let tasks = "containerd/daemon/io.containerd.runtime.v2.task/moby"
    guard Self.isPlain(root), root != "/run/docker", root != "/var/run/docker" else { return }
    add(StatePlace(.docker, .runc, directory: "\(root)/runtime-runc/moby", file: "state.json"))
    add(StatePlace(.docker, .bundle, directory: "\(root)/\(tasks)", file: "config.json"))
  }

  private mutating func note(namespace: String) {
    guard CgroupName.isPlainID(0..<namespace.utf8.count, in: Array(namespace.utf8).span) else { return }
    guard !["moby", "k8s.io", "default"].contains(namespace) else { return }
    let tasks = "/run/containerd/io.containerd.runtime.v2.task"
    add(StatePlace(.containerd, .runc, directory: "/run/containerd/runc/\(namespace)", file: "state.json"))
    add(StatePlace(.containerd, .bundle, directory: "\(tasks)/\(namespace)", file: "config.json"))
  }

  private mutating func note(storage roots: [String]) {
    for root in roots where !storage.contains(root) {
      add(root, to: \.storage)
      add(
        StatePlace(
          .runc, .bundle, directory: "\(root)/overlay-containers", file: "userdata/config.json"))
    }
  }

  private mutating func add(_ directory: String, to list: WritableKeyPath<RuntimeRoots, [String]>) {
    var directory = directory
    while directory.count > 1, directory.last == "/" { directory.removeLast() }
    guard Self.isPlain(directory), !self[keyPath: list].contains(directory),
      self[keyPath: list].count < Self.limit
    else { return }
    self[keyPath: list].append(directory)
  }

  private mutating func add(_ place: StatePlace) {
    guard Self.isPlain(place.prefix), places.count < Self.limit, !places.contains(place),
      !StatePlace.standard.contains(place)
    else { return }
    places.append(place)
  }

  /// Whether a text can be the path of a directory as daemons are told them.
  static func isPlain(_ path: String) -> Bool {
    path.hasPrefix("/") && path.utf8.count <= 512 && !path.utf8.contains(0)
      && !path.split(separator: "/").contains { $0 == ".." || $0 == "." }
  }
}
