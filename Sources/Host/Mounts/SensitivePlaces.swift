// Unsafe: openat2 below a directory that the type owns.
import CLinux
import Glibc

/// Says of a mount whether a container that has it has power over the host. One thread uses it.
///
/// Sockets of container runtimes are looked for on the host, by paths of the host, and nowhere else.
public struct SensitivePlaces: ~Copyable, Sendable {
  private let rootDirectory: Int32

  public init(root: HostRoot) {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    rootDirectory = unsafe wh_open_root(root.isLive ? "/" : root.prefix)
  }

  deinit { if rootDirectory >= 0 { close(rootDirectory) } }

  /// Whether the mount is a container runtime's socket, whatever it is called there, or a directory that holds one.
  /// Who can write to such a socket is root on the host; a mount that is only readable is no hindrance.
  /// - Parameter places: those of the host; nothing is looked at that lies behind a server.
  public func isRuntimeSocket(_ mount: Mount, among places: HostPlaces) -> Bool {
    if Self.isSocketName(mount.root) || Self.isSocketName(mount.point) { return true }
    guard let place = places.place(of: mount) else { return false }
    if Self.isSocketName(place.path) { return true }
    guard !place.isRemote, Self.mayHoldSocket(mount) else { return false }
    return Self.sockets(at: place.path).contains { !places.crossesRemote($0) && isSocket($0) }
  }

  /// Whether a directory or file of the host is shown that no container should have.
  /// - Parameter place: what `HostPlaces` says of the mount.
  public func isHostPath(_ mount: Mount, at place: HostPlaces.Place?) -> Bool {
    guard let place, !Self.isKernelInterface(mount) else { return false }
    return Self.wholes.contains { place.path.elementsEqual($0.utf8) }
      || Self.trees.contains { PathBytes.isAt(place.path, orBelow: $0) }
      || !mount.isReadOnly && Self.programTrees.contains { PathBytes.isAt(place.path, orBelow: $0) }
  }

  private func isSocket(_ path: [UInt8]) -> Bool {
    guard rootDirectory >= 0, !path.contains(0) else { return false }
    // SAFETY: ended by NUL; the array outlives the call.
    return unsafe wh_is_socket_below(rootDirectory, path + [0]) == 1
  }

  // MARK: - What is known

  private static func isSocketName(_ path: [UInt8]) -> Bool {
    let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
    return socketNames.contains { name.elementsEqual($0.utf8) }
  }

  /// The paths at which a runtime's socket would be seen through a mount of `directory`.
  private static func sockets(at directory: [UInt8]) -> [[UInt8]] {
    let own = directory == [UInt8(ascii: "/")] ? [] : directory
    return socketPaths.map { Array($0.utf8) }.filter { PathBytes.remainder(of: $0, below: directory) != nil }
      + socketsBelowRunDirectory.map { own + Array("/\($0)".utf8) }
  }

  /// Memory and disks; no interface of the kernel.
  private static func mayHoldSocket(_ mount: Mount) -> Bool { !isOfKernel(mount) }

  /// Whether the kernel itself makes what is in the file system.
  static func isOfKernel(_ mount: Mount) -> Bool {
    kernelTypes.contains { mount.fileSystem.elementsEqual($0.utf8) }
  }

  /// `/proc` and `/sys` of a container that shares the host's are the host's; there they belong.
  private static func isKernelInterface(_ mount: Mount) -> Bool {
    isOfKernel(mount)
      && (PathBytes.isAt(mount.point, orBelow: "/proc") || PathBytes.isAt(mount.point, orBelow: "/sys")
        || PathBytes.isAt(mount.point, orBelow: "/dev"))
  }

  private static let kernelTypes = [
    "bpf", "cgroup", "cgroup2", "debugfs", "devpts", "mqueue", "nsfs", "proc", "securityfs", "sysfs",
    "tracefs",
  ]
  private static let socketNames = [
    "docker.sock", "podman.sock", "containerd.sock", "crio.sock", "cri-dockerd.sock", "dockershim.sock",
    "buildkitd.sock", "balena-engine.sock",
  ]
  private static let socketPaths = [
    "/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock",
    "/run/k3s/containerd/containerd.sock", "/run/crio/crio.sock", "/run/cri-dockerd.sock",
    "/run/dockershim.sock",
    "/run/buildkit/buildkitd.sock", "/var/lib/lxd/unix.socket", "/var/lib/incus/unix.socket",
    "/var/snap/lxd/common/lxd/unix.socket",
  ]
  /// As rootless runtimes have them below `/run/user/UID`.
  private static let socketsBelowRunDirectory = [
    "docker.sock", "podman.sock", "podman/podman.sock", "containerd.sock", "containerd/containerd.sock",
    "crio.sock", "buildkitd.sock",
  ]
  /// Themselves, not what lies below.
  private static let wholes = [
    "/", "/dev", "/etc", "/home", "/run", "/var", "/var/lib",
    "/var/lib/containerd", "/var/lib/containers", "/var/lib/docker", "/var/lib/kubelet", "/var/log",
    "/var/run",
    "/var/spool",
  ]
  /// With everything below.
  private static let trees = [
    "/boot", "/etc/cron.d", "/etc/crontab", "/etc/group", "/etc/gshadow", "/etc/kubernetes",
    "/etc/ld.so.preload",
    "/etc/pam.d", "/etc/passwd", "/etc/shadow", "/etc/ssh", "/etc/sudoers", "/etc/sudoers.d", "/etc/systemd",
    "/proc",
    "/root", "/sys", "/var/spool/cron",
  ]
  /// With everything below, where it can be written: runtimes show containers some of the host's programs and modules to
  /// be read (docker-init, drivers), and everybody has the like.
  private static let programTrees = ["/bin", "/lib", "/lib64", "/sbin", "/usr"]
}
