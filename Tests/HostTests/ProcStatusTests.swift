import Glibc
@testable import Host
import Testing

@Suite struct ProcStatusTests {
  private let container = Fixture.bytes(.status, of: 17551, in: "docker-default")
  private let kernelThread = Fixture.bytes(.status, of: 2, in: "docker-default")
  private let olderKernel = Fixture.bytes(.status, of: 4482, in: "v2-podman-default")

  private func groups(_ status: ProcStatus, _ bytes: [UInt8]) -> [UInt32] {
    var groups: [UInt32] = []
    status.forEachSupplementaryGroup(in: bytes.span) { groups.append($0) }
    return groups
  }

  private func name(_ status: ProcStatus, _ bytes: [UInt8]) -> [UInt8] {
    var name: [UInt8] = []
    status.appendName(from: bytes.span, to: &name)
    return name
  }

  @Test("a container's process is read whole")
  func containerProcess() throws {
    let status = try #require(ProcStatus(container))
    #expect(name(status, container) == Array("sleep".utf8))
    #expect(status.state == UInt8(ascii: "S"))
    #expect((status.threadGroup, status.pid, status.parentPID, status.tracerPID) == (17551, 17551, 17520, 0))
    #expect(status.numaGroup == 0)
    #expect(groups(status, container) == [0])
    #expect(status.namespacePIDs == NamespaceIDs(depth: 2, innermost: 1))
    #expect(status.namespaceProcessGroups == NamespaceIDs(depth: 2, innermost: 1))
    #expect(status.namespaceSessions == NamespaceIDs(depth: 2, innermost: 1))
    #expect(status.threadCount == 1)
    #expect(status.capabilities.inheritable == 0)
    #expect(status.capabilities.permitted == 0xa804_25fb)
    #expect(status.capabilities.effective == 0xa804_25fb)
    #expect(status.capabilities.bounding == 0xa804_25fb)
    #expect(status.capabilities.ambient == 0)
    #expect(!status.hasNoNewPrivileges)
    #expect(status.seccompMode == 2)
    #expect(status.seccompFilterCount == 1)
  }

  @Test("a kernel thread and another kernel's file are read too")
  func others() throws {
    let thread = try #require(ProcStatus(kernelThread))
    #expect(name(thread, kernelThread) == Array("kthreadd".utf8))
    #expect(thread.parentPID == 0)
    #expect(groups(thread, kernelThread).isEmpty)
    let other = try #require(ProcStatus(olderKernel))
    #expect(other.pid == 4482)
    #expect(other.namespacePIDs.innermost == 1)
  }

  @Test("each id has its place")
  func ids() throws {
    let bytes = edited("Uid:\t1\t2\t3\t4294967295", "Gid:\t5\t6\t7\t8", "Groups:\t4 24 27 4294967294 ")
    let status = try #require(ProcStatus(bytes))
    #expect(
      (status.user.real, status.user.effective, status.user.saved, status.user.fileSystem) == (1, 2, 3, .max))
    #expect(
      (status.group.real, status.group.effective, status.group.saved, status.group.fileSystem) == (5, 6, 7, 8)
    )
    #expect(groups(status, bytes) == [4, 24, 27, 4_294_967_294])
  }

  @Test(
    "the kernel's escapes in a name are undone, and no other",
    arguments: [
      ("a b ) ( c", "a b ) ( c"), (#"a\nUid:\\x"#, "a\nUid:\\x"), (#"\\n"#, #"\n"#), (#"\t\"#, #"\t\"#),
      ("", ""),
    ])
  func names(written: String, expected: String) throws {
    let bytes = edited("Name:\t\(written)")
    let status = try #require(ProcStatus(bytes))
    #expect(name(status, bytes) == Array(expected.utf8))
  }

  @Test("a name that is not UTF-8 is kept as it is")
  func rawName() throws {
    var bytes = edited("Name:\tXX")
    bytes.replaceSubrange(6..<8, with: [0xFF, 0x80])
    let status = try #require(ProcStatus(bytes))
    #expect(name(status, bytes) == [0xFF, 0x80])
  }

  @Test("a torn read is no process, wherever it was torn")
  func torn() throws {
    let whole = try #require(ProcStatus(container))
    for length in 0..<container.count {
      let prefix = Array(container[..<length])
      let status = ProcStatus(prefix)
      #expect(status == nil || status == whole, "\(length)")
    }
  }

  @Test("the lines that a kernel may lack are not asked for, the others are")
  func optionalLines() throws {
    for (key, isNeeded) in [
      ("NSpid:", false), ("NSpgid:", false), ("NSsid:", false), ("Seccomp:", false),
      ("Seccomp_filters:", false),
      ("Ngid:", false), ("Name:", true), ("Uid:", true), ("Gid:", true), ("CapEff:", true),
      ("NoNewPrivs:", true),
      ("nonvoluntary_ctxt_switches:", true),
    ] {
      let lines = container.split(separator: 0x0A).filter { !$0.starts(with: key.utf8) }
      let bytes = Array(lines.joined(separator: [0x0A])) + [0x0A]
      #expect((ProcStatus(bytes) == nil) == isNeeded, "\(key)")
    }
  }

  @Test(
    "a line that does not hold what it should makes the file unreadable",
    arguments: [
      "Pid:\t", "Pid:\tx", "Uid:\t0\t0\t0", "CapEff:\t00000000a80425fb0", "Seccomp:\t300", "NSpid:\t",
    ])
  func malformed(line: String) {
    let bytes = edited(line)
    #expect(ProcStatus(bytes) == nil)
  }

  @Test("65,536 groups do not hide the capabilities behind them")
  func manyGroups() throws {
    let bytes = edited("Groups:\t" + (0..<65_536).map { "\(4_000_000_000 + $0) " }.joined())
    let status = try #require(ProcStatus(bytes))
    #expect(status.capabilities.effective == 0xa804_25fb)
    #expect(groups(status, bytes).count == 65_536)
    #expect(bytes.count < 1 << 20)
  }

  @Test("spoilt input never traps, and places always lie within it")
  func fuzz() {
    Mutation.forEach(of: [container, kernelThread, olderKernel]) { bytes in
      guard let status = ProcStatus(bytes) else { return }
      #expect(name(status, bytes).count <= bytes.count)
      #expect(groups(status, bytes).count <= bytes.count)
    }
  }

  @Test("the program reads itself")
  func live() throws {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(getpid())
    #expect(directory.read(.status, into: &buffer) == .complete)
    let status = try #require(buffer.withBytes { ProcStatus(parsing: $0) })
    #expect(status.pid == getpid())
    #expect(status.user.effective == geteuid())
    #expect(status.group.real == getgid())
  }

  /// The container's file with lines replaced by those of the same key.
  private func edited(_ replacements: String...) -> [UInt8] {
    var lines = String(decoding: container, as: UTF8.self).split(separator: "\n").map(String.init)
    for replacement in replacements {
      let key = replacement.prefix { $0 != ":" } + ":"
      lines = lines.map { $0.hasPrefix(key) ? replacement : $0 }
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }
}
