/// What the files of the runtimes tell of containers, beside their ids: name, image, labels, mounts and the like.
///
/// One thread at a time. It opens files by name on the host, which may wait for a disk: not for the engine's thread.
/// Only regular files of root's below the runtimes' own directories are read, and in the bundle that runc says it started a
/// container from; never anything in a container.
public struct ContainerMetadataFiles: ~Copyable, Sendable {
  /// What was found of a container.
  public enum Outcome: Equatable, Sendable {
    /// A runtime knows it.
    case found(Finding)
    /// No runtime that we know of knows it, or not yet.
    case unknown
    /// A runtime knows a container of this id elsewhere: the claim is forged.
    case contradicted
  }

  public struct Finding: Equatable, Sendable {
    public var runtime: ContainerRuntime
    public var description = ContainerDescription()
    /// The container's first process, where the runtime tells it.
    public var initPID: Int32?
    public var initStartTicks: UInt64?
    /// The files that were read, as they were: when one has changed it is worth reading again.
    public var files: [FileMark] = []
  }

  private let root: HostRoot
  private var states: ContainerStateFiles
  private var buffer = ReadBuffer()
  /// Where runtimes keep their files; who learns of others sets it.
  public var roots: RuntimeRoots { didSet { if roots != oldValue { states.places = Self.places(roots) } } }

  /// A file of one container is larger only when somebody made it so.
  private static let limit = 4 << 20

  public init(root: HostRoot, roots: RuntimeRoots) {
    self.root = root
    self.roots = roots
    states = ContainerStateFiles(root: root, places: Self.places(roots))
  }

  private static func places(_ roots: RuntimeRoots) -> [StatePlace] { StatePlace.standard + roots.places }

  /// Reads what is known of the container that `claim` names in the bytes `cgroup`.
  public mutating func read(_ claim: ContainerClaim, in cgroup: Span<UInt8>) -> Outcome {
    let voucher: ContainerStateFiles.Voucher
    switch states.verdict(on: claim, in: cgroup) {
    case .vouched(let found): voucher = found
    case .contradicted: return .contradicted
    case .unknown: return .unknown
    }
    var bytes: [UInt8] = []
    claim.appendID(from: cgroup, to: &bytes)
    let id = String(decoding: bytes, as: UTF8.self)
    var finding = Finding(
      runtime: voucher.runtime, initPID: voucher.initPID, initStartTicks: voucher.initStartTicks)
    readState(voucher, into: &finding)
    switch voucher.runtime {
    case .docker: readDocker(id, into: &finding)
    case .podman, .crio: readStorage(id, into: &finding)
    default: break
    }
    if finding.description.user == nil { readBundle(of: voucher, id, into: &finding) }
    if finding.description.pod.uid == nil, claim.podUID != nil {
      var uid: [UInt8] = []
      claim.appendPodUID(from: cgroup, to: &uid)
      finding.description.pod.uid = String(decoding: uid, as: UTF8.self)
    }
    // There the id is the name.
    if voucher.runtime == .lxc || voucher.runtime == .nspawn { finding.description.name = id }
    return .found(finding)
  }

  /// The file that vouches for the container tells more of it.
  private mutating func readState(_ voucher: ContainerStateFiles.Voucher, into finding: inout Finding) {
    // A short-lived container's file may be gone by now: what vouched is what is read.
    if let mark = root.mark(of: voucher.path) { finding.files.append(mark) }
    var bytes = states.content
    if bytes.isEmpty { bytes = trustedBytes(voucher.path) ?? [] }
    let description: ContainerDescription?
    switch voucher.path.split(separator: "/").last {
    case "state.json": description = RuncStateFile(parsing: bytes)?.description
    case "config.json": description = BundleFile(parsing: bytes)?.description
    case "status": description = CrunStatusFile(parsing: bytes)?.description
    case "config": description = LXCConfiguration(parsing: bytes).description
    default: description = MachineFile(parsing: bytes).description
    }
    if let description { finding.description.fill(from: description) }
  }

  private mutating func readDocker(_ id: String, into finding: inout Finding) {
    if let path = finding.description.rootFileSystem { roots.note(rootFileSystem: path) }
    for data in roots.docker.reversed() {
      let directory = "\(data)/containers/\(id)"
      guard let bytes = bytes(of: "\(directory)/config.v2.json", into: &finding),
        let file = DockerContainerFile(parsing: bytes)
      else { continue }
      // docker's own word counts before that of the runtime below it.
      var description = file.description
      if let bytes = self.bytes(of: "\(directory)/hostconfig.json", into: &finding),
        let host = DockerHostConfig(parsing: bytes)
      {
        description.fill(from: host.description)
      }
      let isAlone = description.mounts.isEmpty
      description.fill(from: finding.description)
      if isAlone { description.mounts = [] }
      finding.description = description
      return readRepositories("\(data)/image/\(file.driver ?? "overlay2")/repositories.json", into: &finding)
    }
  }

