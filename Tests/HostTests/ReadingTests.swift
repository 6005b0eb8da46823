import Glibc
import SystemPackage
import Testing

@testable import Host

@Suite struct ReadingTests {
  private let scratch = Scratch()

  @Test("a process that is not there is absent, and so is a file that the kernel does not offer")
  func absent() {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    for pid in [0, -1, Int32.max] {
      directory.select(pid)
      #expect(directory.read(.stat, into: &buffer) == .absent)
      #expect(directory.read(.exe, into: &buffer) == .absent)
      #expect(buffer.count == 0)
    }
    #expect(directory.counts.absent == 6)
    #expect(directory.counts.complete == 0)
  }

  @Test("a zombie has a stat but no program, and no arguments")
  func zombie() throws {
    let child = try Child(["true"])
    defer { child.end() }
    try child.awaitZombie()
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(child.pid)
    #expect(directory.read(.stat, into: &buffer) == .complete)
    #expect(try #require(ProcStat(buffer.copy())).isZombie)
    #expect(directory.read(.exe, into: &buffer) == .absent)
    #expect(directory.read(.cmdline, into: &buffer) == .complete)
    #expect(Cmdline(buffer.copy()) == nil)
  }

  @Test("a process that ends between two reads is absent, not an error")
  func vanishes() throws {
    let child = try Child(["true"])
    try child.awaitZombie()
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(child.pid)
    #expect(directory.read(.status, into: &buffer) == .complete)
    child.end()
    #expect(directory.read(.status, into: &buffer) == .absent)
    var namespaces = ProcessNamespaces()
    #expect(directory.readNamespaces(into: &namespaces, using: &buffer) == .absent)
  }

  @Test(
    "what is refused is counted as denied", .enabled(if: getuid() == 0, "needs root to give its rights up"))
  func denied() throws {
    let child = try Child(["sleep", "60"])
    defer { child.end() }
    let pid = child.pid
    try withoutCapabilities {
      var directory = ProcessDirectory(root: .live)
      var buffer = ReadBuffer()
      directory.select(pid)
      #expect(directory.read(.exe, into: &buffer) == .denied)
      var namespaces = ProcessNamespaces()
      #expect(directory.readNamespaces(into: &namespaces, using: &buffer) == .denied)
      #expect(namespaces == ProcessNamespaces())
      #expect(directory.counts.denied == 2)
      #expect(directory.read(.stat, into: &buffer) == .complete)
    }
  }

  @Test(
    "128 KiB of arguments are read whole, and what is longer is cut and said to be",
    arguments: [(2, ReadOutcome.complete), (3, .complete), (5, .truncated)])
  func longArguments(pieces: Int, outcome: ReadOutcome) throws {
    // One argument may have 128 KiB at most, all together far more.
    let piece = String(repeating: "x", count: (64 << 10) - 1)
    let child = try Child(["sh", "-c", "read line"] + Array(repeating: piece, count: pieces))
    defer { child.end() }
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer(capacity: 64)
    directory.select(child.pid)
    // The spawn returns when the old memory is gone; a moment later the new one has its arguments.
    repeat { #expect(directory.read(.cmdline, into: &buffer).isRead) } while buffer.count == 0
    #expect(directory.read(.cmdline, into: &buffer) == outcome)
    #expect(buffer.count == min(256 << 10, pieces * (64 << 10) + 16))
    #expect(buffer.copy()[..<16].elementsEqual("sh\0-c\0read line\0".utf8))
  }

  @Test(
    "a file is read whole whatever the buffer's size, and cut at the limit",
    arguments: [0, 1, 63, 64, 65, 127, 128, 129, 4095, 4096, 10_000])
  func sizes(size: Int) throws {
    let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try scratch.write(content, to: "/file")
    let root = HostRoot(scratch.path)
    for limit in [1, 64, 128, 4096, 10_000] {
      var buffer = ReadBuffer(capacity: 64)
      let outcome = root.read("/file", limit: limit, into: &buffer)
      #expect(outcome == (size > limit ? .truncated : .complete))
      #expect(buffer.copy() == Array(content.prefix(limit)))
    }
  }

  @Test("no link leads out of a host that is not mounted at /")
  func confined() throws {
    try scratch.write(Array("inside".utf8), to: "/file")
    try scratch.link("/file", at: "/absolute")
    try scratch.link("/etc/passwd", at: "/escape")
    try scratch.link("../../../../../../../../etc/passwd", at: "/climb")
    let root = HostRoot(scratch.path + "/")
    var buffer = ReadBuffer()
    #expect(root.read("/absolute", limit: 100, into: &buffer) == .complete)
    #expect(buffer.text() == "inside")
    #expect(root.read("/escape", limit: 100, into: &buffer) == .absent)
    #expect(root.read("/climb", limit: 100, into: &buffer) == .absent)
    #expect(root.read("/none", limit: 100, into: &buffer) == .absent)
  }

  @Test("only regular files are read: a FIFO does not hold the reader, a directory is refused")
  func regularOnly() throws {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    let made = unsafe mkfifo(scratch.path + "/fifo", 0o600)
    #expect(made == 0)
    var buffer = ReadBuffer()
    for root in [HostRoot(scratch.path), .live] {
      let prefix = root.isLive ? scratch.path : ""
      #expect(root.read(prefix + "/fifo", limit: 100, into: &buffer) == .failed(.invalidArgument))
      #expect(root.read(prefix + "/", limit: 100, into: &buffer) == .failed(.invalidArgument))
    }
  }

  @Test(
    "a root is written with or without its last slash", arguments: ["/", "/host", "/host/", "host//", ""])
  func roots(path: String) {
    let expected = [
      "/": "/proc", "/host": "/host/proc", "/host/": "/host/proc", "host//": "host/proc", "": "./proc",
    ]
    #expect(HostRoot(path).path("/proc") == expected[path])
    #expect(HostRoot(path).isLive == (path == "/"))
  }
}
