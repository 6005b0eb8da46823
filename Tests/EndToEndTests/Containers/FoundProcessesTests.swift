import SystemPackage
import Testing

/// What the whole agent says of processes as they were found on two hosts: containers of each runtime, and what is none.
///
/// All cases of a host lie below one root, and one agent looks at them. Only root's files vouch for a container.
@Suite(.needsRoot) struct FoundProcessesTests {
  /// A process, and what is to be said of it.
  struct Found: CustomTestStringConvertible, Sendable {
    let fixture: String
    let pid: UInt64
    /// Runtime, id, standing, and what is known of name, image and user; `host` for a process in no container.
    let container: String
    /// Effective user id.
    let uid: UInt64
    /// How many capabilities it has.
    let capabilities: Int
    /// The namespaces that it shares with the host.
    let shared: String

    init(
      _ fixture: String, _ pid: UInt64, _ container: String, uid: UInt64 = 0, capabilities: Int,
      shares: String
    ) {
      (self.fixture, self.pid, self.container, self.uid) = (fixture, pid, container, uid)
      (self.capabilities, shared) = (capabilities, shares)
    }

    var testDescription: String { "\(fixture) \(pid)" }
  }

  private static let all = "cgroup ipc mnt net pid user uts"

  /// Kernel 6.18, version 1 of cgroups, no process 1 to compare with. Nobody there has CAP_SYS_RESOURCE.
  static let version1: [Found] = [
    Found("docker-default", 17520, "host", capabilities: 40, shares: all),
    Found(
      "docker-default", 17551, "docker 020fcb10a400 vouched docker-default bb:1 0:0", capabilities: 14,
      shares: "cgroup user"),
    Found(
      "docker-privileged", 21954, "docker 233c67889e5c vouched privileged docker-privileged bb:1 0:0",
      capabilities: 37, shares: "cgroup user"),
    Found(
      "docker-cap-add", 20107, "docker 55551144bdef vouched docker-cap-add bb:1 0:0", capabilities: 16,
      shares: "cgroup user"),
    Found(
      "docker-cap-drop", 20282, "docker 09d40f191532 vouched docker-cap-drop bb:1 0:0", capabilities: 0,
      shares: "cgroup user"),
    Found(
      "docker-nonroot", 20449, "docker b7ac20e4f421 vouched docker-nonroot bb:1 1000:1000", uid: 1000,
      capabilities: 0, shares: "cgroup user"),
    Found(
      "docker-pid-host", 17942, "docker f02e97144351 vouched docker-pid-host bb:1 0:0", capabilities: 14,
      shares: "cgroup pid user"),
    Found(
      "docker-net-host", 18221, "docker 7bb2e62debba vouched docker-net-host bb:1 0:0", capabilities: 14,
      shares: "cgroup net user"),
    Found(
      "docker-ipc-uts-host", 18516, "docker 25185cd15c8d vouched docker-ipc-uts-host bb:1 0:0",
      capabilities: 14, shares: "cgroup ipc user uts"),
    Found(
      "docker-cgroupns-host", 18897, "docker 59787affb944 vouched docker-cgroupns-host bb:1 0:0",
      capabilities: 14, shares: "user"),
    // No file speaks for it, but its namespaces do.
    Found(
      "docker-drift-exec", 26319, "docker cb4899c0fc08 unvouched - - -", capabilities: 14,
      shares: "cgroup user"),
    Found(
      "podman-default", 2944, "podman 8f390c028973 vouched podman-default localhost/bb:2 0:0",
      capabilities: 11, shares: "cgroup user"),
    Found(
      "podman-privileged", 3099,
      "podman 615ed526c3fa vouched privileged podman-privileged localhost/bb:2 0:0",
      capabilities: 40, shares: "cgroup user"),
    Found(
      "podman-userns", 3300, "podman 0f042be6fb98 vouched podman-userns localhost/bb:2 0:0", uid: 200_000,
      capabilities: 11, shares: "cgroup"),
    Found(
      "podman-host", 3427, "podman f1efe6f7b4da vouched podman-host localhost/bb:2 0:0", capabilities: 11,
      shares: "cgroup net pid user"),
    Found(
      "containerd-ctr-k8s-ns", 6682, "containerd ctr1 vouched - - 0:0", capabilities: 14,
      shares: "cgroup user"),
    Found(
      "containerd-ctrk", 7623, "containerd ctrk vouched app registry.example/app:1.2 0:0", capabilities: 14,
      shares: "cgroup user"),
    Found(
      "containerd-ctrn", 7674, "containerd ctrn vouched - - 0:0", capabilities: 14,
      shares: "cgroup net user"),
    Found(
      "containerd-ctrp", 7571, "containerd ctrp vouched privileged - - 0:0", capabilities: 40,
      shares: "cgroup user"),
    Found(
      "runc-k8s-burstable", 30973, "containerd aaaaaaaaaaaa vouched app registry.example/app:1.2 0:0",
      capabilities: 3, shares: "cgroup user"),
    Found(
      "runc-crio-name", 31288, "cri-o dddddddddddd vouched k8s_app_web-0_shop_0f1e_0 - 0:0", capabilities: 3,
      shares: "cgroup user"),
    Found("crun-default", 6532, "crun crun1 vouched - - 0:0", capabilities: 3, shares: "cgroup user"),
    Found("runc-default", 29036, "runc runc-default vouched - - 0:0", capabilities: 3, shares: "cgroup user"),
    // Its bundle, which would say as whom it was started, is not there.
    Found(
      "runc-privileged", 29120, "runc runc-privileged vouched privileged - - -", capabilities: 37,
      shares: "cgroup user"),
    Found(
      "runc-ambient", 27619, "runc runc-ambient vouched - - 1000:1000", uid: 1000, capabilities: 1,
      shares: "cgroup user"),
    Found(
      "runc-setuid-root-proc", 30886, "runc runc-setuid-root-proc vouched - - -", capabilities: 3,
      shares: "cgroup user"),
    Found(
      "runc-host-pid", 29378, "runc runc-host-pid vouched - - -", capabilities: 3, shares: "cgroup pid user"),
    Found(
      "runc-nosandbox", 29291, "runc runc-nosandbox vouched - - -", capabilities: 3,
      shares: "cgroup ipc net pid user uts"),
    // All capabilities in a user namespace of its own are no power over the host.
    Found(
      "runc-userns-caps", 30271, "runc runc-userns-caps vouched - - -", uid: 100_000, capabilities: 37,
      shares: "cgroup"),
    Found(
      "runc-userns", 30097, "runc runc-userns vouched - - -", uid: 100_000, capabilities: 3, shares: "cgroup"),
    Found(
      "runc-userns-identity", 30181, "runc runc-userns-identity vouched - - -", capabilities: 3,
      shares: "cgroup"),
    Found("lxc-default", 10000, "lxc c1 vouched privileged c1 - -", capabilities: 40, shares: "net user"),
    Found("lxc-default", 9999, "host", capabilities: 40, shares: all),
    // Namespaces alone make no container: their processes are the host's, with these namespaces.
    Found("nspawn-default", 9918, "host", capabilities: 26, shares: "user"),
    Found("nspawn-default", 9916, "host", capabilities: 40, shares: all),
    Found("bwrap-default", 8122, "host", capabilities: 40, shares: ""),
    Found("unshare-userns", 8199, "host", capabilities: 41, shares: "cgroup ipc net uts"),
    Found(
      "unshare-unpriv-userns", 8250, "host", uid: 1000, capabilities: 41, shares: "cgroup ipc mnt pid uts"),
    Found("chroot", 8294, "host", capabilities: 40, shares: all),
    Found("host-process", 8346, "host", capabilities: 40, shares: all),
    Found("setuid-escape", 11186, "host", capabilities: 40, shares: all),
    Found("setuid-escape", 11189, "host", capabilities: 40, shares: all),
    Found("setuid-escape", 11187, "host", uid: 4242, capabilities: 0, shares: all),
    Found("setuid-escape", 10727, "host", uid: 4242, capabilities: 0, shares: all),
  ]