  /// docker keeps which digest an image has, and which name, beside its containers.
  private mutating func readRepositories(_ path: String, into finding: inout Finding) {
    guard let image = finding.description.imageID, let bytes = trustedBytes(path),
      let repositories = DockerRepositories(parsing: bytes)
    else { return }
    let reference = finding.description.image.flatMap(ImageReference.init)
    finding.description.imageDigest =
      reference?.digest ?? repositories.digest(ofImage: image, repository: reference?.repository)
    // Asked for by its id, an image has a name nevertheless.
    if reference == nil || image.hasPrefix(finding.description.image ?? "-") {
      finding.description.image = repositories.name(ofImage: image) ?? finding.description.image
    }
  }

  private mutating func readStorage(_ id: String, into finding: inout Finding) {
    let rootFileSystem = finding.description.rootFileSystem
    if let rootFileSystem { roots.note(storedRootFileSystem: rootFileSystem) }
    // The directory has the storage driver's name, which is also the third from the end of the root file system's path.
    let driver = rootFileSystem?.split(separator: "/").dropLast(2).last.map(String.init) ?? "overlay"
    for store in roots.storage.reversed() {
      for driver in Set([driver, "overlay"]).sorted() {
        readStore("\(store)/\(driver)-containers", id, into: &finding)
      }
    }
  }

  private mutating func readStore(_ containers: String, _ id: String, into finding: inout Finding) {
    if let bytes = trustedBytes("\(containers)/containers.json"),
      let entry = StorageContainer.list(parsing: bytes)?.first(where: { $0.id == id })
    {
      var description = entry.description
      description.fill(from: finding.description)
      finding.description = description
    }
    if let bytes = bytes(of: "\(containers)/\(id)/userdata/config.json", into: &finding),
      let bundle = BundleFile(parsing: bytes)
    {
      finding.description.fill(from: bundle.description)
    }
  }

  /// runc does not keep as whom it started the program; the bundle of containerd says so.
  private mutating func readBundle(
    of voucher: ContainerStateFiles.Voucher, _ id: String, into finding: inout Finding
  ) {
    for place in Self.places(roots) where place.format == .bundle && place.runtime == voucher.runtime {
      let path = place.prefix + id + place.suffix
      guard path != voucher.path, let bytes = bytes(of: path, into: &finding),
        let bundle = BundleFile(parsing: bytes)
      else { continue }
      return finding.description.fill(from: bundle.description)
    }
    readNamedBundle(of: voucher, into: &finding)
  }

  /// runc used by hand has its bundles anywhere, and its state file says where. What was changed after that was written may
  /// be the next container's.
  private mutating func readNamedBundle(
    of voucher: ContainerStateFiles.Voucher, into finding: inout Finding
  ) {
    guard let directory = finding.description.bundle, RuntimeRoots.isPlain(directory) else { return }
    let path = directory + "/config.json"
    guard let state = root.mark(of: voucher.path), let mark = root.mark(of: path),
      mark.modified <= state.modified, let bytes = trustedBytes(path),
      let bundle = BundleFile(parsing: bytes)
    else { return }
    finding.description.fill(from: bundle.description)
  }

  /// The bytes of a file of the container, which is noted.
  private mutating func bytes(of path: String, into finding: inout Finding) -> [UInt8]? {
    guard let bytes = trustedBytes(path) else { return nil }
    if let mark = root.mark(of: path) { finding.files.append(mark) }
    return bytes
  }

  private mutating func trustedBytes(_ path: String) -> [UInt8]? {
    root.trustedBytes(path, limit: Self.limit, using: &buffer)
  }
}

/// A file as it was when it was read.
public struct FileMark: Equatable, Sendable {
  let path: String
  let inode: UInt64
  let size: Int64
  /// Nanoseconds since 1970 UTC of its last change.
  let modified: Int64

  /// Whether the file is no more as it was.
  public func hasChanged(below root: HostRoot) -> Bool { root.mark(of: path) != self }
}

extension HostRoot {
  /// The bytes of a file that only root could have written.
  /// - Returns: `nil` when there is none, when others could have written it, or when it is longer than `limit`.
  func trustedBytes(_ path: String, limit: Int, using buffer: inout ReadBuffer) -> [UInt8]? {
    guard let file = try? open(path), file.isTrusted,
      buffer.fill(from: file.descriptor, limit: limit, endsAtShortRead: false) == .complete
    else { return nil }
    return buffer.withBytes { bytes in bytes.copy(bytes.indices) }
  }

  /// The file as it is now; `nil` when there is none.
  func mark(of path: String) -> FileMark? {
    guard let file = try? open(path) else { return nil }
    return FileMark(path: path, inode: file.inode, size: file.size, modified: file.modified)
  }
}
