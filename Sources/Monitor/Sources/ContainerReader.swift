import Events
import Host

/// States a process's place: its cgroup path, and the container that it claims. One thread uses it.
struct ContainerReader: ~Copyable {
  /// What speaks for the claim of a cgroup path.
  enum Claim {
    case none, unvouched, vouched
  }

  private let root: HostRoot
  private let losses: LossCounters

  init(root: HostRoot, losses: LossCounters) {
    self.root = root
    self.losses = losses
  }

  /// Adds the path of `/proc/PID/cgroup`, and the claim in it.
  mutating func append(cgroup bytes: Span<UInt8>, to record: inout RecordWriter) -> Claim {
    guard let file = CgroupFile(parsing: bytes) else {
      losses.count(.unreadable)
      return .none
    }
    record.append(.cgroup, bytes.extracting(file.main.path))
    return .none
  }
}
