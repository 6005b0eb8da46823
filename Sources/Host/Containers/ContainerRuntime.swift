/// What started a container, as far as its cgroup path, its shim or its state file tells.
public enum ContainerRuntime: UInt8, CaseIterable, Sendable {
  case unknown
  case docker, podman, containerd, crio, lxc, nspawn, buildkit
  /// A runtime used by hand; docker, podman and the others use the same two underneath.
  case runc, crun

  /// The word in `container.type`; the first four are Falco's.
  public var name: String {
    switch self {
    case .docker: "docker"
    case .podman: "podman"
    case .containerd: "containerd"
    case .crio: "cri-o"
    case .lxc: "lxc"
    case .nspawn: "nspawn"
    case .buildkit: "buildkit"
    case .runc: "runc"
    case .crun: "crun"
    case .unknown: "unknown"
    }
  }

  /// Whether this runtime works for others, so that its state file does not tell which of them started the container.
  var servesOthers: Bool { self == .runc || self == .crun }
}