  /// Kernel 6.1, systemd, version 2 of cgroups.
  static let version2: [Found] = [
    Found(
      "v2-docker-default", 1301, "docker 282f98d01127 vouched docker-default bb:1 0:0", capabilities: 14,
      shares: "user"),
    Found("v2-docker-default", 1279, "host", capabilities: 41, shares: all),
    Found(
      "v2-podman-default", 4482, "podman 05b509df11fa vouched - - 0:0", capabilities: 11, shares: "user"),
    Found("v2-podman-default", 4480, "host", capabilities: 41, shares: all),
    Found(
      "v2-k8s-containerd", 4729, "containerd cccccccccccc vouched app - 0:0",
      capabilities: 14, shares: "cgroup user"),
    Found(
      "v2-systemd-sandboxed", 4774, "host", uid: 63847, capabilities: 0, shares: "cgroup ipc pid user uts"),
  ]

  // MARK: -

  @Test("a process is known for what it is", arguments: version1 + version2)
  func process(found: Found) throws {
    let event = try #require(try Self.events.get()[found.pid])
    #expect(Self.container(in: event) == found.container)
    #expect(event["user.uid"] == .integer(found.uid))
    #expect(event["thread.cap_effective"]?.text?.split(separator: " ").count == found.capabilities)
    let types = Self.all.split(separator: " ").filter { event["proc.ns.\($0).is_host"] == .bool(true) }
    #expect(types.joined(separator: " ") == found.shared)
    guard found.container != "host" else { return }
    for (field, type) in [
      ("container.host_pid", "pid"), ("container.host_network", "net"), ("container.host_ipc", "ipc"),
    ] {
      #expect(event[field] == .bool(types.contains { $0 == type }), "\(field)")
    }
  }

