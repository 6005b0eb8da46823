@testable import Host
import Testing

@Suite struct AccountTests {
  private static let passwd = """
    root:x:0:0:root:/root:/bin/bash
    # a comment

    +@netgroup::::::
    -mallory
    broken
    nouid:x:abc:0::/:/bin/sh
    :x:5:5::/:/bin/sh
    toor:x:0:0:second root:/root:/bin/sh
    big:x:4294967294:7:a:b:c:d
    last:x:1000:1000:,,,:/home/last:/bin/zsh
    """

  @Test("users are read in order, and lines that are wrong are counted")
  func users() {
    let bytes = Array(Self.passwd.utf8)
    let passwd = Passwd(bytes)
    #expect(
      passwd.entries.map { String(decoding: $0.name, as: UTF8.self) } == ["root", "toor", "big", "last"])
    #expect(passwd.entries.map(\.uid) == [0, 0, 4_294_967_294, 1000])
    #expect(passwd.entries[3].gid == 1000)
    #expect(passwd.entries[3].home == Array("/home/last".utf8))
    #expect(passwd.entries[3].shell == Array("/bin/zsh".utf8))
    #expect(passwd.malformedLineCount == 3)
  }

  @Test("groups are read with their members")
  func groups() {
    let bytes = Array("root:x:0:\ndocker:x:998:al,bo,,\nshort:x:3\nx\nbad:x:-1:a\n".utf8)
    let group = Group(bytes)
    #expect(group.entries.map(\.gid) == [0, 998, 3])
    #expect(group.entries[1].members == [Array("al".utf8), Array("bo".utf8)])
    #expect(group.malformedLineCount == 2)
  }

  @Test("a name need not be UTF-8, and NUL ends nothing")
  func raw() {
    let bytes: [UInt8] = [0xFF, 0, 0x3A] + Array("x:1:2:::\n".utf8)
    #expect(Passwd(bytes).entries.map(\.name) == [[0xFF, 0]])
  }

  @Test("an empty file names nobody")
  func empty() {
    #expect(Passwd([]).entries.isEmpty)
    #expect(Group([]).entries.isEmpty)
  }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Array(Self.passwd.utf8), Array("docker:x:998:al,bo\n".utf8)]) {
      #expect(Passwd($0).entries.count <= $0.count)
      #expect(Group($0).entries.count <= $0.count)
    }
  }

  @Test("this machine's files name root")
  func live() {
    var buffer = ReadBuffer()
    #expect(HostRoot.live.read(Passwd.path, limit: Passwd.limit, into: &buffer) == .complete)
    #expect(buffer.withBytes { Passwd(parsing: $0) }.entries.contains { $0.uid == 0 })
    #expect(HostRoot.live.read(Group.path, limit: Group.limit, into: &buffer) == .complete)
    #expect(buffer.withBytes { Group(parsing: $0) }.entries.contains { $0.gid == 0 })
  }
}
