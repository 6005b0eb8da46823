/// Where a runtime keeps what it knows of its containers: one file for each, found by the id.
public struct StatePlace: Equatable, Sendable {
  /// What the file is, and so how it tells the container's cgroups.
  public enum Format: Equatable, Sendable {
    /// runc's JSON: first process and cgroups.
    case runc
    /// crun's JSON: the same.
    case crun
    /// The configuration of an OCI bundle: the cgroup.
    case bundle
    /// Only that it is there counts. The runtime puts the container's cgroup at one of these paths, `*` being the id as
    /// the path writes it.
    case mark(cgroups: [String])
  }

  public let runtime: ContainerRuntime
  public let format: Format
  /// The path before the id.
  let prefix: String
  /// The path after the id.
  let suffix: String

  /// - Parameters:
  ///   - directory: absolute on the host; the id is a name in it.
  ///   - file: what to read below that name; `nil` when the name itself is the file.
  public init(_ runtime: ContainerRuntime, _ format: Format, directory: String, file: String?) {
    self.runtime = runtime
    self.format = format
    prefix = directory + "/"
    suffix = file.map { "/" + $0 } ?? ""
  }

  /// Where the runtimes keep it unless told otherwise, those that tell the first process first. Only places that root
  /// alone can write: what a user's own podman writes vouches for nothing.
  public static let standard: [StatePlace] = states + bundles + marks

  private static let states = [
    StatePlace(.docker, .runc, directory: "/run/docker/runtime-runc/moby", file: "state.json"),
    StatePlace(.docker, .runc, directory: "/run/containerd/runc/moby", file: "state.json"),
    StatePlace(.containerd, .runc, directory: "/run/containerd/runc/k8s.io", file: "state.json"),
    StatePlace(.containerd, .runc, directory: "/run/containerd/runc/default", file: "state.json"),
    StatePlace(.crun, .crun, directory: "/run/crun", file: "status"),
    StatePlace(.runc, .runc, directory: "/run/runc", file: "state.json"),
  ]

  private static let bundles: [StatePlace] = {
    let tasks = "io.containerd.runtime.v2.task"
    let store = "overlay-containers"
    return [
      StatePlace(
        .docker, .bundle, directory: "/run/docker/containerd/daemon/\(tasks)/moby", file: "config.json"),
      StatePlace(.docker, .bundle, directory: "/run/containerd/\(tasks)/moby", file: "config.json"),
      StatePlace(.containerd, .bundle, directory: "/run/containerd/\(tasks)/k8s.io", file: "config.json"),
      StatePlace(.containerd, .bundle, directory: "/run/containerd/\(tasks)/default", file: "config.json"),
      // `crun run` writes its state file when the program has been started already.
      StatePlace(.crun, .bundle, directory: "/run/crun", file: "config.json"),
      // CRI-O and podman share this store; the claim tells them apart.
      StatePlace(.runc, .bundle, directory: "/run/containers/storage/\(store)", file: "userdata/config.json"),
      StatePlace(
        .runc, .bundle, directory: "/var/lib/containers/storage/\(store)", file: "userdata/config.json"),
    ]
  }()

  private static let marks = [
    StatePlace(
      .lxc, .mark(cgroups: ["/lxc.payload.*", "/lxc.payload/*", "/lxc/*"]), directory: "/var/lib/lxc",
      file: "config"),
    StatePlace(
      .nspawn,
      .mark(cgroups: ["/machine.slice/machine-*.scope", "/machine.slice/systemd-nspawn@*.service"]),
      directory: "/run/systemd/machines", file: nil),
  ]
}
