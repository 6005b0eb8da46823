/// Where a record came from; `evt.source_name` prints its name.
public enum SourceID: UInt8, CaseIterable, Sendable {
  /// The agent itself: losses, stuck readers.
  case agent
  /// Sweeps over `/proc`.
  case procfs
  /// The kernel's process connector.
  case connector
  /// The kernel's settings and modules.
  case host
  /// The mounts of every mount namespace.
  case mounts
  /// The trees of cgroups.
  case cgroup
  /// The files in which container runtimes keep what they know.
  case containers

  /// The name in `--sources`, in counters and in `evt.source_name`.
  public var name: String {
    switch self {
    case .agent: "agent"
    case .procfs: "procfs"
    case .connector: "connector"
    case .host: "host"
    case .mounts: "mounts"
    case .cgroup: "cgroup"
    case .containers: "containers"
    }
  }
}