  @Test(
    "a pod's containers are known by their pod",
    arguments: [
      (30973, "web-0", "shop", "0f1e2d3c-4b5a-6978-8899-aabbccddeeff"), (31288, "web-0", "shop", "0f1e2d3c"),
      (7623, "web-0", "shop", nil), (6682, "web-0", "shop", nil),
      (4729, "web-0", "shop", "0f1e2d3c-4b5a-6978-8899-aabbccddeeff"), (17551, nil, nil, nil),
    ] as [(UInt64, String?, String?, String?)])
  func pod(pid: UInt64, name: String?, namespace: String?, uid: String?) throws {
    let event = try #require(try Self.events.get()[pid])
    #expect(event["k8s.pod.name"]?.text == name)
    #expect(event["k8s.ns.name"]?.text == namespace)
    #expect(event["k8s.pod.uid"]?.text == uid)
  }

  private static func container(in event: JSONTree) -> String {
    guard let type = event["container.type"]?.text, type != "host" else { return "host" }
    let isPrivileged = event["container.privileged"] == .bool(true)
    let standing = event["container.vouched"] == .bool(true) ? "vouched" : "unvouched"
    let texts = ["name", "image", "user"].map { event["container.\($0)"]?.text ?? "-" }
    let id = event["container.id"]?.text ?? "-"
    return ([type, id, standing] + (isPrivileged ? ["privileged"] : []) + texts).joined(separator: " ")
  }

  /// What the agent says of each process, by their ids.
  private static let events = Result {
    try look(at: version1).merging(look(at: version2)) { first, _ in first }
  }

  private static let fields =
    [
      "proc.pid", "container.id", "container.type", "container.vouched", "container.privileged",
      "container.name",
      "container.image", "container.user", "container.host_pid", "container.host_network",
      "container.host_ipc",
      "k8s.pod.name", "k8s.ns.name", "k8s.pod.uid", "user.uid", "thread.cap_effective", "evt.incomplete",
    ] + all.split(separator: " ").map { "proc.ns.\($0).is_host" }

  private static func look(at found: [Found]) throws -> [UInt64: JSONTree] {
    let directory = try TemporaryDirectory()
    try makeHost(of: found, in: directory.path)
    var events: [UInt64: JSONTree] = [:]
    // On a busy machine a container's files may come too late for its event, which says so.
    for _ in 0..<5 {
      let outcome = try Program(
        BuiltBinary.path,
        [
          "events", "evt.type = process_seen", "--fields", fields.joined(separator: ","), "--format", "json",
          "--sources", "procfs,containers", "--host-root", directory.path.string, "--count", "\(found.count)",
          "--duration", "50",
        ]
      ).finish(within: .seconds(120))
      for line in outcome.output.split(separator: "\n") {
        let event = try JSONTree(String(line))
        if let pid = event["proc.pid"]?.integer { events[pid] = event }
      }
      let isLate = events.values.contains {
        $0["evt.incomplete"] == .bool(true) && $0["container.vouched"] == .bool(true)
      }
      if !isLate, events.count == found.count { break }
    }
    return events
  }

  /// Puts the files of all cases below one root, as root's own; what podman keeps of all its containers in one file is
  /// put together.
  private static func makeHost(of found: [Found], in directory: FilePath) throws {
    let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .appending("Fixtures")
    let script = """
      umask 022; cd "$0"
      list=var/lib/containers/storage/overlay-containers/containers.json
      for case in "$@"; do
        test ! -e "$list" || mv "$list" before
        cp -RP "$case"/* .
        test -e before || continue
        test ! -e "$list" || { sed 's/]$/,/' before; sed 's/^\\[//' "$list"; } > both
        test ! -e both || mv both before
        mv before "$list"
      done
      test ! -e var/lib/lab || find var/lib/lab -type f -exec touch -d '1 hour ago' {} +
      """
    let names = Set(found.map(\.fixture)).sorted()
    let outcome = try Program(
      "/bin/sh", ["-euc", script, directory.string] + names.map { fixtures.appending($0).string }
    ).finish()
    guard outcome.status == 0 else { throw NoHost(text: outcome.errors) }
  }

  private struct NoHost: Error { let text: String }
}
