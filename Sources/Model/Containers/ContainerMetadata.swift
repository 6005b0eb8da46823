public import Events

/// What is known of a container beside its id: an immutable value, bounded in all, that many events share.
///
/// The source that reads the runtimes' files makes it. Every text is what somebody who may start containers wrote, as
/// bytes; the environment is not among it.
public final class ContainerMetadata: Sendable {
  /// Bytes of text in all.
  public static let byteLimit = 64 << 10
  /// Bytes of one text.
  static let textLimit = 4096

  public let details: Details
  /// Whether something was cut or left out to keep within the limits.
  public let isClipped: Bool

  public struct Details: Equatable, Sendable {
    public var name: [UInt8]?
    /// The image as it was asked for.
    public var image: [UInt8]?
    public var repository: [UInt8]?
    public var tag: [UInt8]?
    public var digest: [UInt8]?
    public var imageID: [UInt8]?
    public var user: [UInt8]?
    /// In the order of their keys.
    public var labels: [Label] = []
    public var mounts: [Mount] = []
    public var isPrivileged: Bool?
    public var sharesHostPID: Bool?
    public var sharesHostNetwork: Bool?
    public var sharesHostIPC: Bool?
    public var healthcheck: Probe?
    public var livenessProbe: Probe?
    public var readinessProbe: Probe?
    public var podName: [UInt8]?
    public var podNamespace: [UInt8]?
    public var podUID: [UInt8]?
    /// Id of the container that holds the pod's namespaces.
    public var sandboxID: [UInt8]?
    /// Whether this container is that one itself.
    public var isSandbox = false

    public init() {}
  }

  public struct Label: Equatable, Sendable {
    public var key: [UInt8]
    public var value: [UInt8]

    public init(key: [UInt8], value: [UInt8]) {
      self.key = key
      self.value = value
    }
  }

  /// Something of the host's in the container.
  public struct Mount: Equatable, Sendable {
    public var source: [UInt8]
    public var destination: [UInt8]
    public var mode: [UInt8] = []
    public var isWritable = true
    public var propagation: [UInt8] = []

    public init(source: [UInt8], destination: [UInt8]) {
      self.source = source
      self.destination = destination
    }

    fileprivate var byteCount: Int {
      source.count + destination.count + mode.count + propagation.count
    }
  }

  /// A command that a runtime puts into the container now and then to see how it is.
  public enum Probe: Equatable, Sendable {
    /// Program and arguments, each ended by NUL, as `ProcessRow.arguments`.
    case command([UInt8])
    /// The image has one, and it was switched off.
    case switchedOff
  }

  /// Keeps of `details` what fits.
  public init(bounding details: Details) {
    var budget = Budget(left: Self.byteLimit)
    var kept = details
    let texts: [WritableKeyPath<Details, [UInt8]?>] = [
      \.name, \.image, \.repository, \.tag, \.digest, \.imageID, \.user, \.podName, \.podNamespace, \.podUID,
      \.sandboxID,
    ]
    for text in texts { kept[keyPath: text] = details[keyPath: text].map { budget.take($0) } }
    for probe in [\Details.healthcheck, \.livenessProbe, \.readinessProbe] {
      if case .command(let command) = details[keyPath: probe] {
        kept[keyPath: probe] = .command(budget.take(command))
      }
    }
    // What was given of the host matters more than labels.
    kept.mounts = details.mounts.filter { budget.takeWhole($0.byteCount) }
    kept.labels = details.labels.filter { budget.takeWhole($0.key.count + $0.value.count) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    self.details = kept
    isClipped = budget.isClipped
  }

  private struct Budget {
    var left: Int
    var isClipped = false

    mutating func take(_ text: [UInt8]) -> [UInt8] {
      let room = min(left, ContainerMetadata.textLimit)
      if text.count > room { isClipped = true }
      left -= min(room, text.count)
      return text.count > room ? Array(text.prefix(room)) : text
    }

    /// - Returns: whether there is room for all of it, and a little for what one costs besides its text.
    mutating func takeWhole(_ count: Int) -> Bool {
      guard count + 64 <= left else {
        isClipped = true
        return false
      }
      left -= count + 64
      return true
    }
  }
}

/// What a source found out about one container.
public struct ContainerAnswer: Sendable {
  public let id: [UInt8]
  /// What is known; `nil` when no runtime knows the container, or its cgroup is forged.
  public let metadata: ContainerMetadata?
  /// The runtime, when one vouches for the container.
  public let type: ContainerType?

  public init(id: [UInt8], metadata: ContainerMetadata?, type: ContainerType?) {
    self.id = id
    self.metadata = metadata
    self.type = type
  }
}
