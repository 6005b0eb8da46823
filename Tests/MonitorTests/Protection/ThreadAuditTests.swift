// Unsafe: mkdir on a Swift string.
import Glibc
import SystemPackage
import Testing

@testable import Monitor

@Suite struct ThreadAuditTests {
  /// As Linux 6.18 writes it, without the lines that do not matter.
  private static let status = """
    Name:\tengine
    Umask:\t0027
    State:\tR (running)
    Tgid:\t11
    Uid:\t997\t997\t997\t997
    Gid:\t996\t996\t996\t996
    Groups:\t 
    SigBlk:\t0000000000014003
    CapInh:\t0000000000000000
    CapPrm:\t0000000000080004
    CapEff:\t0000000000080004
    CapBnd:\t0000000000000000
    CapAmb:\t0000000000000000
    NoNewPrivs:\t1
    Seccomp:\t2
    Seccomp_filters:\t1
    nonvoluntary_ctxt_switches:\t25

    """

  private func audit(in directory: String = "/proc/self/task") throws -> ThreadAudit {
    ThreadAudit(
      intended: try #require(ThreadState(parsing: Self.status)), refusesBlockedTrap: true,
      directory: directory)
  }

  @Test("a thread that holds what was intended passes")
  func same() throws {
    let state = try #require(ThreadState(parsing: Self.status))
    #expect(try audit().difference(of: 12, state) == nil)
  }

  @Test(
    "any other user, group, capability, filter or flag is a difference",
    arguments: [
      ("Uid:\t997\t997\t997", "Uid:\t997\t0\t997", "Uid"), ("Gid:\t996", "Gid:\t0", "Gid"),
      ("Groups:\t ", "Groups:\t4 24 ", "Groups"),
      ("CapInh:\t0000000000000000", "CapInh:\t0000000000000001", "CapInh"),
      ("CapPrm:\t0000000000080004", "CapPrm:\t000001ffffffffff", "CapPrm"),
      ("CapEff:\t0000000000080004", "CapEff:\t0000000000000000", "CapEff"),
      ("CapBnd:\t0000000000000000", "CapBnd:\t000001ffffffffff", "CapBnd"),
      ("CapAmb:\t0000000000000000", "CapAmb:\t0000000000080000", "CapAmb"),
      ("NoNewPrivs:\t1", "NoNewPrivs:\t0", "NoNewPrivs"), ("Seccomp:\t2", "Seccomp:\t0", "Seccomp"),
      ("Seccomp_filters:\t1", "Seccomp_filters:\t0", "Seccomp_filters"),
      // SIGSYS is signal 31, bit 30.
      ("SigBlk:\t0000000000014003", "SigBlk:\t0000000040000000", "SigBlk"),
    ])
  func different(line: String, other: String, name: String) throws {
    let status = try #require(replacing(line, with: other))
    let state = try #require(ThreadState(parsing: status))
    let difference = try #require(try audit().difference(of: 12, state))
    #expect(difference.line == name)
    #expect(difference.description.hasPrefix("thread 12 (engine): \(name) is '"))
  }

  @Test("a torn or foreign file is no state", arguments: ["", "Name:\tx\n", "SigBlk:\tnot hexadecimal\n"])
  func torn(text: String) {
    #expect(ThreadState(parsing: text) == nil)
    #expect(ThreadState(parsing: String(Self.status.prefix(200)) + text) == nil)
  }

  @Test("a kernel before 5.9 does not count filters")
  func oldKernel() throws {
    let status = try #require(replacing("Seccomp_filters:\t1\n", with: ""))
    #expect(try #require(ThreadState(parsing: status))[.seccompFilters] == nil)
  }

  @Test("one thread among many that differs is found and named")
  func oneAmongMany() throws {
    let directory = try TaskDirectory()
    for thread in 1...9 { try directory.add(thread, Self.status) }
    #expect(try audit(in: directory.path.string).run() == 9)
    try directory.add(10, try #require(replacing("NoNewPrivs:\t1", with: "NoNewPrivs:\t0")))
    #expect {
      try audit(in: directory.path.string).run()
    } throws: { error in
      "\(error)".hasSuffix("thread 10 (engine): NoNewPrivs is '0', intended '1'")
    }
  }

  @Test("threads that end while they are read are not taken for whole, and the audit does not go on for ever")
  func vanishing() throws {
    let directory = try TaskDirectory()
    try directory.add(1, Self.status)
    try directory.addVanished(2)
    #expect(throws: ProtectionError.unreadable(path: directory.path.string, .resourceTemporarilyUnavailable))
    {
      try audit(in: directory.path.string).run()
    }
  }

  @Test("the threads of this very process are alike")
  func ownThreads() throws {
    let own = try #require(ThreadState(parsing: try OwnProc.text("/proc/self/status")))
    // Threads of other tests give up for a while what they have.
    var count: Int?
    for _ in 0..<600 where count == nil {
      count = try? ThreadAudit(intended: own, refusesBlockedTrap: false).run()
      if count == nil { usleep(100_000) }
    }
    #expect(try #require(count) >= 1)
  }

  private func replacing(_ line: String, with other: String) -> String? {
    guard let range = Self.status.ranges(of: line).first else { return nil }
    return Self.status.replacingCharacters(in: range, with: other)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with other: String) -> String {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}

/// A tree like /proc/PID/task.
private final class TaskDirectory {
  let path: FilePath

  init() throws {
    path = FilePath("/tmp/windhover-task-\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try make(path)
  }

  deinit { _ = try? SpawnedProcess(["rm", "-rf", path.string]).finish() }

  func add(_ thread: Int, _ status: String) throws {
    try addVanished(thread)
    let file = try FileDescriptor.open(
      path.appending("\(thread)").appending("status"), .writeOnly, options: [.create, .truncate],
      permissions: .ownerReadWrite)
    try file.closeAfter { _ = try file.writeAll(status.utf8) }
  }

  /// A thread that was listed and had gone before it was read.
  func addVanished(_ thread: Int) throws { try make(path.appending("\(thread)")) }

  private func make(_ directory: FilePath) throws {
    // SAFETY: a Swift string passed to C outlives the call.
    if unsafe mkdir(directory.string, 0o755) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
  }
}
