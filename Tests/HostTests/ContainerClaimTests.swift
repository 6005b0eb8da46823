import Testing

@testable import Host

@Suite struct ContainerClaimTests {
  private static let hex = String(repeating: "0123456789abcdef", count: 4)
  private static let other = String(repeating: "fedcba9876543210", count: 4)
  private static let uid = "0f1e2d3c-4b5a-6978-8899-aabbccddeeff"
  private static let sliceUID = "0f1e2d3c_4b5a_6978_8899_aabbccddeeff"

  private struct Claim: Equatable {
    var runtime: ContainerRuntime
    var id: String
    var pod = ""
  }

  private func file(_ path: String) -> [UInt8] { Array("0::\(path)\n".utf8) }

  private func claim(_ bytes: [UInt8]) -> Claim? {
    ContainerClaim(bytes).map { read($0, bytes) }
  }

  private func read(_ claim: ContainerClaim, _ bytes: [UInt8]) -> Claim {
    var id: [UInt8] = []
    var pod: [UInt8] = []
    claim.appendID(from: bytes.span, to: &id)
    claim.appendPodUID(from: bytes.span, to: &pod)
    return Claim(
      runtime: claim.runtime, id: String(decoding: id, as: UTF8.self),
      pod: String(decoding: pod, as: UTF8.self))
  }

  @Test(
    "each runtime is known by its custom",
    arguments: [
      ("/docker/\(hex)", .docker, hex, ""),
      ("/parent.of.my.own/\(hex)", .docker, hex, ""),
      ("/system.slice/docker-\(hex).scope", .docker, hex, ""),
      ("/libpod_parent/libpod-\(hex)", .podman, hex, ""),
      ("/machine.slice/libpod-\(hex).scope", .podman, hex, ""),
      ("/machine.slice/libpod-\(hex).scope/container", .podman, hex, ""),
      (
        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-\(hex).scope/container", .podman,
        hex, ""
      ),
      ("/machine.slice/libpod-\(hex)/libpod-payload-\(other)", .podman, other, ""),
      ("/kubepods/pod\(uid)/\(hex)", .containerd, hex, uid),
      ("/kubepods/burstable/pod\(uid)/\(hex)", .containerd, hex, uid),
      ("/kubepods/besteffort/pod\(uid)/crio-\(hex)", .crio, hex, uid),
      (
        "/kubepods/podd41d8cd98f00b204e9800998ecf8427e/\(hex)", .containerd, hex,
        "d41d8cd98f00b204e9800998ecf8427e"
      ),
      (
        "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod\(sliceUID).slice/cri-containerd-\(hex).scope",
        .containerd, hex, uid
      ),
      ("/kubepods.slice/kubepods-pod\(sliceUID).slice/crio-\(hex).scope", .crio, hex, uid),
      ("/kubepods.slice/kubepods-pod\(sliceUID).slice/docker-\(hex).scope", .docker, hex, uid),
      ("/system.slice/nerdctl-\(hex).scope", .containerd, hex, ""),
      ("/lxc.payload.c1", .lxc, "c1", ""),
      ("/lxc.payload.my web", .lxc, "my web", ""),
      ("/lxc.payload/c1/init.scope", .lxc, "c1", ""),
      ("/lxc/c1", .lxc, "c1", ""),
      ("/machine.slice/machine-m1.scope/payload", .nspawn, "m1", ""),
      ("/machine.slice/machine-a\\x2db\\x2e.scope", .nspawn, "a-b.", ""),
      ("/machine.slice/systemd-nspawn@deb\\x2d12.service/payload/init.scope", .nspawn, "deb-12", ""),
      ("/machine.slice/machine-lxc\\x2d1\\x2dweb.scope", .lxc, "lxc\\x2d1\\x2dweb", ""),
      ("/docker/buildkit/abcdefghijklmnopqrstuvwxy", .buildkit, "abcdefghijklmnopqrstuvwxy", ""),
      ("/buildkit/x1", .buildkit, "x1", ""),
      ("/../../docker/\(hex)", .docker, hex, ""),
      ("/docker/\(hex)/docker/\(other)", .docker, other, ""),
      ("/docker/\(hex)/init.scope/x", .docker, hex, ""),
    ] as [(String, ContainerRuntime, String, String)])
  func customs(path: String, runtime: ContainerRuntime, id: String, pod: String) {
    #expect(claim(file(path)) == Claim(runtime: runtime, id: id, pod: pod))
    let version1 = Array("9:name=systemd:/\n8:pids:\(path)\n0::/\n".utf8)
    #expect(claim(version1) == Claim(runtime: runtime, id: id, pod: pod))
  }

