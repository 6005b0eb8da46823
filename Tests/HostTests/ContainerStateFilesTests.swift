import Glibc
import SystemPackage
import Testing

@testable import Host

@Suite struct ContainerStateFilesTests {
  private let scratch = Scratch()
  private static let hex = String(repeating: "0123456789abcdef", count: 4)

  private func verdict(_ cgroup: [UInt8]) throws -> ContainerStateFiles.Verdict {
    let claim = try #require(ContainerClaim(cgroup) ?? ContainerClaim(candidateIn: cgroup))
    var files = ContainerStateFiles(root: HostRoot(scratch.path))
    return files.verdict(on: claim, in: cgroup.span)
  }

  private func verdict(_ path: String) throws -> ContainerStateFiles.Verdict {
    try verdict(Array("0::\(path)\n".utf8))
  }

  private func runcState(_ cgroup: String) -> [UInt8] {
    Array(
      """
      {"id":"x","init_process_pid":42,"init_process_start":4711,"cgroup_paths":{"":"/sys/fs/cgroup\(cgroup)"},
       "config":{"labels":["bundle=/x"]}}
      """.utf8)
  }

  @Test(
    "real state files vouch for real containers",
    arguments: [
      ("docker-default", 17551, .docker, "/run/docker/runtime-runc/moby/", 131666),
      ("v2-docker-default", 1301, .docker, "/run/docker/runtime-runc/moby/", 22687),
      ("v2-podman-default", 4482, .podman, "/run/crun/", 100254),
      ("crun-default", 6532, .crun, "/run/crun/", 166102),
      ("runc-default", 29036, .runc, "/run/runc/", 151774),
      ("containerd-ctr-k8s-ns", 6682, .containerd, "/run/containerd/runc/k8s.io/", 166549),
    ] as [(String, Int32, ContainerRuntime, String, UInt64)])
  func fixtures(name: String, pid: Int32, runtime: ContainerRuntime, directory: String, start: UInt64) throws
  {
    let cgroup = Fixture.bytes(.cgroup, of: pid, in: name)
    let claim = try #require(ContainerClaim(cgroup) ?? ContainerClaim(candidateIn: cgroup))
    let file = directory + cgroup.text(claim.id) + (directory == "/run/crun/" ? "/status" : "/state.json")
    // Copied, since a checkout may let the group write, and then the file would be no witness.
    var buffer = ReadBuffer()
    #expect(Fixture.root(name).read(file, limit: 64 << 10, into: &buffer) == .complete)
    try scratch.write(buffer.copy(), to: file)
    let verdict = try verdict(cgroup)
    guard case .vouched(let voucher) = verdict else {
      Issue.record("\(verdict)")
      return
    }
    #expect(voucher.runtime == runtime)
    #expect(voucher.path == file)
    #expect(voucher.initPID == pid)
    #expect(voucher.initStartTicks == start)
  }

