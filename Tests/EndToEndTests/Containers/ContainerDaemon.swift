import Glibc
import SystemPackage
import Testing

/// A container runtime with directories, socket and state of its own; everything it started ends with this object.
///
/// Nothing of it is in a standard place, so that what the agent finds it has found by itself.
final class ContainerDaemon {
  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case docker, podman, containerd

    var testDescription: String { rawValue }

    fileprivate var programs: [FilePath] {
      switch self {
      case .docker: ["/usr/sbin/dockerd", "/usr/bin/docker", "/usr/bin/containerd"]
      case .podman: ["/usr/bin/podman", "/usr/bin/conmon"]
      case .containerd: ["/usr/bin/containerd", "/usr/bin/ctr"]
      }
    }

    var isInstalled: Bool {
      Container.isPossible && programs.allSatisfy { Files.program($0) != nil }
    }
  }

  private let kind: Kind
  private let directory: TemporaryDirectory
  private var daemon: Program?
  private var names: [String] = []
  /// Parents of cgroups that the runtimes make and leave, those that were not there before.
  private let parents: [String]

  /// Starts the daemon, where the runtime has one, and gives it an image, `shop/web:1.2`.
  init(_ kind: Kind) throws {
    self.kind = kind
    parents = Self.parents.filter { !Files.exists(FilePath($0)) }
    directory = try TemporaryDirectory()
    try Container.makeRootFileSystem(in: directory.path)
    switch kind {
    case .docker:
      try start(
        "/usr/sbin/dockerd",
        [
          "--data-root", place("data"), "--exec-root", place("exec"), "-H", "unix://\(place("docker.sock"))",
          "--pidfile", place("docker.pid"), "--iptables=false", "--ip6tables=false", "--ip-masq=false",
          "--bridge=none", "--ip-forward=false", "--exec-opt", "native.cgroupdriver=cgroupfs",
        ], socket: "docker.sock")
      try importImage("shop/web:1.2")
    case .podman: try importImage("localhost/shop/web:1.2")
    case .containerd:
      let configuration = """
        version = 2
        disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
        root = "\(place("data"))"
        state = "\(place("state"))"
        [grpc]
          address = "\(place("containerd.sock"))"
        """
      let file = try directory.write(configuration, to: "config.toml")
      try start("/usr/bin/containerd", ["-c", file], socket: "containerd.sock")
    }
  }

  deinit {
    for name in names { _ = try? remove(name) }
    daemon?.signal(SIGTERM)
    _ = try? daemon?.finish(within: .seconds(20))
    if kind == .podman { _ = try? command(["unshare", "true"]).finish(within: .seconds(5)) }
    for parent in parents {
      _ = try? Program("/usr/bin/find", [parent, "-depth", "-type", "d", "-delete"]).finish()
    }
    // What a runtime mounted for its containers would keep the directory.
    _ = try? Program(
      "/bin/sh",
      [
        "-c", "grep -o \"$0[^ ]*\" /proc/self/mountinfo | sort -r | xargs -r umount -l",
        directory.path.string,
      ]
    ).finish()
  }

  private static var parents: [String] {
    ([""] + Files.names(in: "/sys/fs/cgroup")).flatMap { hierarchy in
      ["docker", "libpod_parent", "shop"].map { "/sys/fs/cgroup/\(hierarchy)/\($0)" }
    }
  }

  /// Gives a container of docker's another name.
  func rename(_ name: String, to other: String) throws {
    try succeed(["rename", name, other])
    names.append(other)
  }

  /// Puts a program into a container of docker's.
  func exec(_ name: String, _ command: [String]) throws { try succeed(["exec", name] + command) }

  /// Starts a container that sleeps.
  func run(_ name: String, _ options: [String] = []) throws {
    names.append(name)
    let sleep = ["/bin/sleep", "600"]
    switch kind {
    case .docker:
      try succeed(["run", "-d", "--name", name, "--network", "none"] + options + ["shop/web:1.2"] + sleep)
    case .podman:
      try succeed(
        [
          "run", "-d", "--name", name, "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit",
          "nproc=1000:1000",
        ]
          + options + ["localhost/shop/web:1.2"] + sleep)
    case .containerd:
      try succeed(["-n", "shop", "run", "-d"] + options + ["--rootfs", place("rootfs"), name] + sleep)
    }
  }

  private func remove(_ name: String) throws {
    switch kind {
    case .docker, .podman: _ = try command(["rm", "-f", name]).finish(within: .seconds(20))
    case .containerd:
      for arguments in [
        ["task", "kill", "-s", "KILL", name], ["task", "delete", "-f", name], ["container", "delete", name],
      ] {
        _ = try command(["-n", "shop"] + arguments).finish(within: .seconds(20))
      }
    }
  }

  private func importImage(_ name: String) throws {
    let tar = place("rootfs.tar")
    _ = try Program("/bin/tar", ["-C", place("rootfs"), "-cf", tar, "."]).finish()
    try succeed(["import", tar, name])
  }

  private func start(_ program: FilePath, _ arguments: [String], socket: String) throws {
    // What it says goes to a file: nobody would empty a pipe.
    daemon = try Program(
      "/bin/sh", ["-c", "exec \"$@\" > \"$0\" 2>&1", place("log"), program.string] + arguments)
    for _ in 0..<6000 {
      if Files.exists(directory.path.appending(socket)) { return }
      usleep(20_000)
    }
    throw Failure(text: Files.text(directory.path.appending("log")))
  }

  private func place(_ name: String) -> String { directory.path.appending(name).string }

  /// A client with its arguments.
  private func command(_ arguments: [String]) throws -> Program {
    switch kind {
    case .docker: try Program("/usr/bin/docker", ["-H", "unix://\(place("docker.sock"))"] + arguments)
    case .podman:
      try Program(
        "/usr/bin/podman",
        [
          "--root", place("data"), "--runroot", place("run"), "--tmpdir", place("tmp"), "--storage-driver",
          "vfs",
          "--cgroup-manager", "cgroupfs", "--events-backend", "file", "--runtime", "runc",
        ] + arguments)
    case .containerd: try Program("/usr/bin/ctr", ["-a", place("containerd.sock")] + arguments)
    }
  }

  private func succeed(_ arguments: [String]) throws {
    let outcome = try command(arguments).finish(within: .seconds(120))
    guard outcome.status == 0 else { throw Failure(text: outcome.errors) }
  }

  struct Failure: Error, CustomStringConvertible {
    var text: String
    var description: String { "the runtime did not do as it was told: \(text)" }
  }
}