  @Test(
    "what is not a container's is no claim",
    arguments: [
      "/", "/system.slice/docker.service", "/system.slice/sandboxed.service",
      "/user.slice/user-1000.slice/session-1.scope",
      "/machine.slice/libpod-conmon-\(hex).scope",
      "/kubepods.slice/kubepods-pod\(sliceUID).slice/crio-conmon-\(hex).scope",
      "/libpod_parent/conmon", "/lxc.monitor.c1", "/lxc.payload.",
      "/machine.slice/machine-m1.scope/supervisor",
      "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope", "/machine.slice/systemd-nspawn@m1.service/supervisor",
      "/machine.slice/systemd-nspawn@m1.service", "/machine.slice/machine-.scope", "/payload", "/k8s.io/ctr1",
      "/docker/\(hex.dropLast())", "/docker/\(hex)0", "/docker/\(hex.uppercased())",
      "/docker-\(hex.dropLast()).scope",
      "/evil-\(hex).scope", "/kubepods/pod\(uid)", "/docker/buildkit", "/../..",
    ])
  func none(path: String) { #expect(claim(file(path)) == nil) }

  @Test(
    "real processes claim what they are",
    arguments: [
      (
        "docker-default", 17551, .docker, "020fcb10a4009866e47238583eae8adbc15842458fa805f4db3af789974fde4c",
        ""
      ),
      (
        "v2-docker-default", 1301, .docker,
        "282f98d0112766c9a68de16f413ed0c6c37b202c797d13c2f3bdf5c0236c8756", ""
      ),
      (
        "podman-default", 2944, .podman, "8f390c0289739d7a560ae7422dbcb46df5103e0e8dd74481b4c6392c9e46502d",
        ""
      ),
      (
        "podman-userns", 3300, .podman, "0f042be6fb98a46e088d767c1fe6b480cf07a223249e59bc7d75b564ac6df425", ""
      ),
      (
        "v2-podman-default", 4482, .podman,
        "05b509df11fa1bb784c9e1ae8684487cb20759022c20111165548f620646b58f", ""
      ),
      ("v2-k8s-containerd", 4729, .containerd, String(repeating: "c", count: 64), uid),
      ("runc-k8s-burstable", 30973, .containerd, String(repeating: "a", count: 64), uid),
      ("runc-k8s-systemd-name", 31125, .containerd, String(repeating: "c", count: 64), uid),
      ("runc-crio-name", 31288, .crio, String(repeating: "d", count: 64), uid),
      ("lxc-default", 10000, .lxc, "c1", ""),
    ] as [(String, Int32, ContainerRuntime, String, String)])
  func fixtures(name: String, pid: Int32, runtime: ContainerRuntime, id: String, pod: String) {
    #expect(claim(Fixture.bytes(.cgroup, of: pid, in: name)) == Claim(runtime: runtime, id: id, pod: pod))
  }

  @Test(
    "real processes outside containers, and those whose cgroup tells nothing, claim nothing",
    arguments: [
      ("docker-default", 17520), ("v2-docker-default", 1279), ("podman-default", 2934),
      ("v2-podman-default", 4480),
      ("lxc-default", 9999), ("nspawn-default", 9916), ("nspawn-default", 9918), ("bwrap-default", 8122),
      ("v2-systemd-sandboxed", 4774), ("dockerd-tcp", 13212), ("runc-default", 29036), ("crun-default", 6532),
      ("containerd-ctr-k8s-ns", 6682), ("containerd-ctr-k8s-ns", 6662),
    ] as [(String, Int32)])
  func noClaim(name: String, pid: Int32) {
    let bytes = Fixture.bytes(.cgroup, of: pid, in: name)
    #expect(CgroupFile(bytes) != nil)
    #expect(claim(bytes) == nil)
  }

  @Test(
    "the last part of a path may be an id that only a witness can confirm",
    arguments: [
      ("/k8s.io/ctr1", "ctr1"), ("/posture/runc-default", "runc-default"), ("/a", "a"), ("/", nil),
      ("/a/b.service", nil),
      ("/x.slice", nil), ("/user.slice/session-1.scope", nil), ("/a b", nil), ("/../..", nil),
      ("/.hidden", nil),
    ] as [(String, String?)])
  func candidates(path: String, id: String?) {
    let bytes = file(path)
    let candidate = ContainerClaim(candidateIn: bytes)
    #expect(candidate.map { bytes.text($0.id) } == id)
    #expect(candidate?.runtime ?? .unknown == .unknown)
  }

  @Test("behind a forged name the container around it can be found")
  func enclosing() throws {
    let bytes = file("/kubepods/pod\(Self.uid)/\(Self.hex)/x/docker-\(Self.other).scope/lxc.payload.z/leaf")
    let inner = try #require(ContainerClaim(bytes))
    #expect(read(inner, bytes) == Claim(runtime: .lxc, id: "z", pod: Self.uid))
    let middle = try #require(inner.enclosing(in: bytes))
    #expect(read(middle, bytes).id == Self.other)
    let outer = try #require(middle.enclosing(in: bytes))
    #expect(read(outer, bytes) == Claim(runtime: .containerd, id: Self.hex, pod: Self.uid))
    #expect(outer.enclosing(in: bytes) == nil)
  }

  @Test("twelve digits of a long id are shown, and all of a name")
  func short() throws {
    for (path, expected) in [
      ("/docker/\(Self.hex)", "0123456789ab"), ("/lxc.payload.a-rather-long-name", "a-rather-long-name"),
    ] {
      let bytes = file(path)
      let claim = try #require(ContainerClaim(bytes))
      #expect(bytes.text(claim.shortID(in: bytes)) == expected)
    }
  }

  @Test("spoilt input never traps, and places always lie within it")
  func fuzz() {
    let seeds = [
      file("/kubepods.slice/kubepods-pod\(Self.sliceUID).slice/crio-\(Self.hex).scope/container"),
      file("/machine.slice/machine-a\\x2db.scope/payload"), file("/lxc.payload/c/buildkit/d"),
      Fixture.bytes(.cgroup, of: 17551, in: "docker-default"),
    ]
    Mutation.forEach(of: seeds, rounds: 20_000) { bytes in
      var claim = ContainerClaim(bytes)
      while let current = claim {
        #expect(current.cgroup.upperBound <= bytes.count)
        #expect(!read(current, bytes).id.isEmpty)
        #expect(current.cgroup.contains(current.id.lowerBound))
        claim = current.enclosing(in: bytes)
        #expect(claim?.cgroup.upperBound ?? 0 < current.cgroup.upperBound)
      }
      _ = ContainerClaim(candidateIn: bytes)
    }
  }
}
