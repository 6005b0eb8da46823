@testable import Host
import Testing

@Suite struct CmdlineTests {
  private func arguments(_ bytes: [UInt8]) -> (list: [[UInt8]], isTitle: Bool)? {
    guard let cmdline = Cmdline(bytes) else { return nil }
    var list = [Array(bytes[cmdline.first])]
    cmdline.forEachArgument(in: bytes.span) { list.append(Array(bytes[$0])) }
    return (list, cmdline.isTitle)
  }

  @Test(
    "arguments are parted at NUL, empty ones too",
    arguments: [
      ("sh\0", ["sh"]),
      ("sh\0-c\0echo a  b\0", ["sh", "-c", "echo a  b"]),
      ("\0a\0", ["", "a"]),
      ("a\0\0b\0", ["a", "", "b"]),
      ("a\0\0\0", ["a", "", ""]),
      ("a\0b", ["a", "b"]),
      ("\0", [""]),
      ("x\0one\ntwo\0\u{1b}]0;t\u{7}\0", ["x", "one\ntwo", "\u{1b}]0;t\u{7}"]),
    ])
  func splits(text: String, expected: [String]) throws {
    let found = try #require(arguments(Array(text.utf8)))
    #expect(found.list.map { String(decoding: $0, as: UTF8.self) } == expected)
    #expect(!found.isTitle)
  }

  @Test(
    "a title that the process wrote is one text, whatever it left behind",
    arguments: [
      ("nginx: master process /usr/sbin/nginx", "nginx: master process /usr/sbin/nginx"),
      ("sshd: root@pts/0\0\0\0\0\0\0", "sshd: root@pts/0"),
      ("title", "title"),
    ])
  func title(text: String, expected: String) throws {
    let found = try #require(arguments(Array(text.utf8)))
    #expect(found.list == [Array(expected.utf8)])
    #expect(found.isTitle)
  }

  @Test("kernel threads and zombies have none")
  func none() { #expect(arguments([]) == nil) }

  @Test("arguments need not be UTF-8")
  func raw() throws {
    #expect(try #require(arguments([0x61, 0, 0xFF, 0x80, 0])).list == [[0x61], [0xFF, 0x80]])
  }

  @Test("128 KiB of arguments are one argument or as many, as they are")
  func long() throws {
    let argument = [UInt8](repeating: 0x78, count: 128 << 10)
    let found = try #require(arguments([0x61, 0] + argument + [0]))
    #expect(found.list == [[0x61], argument])
    let empty = [UInt8](repeating: 0, count: 128 << 10)
    #expect(try #require(arguments([0x61] + empty)).list.count == 128 << 10)
  }

  @Test("a shim's arguments are read from a file")
  func fixture() throws {
    let found = try #require(arguments(Fixture.bytes(.cmdline, of: 17520, in: "docker-default")))
    #expect(found.list.count == 7)
    #expect(found.list[1] == Array("-namespace".utf8))
  }

  @Test("spoilt input never traps, and no byte is given twice")
  func fuzz() {
    let seeds = [
      Fixture.bytes(.cmdline, of: 17520, in: "docker-default"), Array("sshd: a b\0\0\0".utf8),
      Array("a\0\0b".utf8),
    ]
    Mutation.forEach(of: seeds) { bytes in
      guard let found = arguments(bytes) else { return }
      #expect(found.list.map(\.count).reduce(0, +) + found.list.count <= bytes.count + 1)
    }
  }
}
