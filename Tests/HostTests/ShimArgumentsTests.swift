import Testing

@testable import Host

@Suite struct ShimArgumentsTests {
  private func words(_ words: [String]) -> [UInt8] { words.flatMap { Array($0.utf8) + [0] } }

  @Test(
    "a shim tells its container in any form of its options",
    arguments: [
      (
        ["/usr/bin/containerd-shim-runc-v2", "-namespace", "moby", "-id", "x1", "-address", "/a"], .docker,
        "moby", "x1"
      ),
      (["containerd-shim-runc-v2", "--namespace=k8s.io", "--id=x2"], .containerd, "k8s.io", "x2"),
      (
        ["containerd-shim-kata-v2", "-id", "x3", "-debug", "-namespace", "default"], .containerd, "default",
        "x3"
      ),
      (
        [
          "containerd-shim", "-namespace", "moby", "-workdir", "/var/lib/containerd/moby/x4", "-address",
          "/a",
        ], .docker,
        "moby", "x4"
      ),
      (
        ["/usr/bin/conmon", "--api-version", "1", "-c", "x5", "-u", "x6", "-r", "/usr/bin/runc"], .podman,
        nil, "x5"
      ),
      (["conmon", "-c", "x7", "--exit-command-arg", "-c", "x8"], .podman, nil, "x7"),
    ] as [([String], ContainerRuntime, String?, String)])
  func options(arguments: [String], runtime: ContainerRuntime, namespace: String?, id: String) throws {
    let bytes = words(arguments)
    let shim = try #require(ShimArguments(bytes))
    #expect(shim.runtime == runtime)
    #expect(shim.namespace.map { bytes.text($0) } == namespace)
    #expect(bytes.text(shim.id) == id)
  }

  @Test(
    "other programs and shims without a container are none",
    arguments: [
      [], ["sh", "-id", "x"], ["containerd", "-id", "x"], ["containerd-shim-runc-v2"],
      ["containerd-shim-runc-v2", "-id"],
      ["containerd-shim-runc-v2", "-id", ""], ["conmon", "-n", "x"], ["containerd-shim-runc-v2 -id x"],
      ["conmonx", "-c", "x"],
    ] as [[String]])
  func none(arguments: [String]) { #expect(ShimArguments(words(arguments)) == nil) }

  @Test(
    "a real shim vouches for its own container and no other",
    arguments: [
      ("docker-default", 17520, 17551, .docker), ("v2-docker-default", 1279, 1301, .docker),
      ("podman-default", 2934, 2944, .podman), ("v2-podman-default", 4480, 4482, .podman),
    ] as [(String, Int32, Int32, ContainerRuntime)])
  func vouches(name: String, shim: Int32, process: Int32, runtime: ContainerRuntime) throws {
    let bytes = Fixture.bytes(.cmdline, of: shim, in: name)
    let arguments = try #require(ShimArguments(bytes))
    #expect(arguments.runtime == runtime)
    let own = Fixture.bytes(.cgroup, of: process, in: name)
    let ownClaim = try #require(ContainerClaim(own))
    let isOwn = arguments.vouches(for: ownClaim, in: own.span, from: bytes.span)
    #expect(isOwn)
    let other = Fixture.bytes(.cgroup, of: 10000, in: "lxc-default")
    let otherClaim = try #require(ContainerClaim(other))
    let isOther = arguments.vouches(for: otherClaim, in: other.span, from: bytes.span)
    #expect(!isOther)
  }

  @Test("a container of ctr, which its cgroup does not name, is known by its shim")
  func candidate() throws {
    let bytes = Fixture.bytes(.cmdline, of: 6662, in: "containerd-ctr-k8s-ns")
    let arguments = try #require(ShimArguments(bytes))
    #expect(arguments.runtime == .containerd)
    let cgroup = Fixture.bytes(.cgroup, of: 6682, in: "containerd-ctr-k8s-ns")
    let candidate = try #require(ContainerClaim(candidateIn: cgroup))
    let isVouched = arguments.vouches(for: candidate, in: cgroup.span, from: bytes.span)
    #expect(isVouched)
  }

  @Test("spoilt input never traps")
  func fuzz() {
    let seeds = [
      Fixture.bytes(.cmdline, of: 6662, in: "containerd-ctr-k8s-ns"),
      Fixture.bytes(.cmdline, of: 4480, in: "v2-podman-default"),
    ]
    Mutation.forEach(of: seeds) { bytes in
      guard let shim = ShimArguments(bytes) else { return }
      #expect(shim.id.upperBound <= bytes.count)
      #expect(!shim.id.isEmpty)
    }
  }
}