  @Test("an id that no runtime knows is not vouched for")
  func unknown() throws { #expect(try verdict("/docker/\(Self.hex)") == .unknown) }

  @Test(
    "the id of a real container in a cgroup that a user made is a forgery",
    arguments: [
      "/user.slice/user-1000.slice/user@1000.service/docker-\(hex).scope",
      "/user.slice/user-1000.slice/user@1000.service/system.slice/docker-\(hex).scope",
      "/user.slice/user-1000.slice/user@1000.service/app.slice/\(hex)",
      "/docker/\(hex)",
    ])
  func forged(path: String) throws {
    let file = "/run/docker/runtime-runc/moby/\(Self.hex)/state.json"
    try scratch.write(runcState("/system.slice/docker-\(Self.hex).scope"), to: file)
    #expect(try verdict(path) == .contradicted(path: file))
  }

  @Test(
    "the container's own cgroup is vouched for, from wherever it is read",
    arguments: [
      "/system.slice/docker-\(hex).scope", "/system.slice/docker-\(hex).scope/below/it",
      "/../../system.slice/docker-\(hex).scope", "/../docker-\(hex).scope",
    ])
  func own(path: String) throws {
    try scratch.write(
      runcState("/system.slice/docker-\(Self.hex).scope"),
      to: "/run/docker/runtime-runc/moby/\(Self.hex)/state.json")
    guard case .vouched(let voucher) = try verdict(path) else {
      Issue.record("not vouched")
      return
    }
    #expect(voucher.initPID == 42)
    #expect(voucher.initStartTicks == 4711)
  }

  @Test(
    "a bundle vouches by the cgroup that it asks for, written either way",
    arguments: [
      ("/kubepods/pod1/\(hex)", "/kubepods/pod1/\(hex)", true),
      ("a-b.slice:cri-containerd:\(hex)", "/a.slice/a-b.slice/cri-containerd-\(hex).scope", true),
      ("a-b.slice:cri-containerd:\(hex)", "/b.slice/cri-containerd-\(hex).scope", false),
      ("system.slice:docker:\(hex)", "/system.slice/docker-\(hex).scope", true),
      ("machine.slice:libpod:\(hex)", "/machine.slice/libpod-\(hex).scope/container", true),
      ("system.slice:docker:\(hex)", "/user.slice/x/system.slice/docker-\(hex).scope", false),
    ])
  func bundle(written: String, path: String, isVouched: Bool) throws {
    let file = "/run/containerd/io.containerd.runtime.v2.task/k8s.io/\(Self.hex)/config.json"
    try scratch.write(Array(#"{"ociVersion":"1.0","linux":{"cgroupsPath":"\#(written)"}}"#.utf8), to: file)
    let verdict = try verdict(path)
    if isVouched {
      guard case .vouched(let voucher) = verdict else {
        Issue.record("\(verdict)")
        return
      }
      #expect(voucher.initPID == nil)
    } else {
      #expect(verdict == .contradicted(path: file))
    }
  }

  @Test(
    "a bundle that asks for no cgroup vouches for the one below the root that has the container's id, and for no other",
    arguments: [
      ("/box1", true), ("/user.slice/user-1000.slice/box1", false), ("/box1/box1", false),
    ])
  func bundleWithoutPath(path: String, isVouched: Bool) throws {
    let file = "/run/crun/box1/config.json"
    try scratch.write(Array(#"{"ociVersion":"1.0","linux":{}}"#.utf8), to: file)
    switch try verdict(path) {
    case .vouched(let voucher):
      #expect(isVouched)
      #expect(voucher.path == file && voucher.runtime == .crun)
    case .unknown: #expect(!isVouched)
    case .contradicted: Issue.record("contradicted")
    }
  }

  @Test("machines of LXC and systemd-nspawn are vouched for at their own places")
  func marks() throws {
    try scratch.write([], to: "/var/lib/lxc/c1/config")
    try scratch.write([], to: "/run/systemd/machines/a-b")
    for (path, runtime) in [
      ("/lxc.payload.c1", ContainerRuntime.lxc), ("/lxc/c1/x", .lxc),
      ("/machine.slice/machine-a\\x2db.scope/payload", .nspawn),
      ("/machine.slice/systemd-nspawn@a\\x2db.service/payload", .nspawn),
    ] {
      guard case .vouched(let voucher) = try verdict(path) else {
        Issue.record("\(path)")
        continue
      }
      #expect(voucher.runtime == runtime)
    }
    let user = "/user.slice/user-1000.slice/user@1000.service"
    #expect(try verdict("\(user)/lxc.payload.c1") == .contradicted(path: "/var/lib/lxc/c1/config"))
    #expect(
      try verdict("\(user)/machine-a\\x2db.scope") == .contradicted(path: "/run/systemd/machines/a-b"))
  }

  @Test("a file that others could have written counts for nothing")
  func untrusted() throws {
    let file = "/run/docker/runtime-runc/moby/\(Self.hex)/state.json"
    try scratch.write(runcState("/docker/\(Self.hex)"), to: file)
    guard case .vouched = try verdict("/docker/\(Self.hex)") else {
      Issue.record("not vouched at first")
      return
    }
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    let changed = unsafe chmod(scratch.path + file, 0o666)
    #expect(changed == 0)
    #expect(try verdict("/docker/\(Self.hex)") == .unknown)
  }

  @Test(
    "a file that is not what it should be counts for nothing",
    arguments: ["", "{}", "[1]", "{\"init_process_pid\":\"x\"}"])
  func malformed(text: String) throws {
    try scratch.write(Array(text.utf8), to: "/run/docker/runtime-runc/moby/\(Self.hex)/state.json")
    #expect(try verdict("/docker/\(Self.hex)") == .unknown)
  }

  @Test(
    "an id that is no plain name opens nothing",
    arguments: ["/lxc.payload...", "/lxc.payload.a b", "/lxc.payload.\u{1}"])
  func names(path: String) throws {
    try scratch.write([], to: "/var/lib/lxc/config")
    #expect(try verdict(path) == .unknown)
  }
}
