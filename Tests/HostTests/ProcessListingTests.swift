import Glibc
import SystemPackage
import Testing

@testable import Host

@Suite struct ProcessListingTests {
  private func all(_ listing: inout ProcessListing) throws -> [Int32] {
    var pids: [Int32] = []
    while let pid = try listing.next() { pids.append(pid) }
    return pids
  }

  @Test("a live host's processes come in ascending order, this one among them, each time anew")
  func live() throws {
    var listing = try ProcessListing(root: .live)
    let first = try all(&listing)
    #expect(first == first.sorted())
    #expect(first.contains(getpid()))
    #expect(try listing.next() == nil)
    let child = try Child(["sleep", "60"])
    defer { child.end() }
    try listing.restart()
    #expect(try all(&listing).contains(child.pid))
  }

  @Test("only numbers are processes")
  func numbers() throws {
    let scratch = Scratch()
    let names = [
      "1", "4194304", "2147483647", "self", "1x", "x1", "-1", "2147483648", "", "sys", "thread-self", " 5",
    ]
    for name in names where !name.isEmpty { try scratch.write([], to: "/proc/\(name)") }
    var listing = try ProcessListing(root: HostRoot(scratch.path))
    #expect(Set(try all(&listing)) == [1, 4_194_304, .max])
  }

  @Test("more processes than one call of the kernel's brings are all listed once")
  func many() throws {
    let scratch = Scratch()
    for pid in 1...3000 { try scratch.write([], to: "/proc/\(pid)") }
    var listing = try ProcessListing(root: HostRoot(scratch.path))
    #expect(try all(&listing).sorted() == Array(1...3000))
  }

  @Test("a host without /proc is an error that names the path")
  func missing() {
    #expect(throws: HostError.cannotList(path: "/nowhere/proc", .noSuchFileOrDirectory)) {
      _ = try ProcessListing(root: HostRoot("/nowhere"))
    }
    #expect(
      HostError.cannotList(path: "/nowhere/proc", .noSuchFileOrDirectory).description
        == "cannot list /nowhere/proc: No such file or directory")
  }
}
