// Unsafe: rmdir(2).
import Glibc
import System
import SystemPackage
import Testing

@Suite struct InotifyTests {
  private static func directory() throws -> FilePath {
    let path = FilePath("/tmp/windhover-test-inotify-\(getpid())-\(UInt32.random(in: 0 ... .max))")
    try Directory.make(path)
    return path
  }

  private static func remove(_ path: FilePath) {
    // SAFETY: a Swift string passed to C is ended by NUL and outlives the call.
    _ = unsafe rmdir(path.string)
  }

  @Test("entries that come, change and go are told in order, with any name")
  func order() throws {
    let path = try Self.directory()
    defer { Self.remove(path) }
    var inotify = try Inotify()
    let watch = try inotify.watch(Array(path.string.utf8) + [0], for: [.created, .deleted, .modified])
    let name = " \t\u{FFFD}" + String(repeating: "x", count: 240)
    try Directory.make(path.appending(name))
    Self.remove(path.appending(name))
    var seen: [(Int32, Inotify.Happenings, [UInt8])] = []
    while inotify.read({ watch, what, name in
      seen.append((watch, what, (0..<name.count).map { name[$0] }))
    }) {}
    #expect(seen.map(\.0) == [watch, watch])
    #expect(seen.map(\.1) == [[.created, .isDirectory], [.deleted, .isDirectory]])
    #expect(seen.allSatisfy { $0.2 == Array(name.utf8) })
  }

  @Test("a directory that is watched twice has one watch, and one that is removed loses it")
  func ignored() throws {
    let path = try Self.directory()
    let text = Array(path.string.utf8) + [0]
    var inotify = try Inotify()
    let watch = try inotify.watch(text, for: .created)
    #expect(try inotify.watch(text, for: .deleted) == watch)
    Self.remove(path)
    var isGone = false
    while inotify.read({ isGone = isGone || ($0 == watch && $1.contains(.ignored)) && $2.count == 0 }) {}
    #expect(isGone)
    #expect(throws: Errno.noSuchFileOrDirectory) { _ = try inotify.watch(text, for: .created) }
  }

  @Test("a wait ends at a signal and at its time")
  func wait() throws {
    let inotify = try Inotify()
    let event = try EventDescriptor()
    inotify.wait(milliseconds: 1, or: event)
    event.signal()
    inotify.wait(milliseconds: 60_000, or: event)
    let wasSignalled = event.wait(milliseconds: 0)
    #expect(wasSignalled)
  }
}
