import Glibc
import Testing

@testable import Host

@Suite struct NamespaceLinkTests {
  @Test("each type's link is read", arguments: Namespace.allCases)
  func types(type: Namespace) throws {
    let link = try #require(NamespaceLink(Array("\(type.name):[4026531832]".utf8)))
    #expect(link.type == type)
    #expect(link.inode == 4_026_531_832)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "mnt", "mnt:", "mnt:[]", "mnt:[1", "mnt:[1] ", "mnt:[-1]", "pid_for_children:[1]", "xyz:[1]",
      "mnt:[18446744073709551616]",
    ])
  func garbage(text: String) { #expect(NamespaceLink(Array(text.utf8)) == nil) }

  @Test("spoilt input never traps")
  func fuzz() { Mutation.forEach(of: [Array("cgroup:[4026531835]".utf8)]) { _ = NamespaceLink($0) } }
}

@Suite struct HostNamespacesTests {
  private func namespaces(_ pid: Int32, in name: String) -> ProcessNamespaces {
    var directory = ProcessDirectory(root: Fixture.root(name))
    var buffer = ReadBuffer()
    var namespaces = ProcessNamespaces()
    directory.select(pid)
    _ = directory.readNamespaces(into: &namespaces, using: &buffer)
    return namespaces
  }

  @Test("process 1 is the first witness")
  func firstProcess() {
    let host = HostNamespaces(root: Fixture.root("v2-podman-default"))
    #expect(host[.mnt] == 4_026_531_841)
    #expect(host[.net] == 4_026_531_840)
    #expect(Namespace.allCases.allSatisfy { host.origin(of: $0) == .firstProcess })
  }

  @Test("where process 1 may not be asked, kthreadd stands for it")
  func kernelThread() {
    let host = HostNamespaces(root: Fixture.root("docker-default"))
    #expect(host[.mnt] == 4_026_531_832)
    #expect(host[.net] == 4_026_531_833)
    #expect(Namespace.allCases.allSatisfy { host.origin(of: $0) == .kernelThread })
  }

  @Test("without either, the kernel's own numbers stand for six; mnt and net are unknown")
  func constants() {
    let host = HostNamespaces(root: HostRoot("/nowhere"))
    #expect(host[.user] == 4_026_531_837)
    #expect(host.origin(of: .user) == .constant)
    #expect(host[.mnt] == nil)
    #expect(host[.net] == nil)
    #expect(host.origin(of: .mnt) == nil)
  }

  @Test(
    "a second process that only looks like kthreadd is no witness",
    arguments: ["Name:\tkthreadd", "PPid:\t0"])
  func impostor(line: String) throws {
    let scratch = Scratch()
    var lines = String(decoding: Fixture.bytes(.status, of: 2, in: "docker-default"), as: UTF8.self)
      .split(separator: "\n").map(String.init)
    let spoilt = ["Name:\tkthreadd": "Name:\tbash", "PPid:\t0": "PPid:\t1"]
    lines = lines.map { $0 == line ? spoilt[line]! : $0 }
    try scratch.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "/proc/2/status")
    try scratch.link("mnt:[7]", at: "/proc/2/ns/mnt")
    #expect(HostNamespaces(root: HostRoot(scratch.path))[.mnt] == nil)
  }

  @Test("process 1 of another pid namespace is no witness of the host")
  func container() throws {
    let scratch = Scratch()
    try scratch.link("pid:[4026532180]", at: "/proc/1/ns/pid")
    try scratch.link("mnt:[4026532177]", at: "/proc/1/ns/mnt")
    let host = HostNamespaces(root: HostRoot(scratch.path))
    #expect(host[.mnt] == nil)
    #expect(host[.pid] == 4_026_531_836)
    #expect(host.origin(of: .pid) == .constant)
  }

  @Test("a container shares some namespaces with the host and not others")
  func compares() {
    let host = HostNamespaces(root: Fixture.root("docker-default"))
    let container = namespaces(17551, in: "docker-default")
    let shim = namespaces(17520, in: "docker-default")
    let own = Namespace.allCases.filter { host.isHost($0, in: container) == false }
    #expect(own == [.ipc, .mnt, .net, .pid, .uts])
    #expect(Namespace.allCases.allSatisfy { host.isHost($0, in: shim) == true })
    #expect(host.isHost(.mnt, in: ProcessNamespaces()) == nil)
  }

  @Test("the program knows its own namespaces")
  func live() {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    var namespaces = ProcessNamespaces()
    directory.select(getpid())
    #expect(directory.readNamespaces(into: &namespaces, using: &buffer) == .complete)
    #expect(Namespace.allCases.allSatisfy { namespaces[$0] != 0 })
  }
}
