/// What the files of a runtime tell of one container.
///
/// Every text is what somebody who may start containers wrote. The environment is not among it, on purpose: it holds
/// secrets. What a file does not tell is `nil` or empty.
public struct ContainerDescription: Equatable, Sendable {
  public var name: String?
  /// The image as it was asked for.
  public var image: String?
  /// 64 hexadecimal digits, without `sha256:`.
  public var imageID: String?
  /// Of the image in its registry, as `sha256:…`.
  public var imageDigest: String?
  public var labels: [String: String] = [:]
  /// The user that it was to run as: a name, or numbers, as its configuration writes it.
  public var user: String?
  public var isPrivileged: Bool?
  public var mounts: [Mount] = []
  public var sharesHostPID: Bool?
  public var sharesHostNetwork: Bool?
  public var sharesHostIPC: Bool?
  public var healthcheck: Probe?
  public var livenessProbe: Probe?
  public var readinessProbe: Probe?
  public var pod = Pod()
  /// Whether this container only holds the namespaces of its pod (`pause`).
  public var isSandbox = false
  /// Its root file system, as a path on the host; a hint to where the runtime keeps its files.
  var rootFileSystem: String?
  /// The directory that the runtime was told to start the container from, as a path on the host.
  var bundle: String?

  public init() {}

  /// A file or directory of the host in the container.
  public struct Mount: Equatable, Sendable {
    public var source: String
    public var destination: String
    /// Options as the runtime writes them, such as `z`; mostly empty.
    public var mode: String
    public var isWritable: Bool
    /// `rprivate`, `rshared`, `rslave` and the like; empty when nothing is said.
    public var propagation: String

    public init(source: String, destination: String, mode: String, isWritable: Bool, propagation: String) {
      self.source = source
      self.destination = destination
      self.mode = mode
      self.isWritable = isWritable
      self.propagation = propagation
    }
  }

  /// A command that somebody outside runs in the container to see how it is.
  public enum Probe: Equatable, Sendable {
    /// Program and arguments.
    case command([String])
    /// The image has one, and it was switched off.
    case none
  }

  /// The Kubernetes pod that the container belongs to.
  public struct Pod: Equatable, Sendable {
    public var name: String?
    public var namespace: String?
    public var uid: String?
    /// Id of the container that holds the pod's namespaces.
    public var sandboxID: String?

    public init() {}
  }

  /// Takes over from another file what this one does not tell.
  mutating func fill(from other: ContainerDescription) {
    name = name ?? other.name
    image = image ?? other.image
    imageID = imageID ?? other.imageID
    imageDigest = imageDigest ?? other.imageDigest
    labels.merge(other.labels) { own, _ in own }
    user = user ?? other.user
    isPrivileged = isPrivileged ?? other.isPrivileged
    if mounts.isEmpty { mounts = other.mounts }
    sharesHostPID = sharesHostPID ?? other.sharesHostPID
    sharesHostNetwork = sharesHostNetwork ?? other.sharesHostNetwork
    sharesHostIPC = sharesHostIPC ?? other.sharesHostIPC
    healthcheck = healthcheck ?? other.healthcheck
    livenessProbe = livenessProbe ?? other.livenessProbe
    readinessProbe = readinessProbe ?? other.readinessProbe
    pod.name = pod.name ?? other.pod.name
    pod.namespace = pod.namespace ?? other.pod.namespace
    pod.uid = pod.uid ?? other.pod.uid
    pod.sandboxID = pod.sandboxID ?? other.pod.sandboxID
    isSandbox = isSandbox || other.isSandbox
    rootFileSystem = rootFileSystem ?? other.rootFileSystem
    bundle = bundle ?? other.bundle
  }
}
