import Glibc
import SystemPackage
import Testing

/// A running container: runc's or crun's, with a busybox root file system and namespaces and cgroups of its own.
///
/// Killed and deleted when this object goes.
final class Container {
  /// What starts a container and keeps a file of it.
  enum Runtime: String, CaseIterable, CustomTestStringConvertible {
    case runc, crun

    var testDescription: String { rawValue }

    fileprivate var program: FilePath? {
      Files.program(FilePath("/usr/sbin/\(rawValue)"), FilePath("/usr/bin/\(rawValue)"))
    }

    var isInstalled: Bool { program != nil }

    fileprivate func program(_ arguments: [String]) throws -> Program { try Program(program!, arguments) }

    /// A command that starts a container. Where version 1 and 2 of cgroups stand side by side crun gives up, so it sees
    /// version 1 alone.
    fileprivate func starting(_ arguments: [String]) -> [String] {
      let command = [program!.string] + arguments
      guard self == .crun else { return command }
      let hide = """
        ! grep -q ' /sys/fs/cgroup/unified cgroup2 ' /proc/self/mounts || umount /sys/fs/cgroup/unified
        exec "$@"
        """
      return ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc", hide, "crun"]
        + command
    }

    /// 64 hexadecimal digits, as everything above runc chooses them; a name, as people do, for crun.
    fileprivate func makeID() -> String {
      let random = (0..<54).map { _ in "0123456789abcdef".randomElement()! }
      return self == .crun
        ? "box-" + idMark + String(random.prefix(8))
        : String(random.prefix(12)) + idMark + String(random.dropFirst(12))
    }
  }

  let id: String
  private let runtime: Runtime
  private let directory: TemporaryDirectory
  private var console: Program?

  /// What the container gets; the defaults are those of a service that nobody made privileged.
  struct Options {
    var runtime = Runtime.runc
    /// What runs in it, as its first process.
    var arguments = ["/bin/sleep", "600"]
    /// A terminal for the first process.
    var hasTerminal = false
    var namespaces = ["pid", "mount", "network", "ipc", "uts"]
    var capabilities: [String] = []
    /// What is mounted besides: a path of the host, and where.
    var binds: [(source: String, destination: String)] = []
    /// Whether the root file system is an overlay that the container can write, as with every image.
    var isOverlay = false
    /// Below the root of each cgroup hierarchy, `ID` for the id.
    var cgroupPath = "/ID"
    var annotations: [String: String] = [:]
    /// Its own cgroups below `/sys/fs/cgroup`, as every runtime mounts them.
    var hasCgroups = false
  }

  /// Marks the ids of this run's containers.
  static let idMark = "57" + String(UInt32(getpid()), radix: 16).leftPadded(to: 8)

  private static let busybox = Files.program("/usr/bin/busybox", "/bin/busybox")
  static var isPossible: Bool { Runtime.runc.isInstalled && busybox != nil }

  /// Makes the container and waits until its first process runs.
  init(_ options: Options = Options()) throws {
    runtime = options.runtime
    id = runtime.makeID()
    directory = try TemporaryDirectory()
    try Self.makeRootFileSystem(in: directory.path)
    try directory.write(Self.configuration(options, of: id), to: "config.json")
    if options.hasTerminal {
      console = try Self.onTerminal(runtime.starting(["run", "--bundle", directory.path.string, id]))
    } else {
      // Its first process inherits the streams and must not keep ours open.
      let command = runtime.starting(["run", "--detach", "--bundle", directory.path.string, id])
      try run(
        "/bin/sh",
        ["-c", "exec \"$@\" < /dev/null > \"$0/log\" 2>&1", directory.path.string]
          + (options.isOverlay ? onOverlay(command) : command))
    }
    try waitUntilRunning()
  }

  /// Runs containers one after the other, each to the end of its program, and leaves none behind.
  /// - Returns: their ids.
  static func runToEnd(
    _ options: Options, times: Int, in directory: borrowing TemporaryDirectory
  ) throws -> [String] {
    try makeRootFileSystem(in: directory.path)
    var ids: [String] = []
    for _ in 0..<times {
      let id = options.runtime.makeID()
      try directory.write(configuration(options, of: id), to: "config.json")
      let command = options.runtime.starting(["run", "--bundle", directory.path.string, id])
      let outcome = try Program(FilePath(command[0]), Array(command.dropFirst())).finish(
        within: .seconds(120))
      guard outcome.status == 0 else { throw Failure(text: outcome.errors) }
      ids.append(id)
    }
    return ids
  }

  deinit {
    _ = try? runtime.program(["delete", "--force", id]).finish()
    // The terminal's program ends with the container.
    _ = try? console?.finish(within: .seconds(20))
  }

  /// The command with the overlay mounted in a mount namespace of its own, which the container's comes from: nothing is
  /// left of it on the host.
  private func onOverlay(_ command: [String]) -> [String] {
    let mount = """
      cd "$0"; mkdir -p upper work merged
      mount -t overlay -o lowerdir="$0/rootfs",upperdir="$0/upper",workdir="$0/work" none merged
      exec "$@"
      """
    return [
      "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc", mount,
      directory.path.string,
    ]
      + command
  }

