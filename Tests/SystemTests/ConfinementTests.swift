// Unsafe: calls of the C library on strings that live for them.
import Glibc
import Synchronization
import System
import SystemPackage
import Testing

private let hasLandlock: Bool = (try? Confinement.version()) != nil

/// What a thread finds out for a test.
private final class Finding<Value: Sendable>: Sendable {
  let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
}

@Suite(.enabled(if: hasLandlock, "this kernel has no Landlock, or it is switched off"))
struct ConfinementTests {
  private let directory: FilePath
  /// Another, which tests make that need it.
  private var other: FilePath { FilePath(directory.string + "-other") }

  init() throws {
    directory = FilePath("/tmp/windhover-test-confinement-\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try Directory.make(directory)
  }

  private func remove() {
    for directory in [directory, other] {
      for name in (try? Directory.names(in: directory)) ?? [] {
        try? Directory.removeFile(directory.appending(name))
      }
      // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
      _ = unsafe rmdir(directory.string)
    }
  }

  private static func link(_ path: FilePath, to target: FilePath) {
    // SAFETY: Swift strings passed to C are ended by NUL and outlive the call.
    #expect(unsafe symlink(target.string, path.string) == 0)
  }

  /// Runs on a thread of its own, which alone is confined.
  private func confined<Value: Sendable>(
    _ confinement: Confinement, _ initial: Value, _ body: @escaping @Sendable (ConfinedFiles?) -> Value
  ) throws -> Value {
    let finding = Finding(initial)
    let thread = try NamedThread("confined") {
      let files = try? confinement.enter()
      let found = body(files)
      finding.value.withLock { $0 = found }
    }
    thread.join()
    return finding.value.withLock { $0 }
  }

  /// 0, or why the file cannot be opened so.
  private static func attempt(_ path: FilePath, _ flags: Int32 = O_RDONLY) -> Int32 {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    let descriptor = unsafe open(path.string, flags | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return errno }
    close(descriptor)
    return 0
  }

  @Test(
    "a thread reads what it was left, writes where it may, and nothing else; other threads are as they were")
  func files() throws {
    defer { remove() }
    var confinement = Confinement()
    confinement.readable = ["/etc/hosts", "/usr/bin", "/nonexistent/file"]
    confinement.changeable = [directory]
    let directory = directory
    let results = try confined(confinement, []) { files -> [Int32] in
      guard files != nil else { return [-1] }
      let file = directory.appending("file")
      var results = [
        Self.attempt("/etc/hosts"), Self.attempt("/usr/bin/env"), Self.attempt("/etc/passwd"),
        Self.attempt("/etc/hosts", O_WRONLY), Self.attempt("/proc/1/status"),
        Self.attempt(file, O_RDWR | O_CREAT | O_APPEND),
        Self.attempt("/tmp/windhover-no", O_WRONLY | O_CREAT),
      ]
      try? Directory.rename(file, to: directory.appending("file.1"))
      results.append(Self.attempt(directory.appending("file.1")))
      results.append((try? Directory.make(directory.appending("below"))) == nil ? EACCES : 0)
      return results
    }
    #expect(results == [0, 0, EACCES, EACCES, EACCES, 0, EACCES, 0, EACCES])
    #expect(Self.attempt("/etc/passwd") == 0)
  }

  @Test("threads that a confined one starts are confined as it is") func inherited() throws {
    defer { remove() }
    let result = try confined(Confinement(), 0) { _ -> Int32 in
      let found = Finding<Int32>(0)
      let inner = try? NamedThread("inner") {
        let result = Self.attempt("/etc/passwd")
        found.value.withLock { $0 = result }
      }
      guard let inner else { return -1 }
      inner.join()
      return found.value.withLock { $0 }
    }
    #expect(result == EACCES)
  }

  @Test("a thread connects to the ports that it was left") func ports() throws {
    defer { remove() }
    guard try Confinement.version() >= 4 else { return print("skipped: ports need Linux 6.7") }
    // Nobody listens at either: whoever gets as far as the kernel's TCP is refused by that.
    var confinement = Confinement()
    confinement.ports = [1]
    let outcomes = try confined(confinement, []) { _ in [Self.connecting(to: 1), Self.connecting(to: 2)] }
    #expect(outcomes == [.connectionRefused, .permissionDenied])
    confinement.ports = nil
    #expect(try confined(confinement, nil) { _ in Self.connecting(to: 2) } == .connectionRefused)
  }

  private static func connecting(to port: UInt16) -> Errno? {
    guard let address = try? NetworkAddress.resolve("127.0.0.1", port: port).first else { return nil }
    do throws(Errno) {
      _ = try Socket.connected(to: address, kind: .stream, timeoutMilliseconds: 1000)
      return nil
    } catch {
      return error
    }
  }

  @Test("a file that was replaced, removed or made since is told; one that was written to is the same")
  func replaced() throws {
    defer { remove() }
    let (file, later) = (directory.appending("file"), directory.appending("later"))
    #expect(Self.attempt(file, O_WRONLY | O_CREAT) == 0)
    var confinement = Confinement()
    confinement.readable = [file, later, "/usr"]
    let files = try #require(try confined(confinement, nil) { $0 })
    #expect(!files.areReplaced)
    let writer = try FileDescriptor.open(file, .writeOnly)
    try writer.writeAll([1])
    try writer.close()
    #expect(!files.areReplaced)
    #expect(Self.attempt(directory.appending("other"), O_WRONLY | O_CREAT) == 0)
    try Directory.rename(directory.appending("other"), to: file)
    #expect(files.areReplaced)

    let again = try #require(try confined(confinement, nil) { $0 })
    #expect(!again.areReplaced)
    #expect(Self.attempt(later, O_WRONLY | O_CREAT) == 0)
    #expect(again.areReplaced)
  }

  @Test("the files that links in a directory lead to are read, and nothing beside them") func links() throws {
    defer { remove() }
    let (directory, other) = (directory, other)
    try Directory.make(other)
    for name in ["ca.pem", "key.pem"] {
      #expect(Self.attempt(other.appending(name), O_WRONLY | O_CREAT) == 0)
    }
    let link = directory.appending("0a1b2c3d.0")
    let relative = FilePath("..").appending(try #require(other.lastComponent)).appending("ca.pem")
    Self.link(link, to: relative)
    Self.link(directory.appending("directory"), to: other)
    Self.link(directory.appending("nowhere"), to: "/nonexistent/file")
    var confinement = Confinement()
    confinement.readableWithLinks = [directory]
    let results = try confined(confinement, []) { files -> [Int32] in
      guard files != nil else { return [-1] }
      return [link, other.appending("ca.pem"), other.appending("key.pem")].map { Self.attempt($0) }
    }
    #expect(results == [0, 0, EACCES])
  }

  @Test("links beyond what is followed are told, by directory and number") func manyLinks() throws {
    defer { remove() }
    try Directory.make(other)
    let (file, directory) = (other.appending("ca.pem"), directory)
    #expect(Self.attempt(file, O_WRONLY | O_CREAT) == 0)
    let count = Confinement.linkLimit + 3
    for number in 0..<count { Self.link(directory.appending("\(number).0"), to: file) }
    var confinement = Confinement()
    confinement.readableWithLinks = [directory]
    let files = try #require(try confined(confinement, nil) { $0 })
    #expect(files.unfollowedLinks == [directory: 3])
    #expect(!files.areReplaced)
  }

  @Test("a link in such a directory that comes, or leads to another file, is told") func changedLinks() throws
  {
    defer { remove() }
    try Directory.make(other)
    let (file, link) = (other.appending("ca.pem"), directory.appending("0a1b2c3d.0"))
    #expect(Self.attempt(file, O_WRONLY | O_CREAT) == 0)
    Self.link(link, to: file)
    var confinement = Confinement()
    confinement.readableWithLinks = [directory]
    let files = try #require(try confined(confinement, nil) { $0 })
    #expect(!files.areReplaced)
    #expect(Self.attempt(other.appending("new"), O_WRONLY | O_CREAT) == 0)
    try Directory.rename(other.appending("new"), to: file)
    #expect(files.areReplaced)

    let again = try #require(try confined(confinement, nil) { $0 })
    #expect(!again.areReplaced)
    // More than one: a file system may count time in steps.
    for number in 0..<1000 where !again.areReplaced {
      Self.link(directory.appending("\(number).0"), to: file)
      usleep(1000)
    }
    #expect(again.areReplaced)
  }
}
