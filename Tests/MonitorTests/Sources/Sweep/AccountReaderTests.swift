import Host
import Model
import Testing

@testable import Monitor

@Suite struct AccountReaderTests {
  private let root: HostTree

  init() throws { root = try HostTree() }

  @Test("users and groups are read once, and again when a file has changed")
  func changes() throws {
    try root.write("root:x:0:0:root:/root:/bin/bash\nal:x:1000:1000::/home/al:/bin/sh\n", to: "etc/passwd")
    try root.write("root:x:0:\ndocker:x:998:al\n", to: "etc/group")
    var reader = AccountReader(root: root.host)
    let firstRead = reader.readIfChanged()
    let first = try #require(firstRead)
    let user = first.user(1000)
    #expect(user == .init(name: Array("al".utf8), home: Array("/home/al".utf8), shell: Array("/bin/sh".utf8)))
    #expect(first.groupName(998) == Array("docker".utf8))
    #expect(first.user(7) == nil && first.groupName(7) == nil)
    let again = reader.readIfChanged() == nil
    #expect(again)

    // As long as it was, so that only its bytes tell.
    try root.write("root:x:0:\ndocked:x:998:al\n", to: "etc/group")
    let secondRead = reader.readIfChanged()
    let second = try #require(secondRead)
    #expect(second.groupName(998) == Array("docked".utf8))
    #expect(second.user(1000) == user, "the other file is remembered")
  }

  @Test("of two entries with one number the first counts, as for the C library")
  func first() throws {
    try root.write("root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n", to: "etc/passwd")
    try root.write("wheel:x:0:\nroot:x:0:\n", to: "etc/group")
    var reader = AccountReader(root: root.host)
    let read = reader.readIfChanged()
    let accounts = try #require(read)
    #expect(accounts.user(0)?.name == Array("root".utf8))
    #expect(accounts.groupName(0) == Array("wheel".utf8))
  }

  @Test("a host without the files names nobody, and one that gets them later does")
  func late() throws {
    var reader = AccountReader(root: root.host)
    let isNothing = reader.readIfChanged() == nil
    #expect(isNothing)
    try root.write("a:x:1:1::/:/\nnonsense\n", to: "etc/passwd")
    let accounts = reader.readIfChanged()
    #expect(accounts?.user(1)?.name == [0x61])
  }
}