  /// Puts a program into the running container, and waits for its end.
  func exec(_ arguments: [String], onTerminal: Bool = false) throws -> Outcome {
    try start(arguments, onTerminal: onTerminal).finish()
  }

  /// Puts a program into the running container: it lives until it was seen, at most as long as the container.
  /// - Parameters:
  ///   - onTerminal: with a terminal, as `docker exec -t` has it.
  ///   - capabilities: that it has and the container has not.
  func start(
    _ arguments: [String], onTerminal: Bool = false, capabilities: [String] = []
  ) throws -> Program {
    let command =
      ["exec"] + (onTerminal ? ["--tty"] : []) + capabilities.flatMap { ["--cap", $0] } + [id] + arguments
    return try onTerminal ? Self.onTerminal([runtime.program!.string] + command) : runtime.program(command)
  }

  /// Kills its first process, and with it the container, of which the runtime goes on to know.
  func killFirstProcess() throws -> Outcome { try runtime.program(["kill", id, "KILL"]).finish() }

  /// Freezes all of its processes.
  func pause() throws -> Outcome { try runtime.program(["pause", id]).finish() }

  func resume() throws -> Outcome { try runtime.program(["resume", id]).finish() }

  /// The process id of its first process, as the host sees it.
  func firstProcess() throws -> pid_t {
    let state = try runtime.program(["state", id]).finish()
    guard case .integer(let pid)? = try JSONTree(state.output)["pid"] else {
      throw Failure(text: state.output)
    }
    return pid_t(pid)
  }

  /// A copy of a program of the host in the container, below `/bin`.
  func install(_ program: FilePath) throws {
    try run("/bin/cp", [program.string, directory.path.appending("rootfs/bin").string])
  }

  struct Failure: Error, CustomStringConvertible {
    var text: String
    var description: String { "the container did not come up: \(text)" }
  }

  /// Makes a busybox root file system, `rootfs` in `directory`.
  static func makeRootFileSystem(in directory: FilePath) throws {
    let outcome = try Program(
      "/bin/sh",
      [
        "-euc",
        """
        cd "$0"; mkdir -p rootfs; cd rootfs; mkdir -p bin dev etc proc root sys tmp
        cp "$1" bin/busybox
        for name in sh sleep cat chmod cp id mount nsenter true umount; do ln -s busybox "bin/$name"; done
        echo 'root:x:0:0:root:/root:/bin/sh' > etc/passwd
        """, directory.string, busybox!.string,
      ]
    ).finish()
    guard outcome.status == 0 else { throw Failure(text: outcome.errors) }
  }

  private func waitUntilRunning() throws {
    var state = ""
    for _ in 0..<3000 {
      state = try runtime.program(["state", id]).finish().output
      if (try? JSONTree(state)["status"]) == .text("running") { return }
      usleep(20_000)
    }
    throw Failure(text: state + Files.text(directory.path.appending("log")))
  }

  /// A program on a terminal of its own. See script(1).
  private static func onTerminal(_ command: [String]) throws -> Program {
    try Program(
      "/usr/bin/script",
      ["--quiet", "--return", "--command", command.map { "'\($0)'" }.joined(separator: " "), "/dev/null"],
      input: nil)
  }

  private func run(_ path: FilePath, _ arguments: [String]) throws {
    let outcome = try Program(path, arguments).finish(within: .seconds(120))
    guard outcome.status == 0 else {
      throw Failure(text: outcome.errors + Files.text(directory.path.appending("log")))
    }
  }

  private static func configuration(_ options: Options, of id: String) -> String {
    let list = { (items: [String]) in "[" + items.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }
    let capabilities = list(options.capabilities)
    let cgroups =
      #"{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]}"#
    let annotations = options.annotations.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ")
    let binds = options.binds.map {
      """
      ,
          {"destination": "\($0.destination)", "type": "bind", "source": "\($0.source)", "options": ["bind"]}
      """
    }.joined()
    return """
      {
        "ociVersion": "1.0.2",
        "process": {
          "terminal": \(options.hasTerminal),
          "user": {"uid": 0, "gid": 0},
          "args": \(list(options.arguments)),
          "env": ["PATH=/bin", "TERM=dumb"],
          "cwd": "/",
          "capabilities": {
            "bounding": \(capabilities), "effective": \(capabilities), "permitted": \(capabilities)
          },
          "noNewPrivileges": true
        },
        "root": {"path": "\(options.isOverlay ? "merged" : "rootfs")"},
        "hostname": "test",
        "mounts": [
          {"destination": "/proc", "type": "proc", "source": "proc"},
          {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
          {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
           "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]}\(binds)
          \(options.hasCgroups ? ", \(cgroups)" : "")
        ],
        "annotations": {\(annotations)},
        "linux": {
          "cgroupsPath": "\(options.cgroupPath.replacing("ID", with: id))",
          "namespaces": [\(options.namespaces.map { "{\"type\": \"\($0)\"}" }.joined(separator: ", "))]
        }
      }
      """
  }
}

extension String {
  fileprivate func leftPadded(to count: Int) -> String {
    String(repeating: "0", count: max(0, count - self.count)) + self
  }
}
