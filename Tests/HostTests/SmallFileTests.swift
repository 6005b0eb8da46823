@testable import Host
import Testing

@Suite struct IDMapTests {
  @Test(
    "each line maps a run of ids",
    arguments: [
      ("         0          0 4294967295\n", 1000 as UInt32, 1000 as UInt32?, true),
      ("0 100000 65536\n", 0, 100_000, false),
      ("0 100000 65536\n", 65_535, 165_535, false),
      ("0 100000 65536\n", 65_536, nil, false),
      ("0 1000 1\n1 100000 65536\n", 1, 100_000, false),
      ("", 0, nil, false),
      ("0 4294967295 2\n", 1, nil, false),
    ])
  func maps(text: String, inside: UInt32, outside: UInt32?, isIdentity: Bool) throws {
    let bytes = Array(text.utf8)
    let map = try #require(IDMap(bytes))
    #expect(map.outside(inside) == outside)
    #expect(map.isWholeIdentity == isIdentity)
  }

  @Test(
    "what is not whole lines of three numbers is refused",
    arguments: ["0 0 1", "0 0\n", "0 0 0 0\n", "a\n", "\n"])
  func garbage(text: String) {
    let bytes = Array(text.utf8)
    #expect(IDMap(bytes) == nil)
  }

  @Test("a remapped container is read from a file")
  func fixture() throws {
    let map = try #require(IDMap(Fixture.bytes(.userMap, of: 3300, in: "podman-userns")))
    #expect(map.outside(0) == 200_000)
  }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Array("0 1000 1\n1 100000 65536\n".utf8)]) {
      _ = IDMap($0)?.outside(7)
    }
  }
}

@Suite struct LoginUIDTests {
  @Test(
    "a number is a user, all ones nobody",
    arguments: [("1000", 1000 as UInt32?), ("0", 0), ("4294967295", nil), ("7\n", 7)])
  func reads(text: String, uid: UInt32?) throws {
    let bytes = Array(text.utf8)
    #expect(try #require(LoginUID(bytes)).uid == uid)
  }

  @Test("anything else is refused", arguments: ["", "-1", "4294967296", "1 ", "x"])
  func garbage(text: String) {
    let bytes = Array(text.utf8)
    #expect(LoginUID(bytes) == nil)
  }

  @Test("spoilt input never traps")
  func fuzz() { Mutation.forEach(of: [Array("4294967295".utf8)]) { _ = LoginUID($0) } }
}

@Suite struct LinkTargetTests {
  @Test(
    "a path is parted from the kernel's mark",
    arguments: [
      ("/usr/bin/sleep", "/usr/bin/sleep", false, false),
      ("/tmp/gone (deleted)", "/tmp/gone", true, false),
      ("/memfd:x (deleted)", "/memfd:x", true, true),
      ("/memfd: (deleted)", "/memfd:", true, true),
      ("/memfd:x", "/memfd:x", false, false),
      ("/a (deleted) (deleted)", "/a (deleted)", true, false),
      (" (deleted)", "", true, false),
      ("/a\nb", "/a\nb", false, false),
    ])
  func reads(text: String, path: String, isDeleted: Bool, isMemoryFile: Bool) throws {
    let bytes = Array(text.utf8)
    let target = try #require(LinkTarget(bytes))
    #expect(bytes.text(target.path) == path)
    #expect(target.isDeleted == isDeleted)
    #expect(target.isMemoryFile == isMemoryFile)
  }

  @Test("a path need not be UTF-8")
  func raw() throws {
    let bytes = [0x2F, 0xFF, 0x0A, 0x80] + Array(" (deleted)".utf8)
    let target = try #require(LinkTarget(bytes))
    #expect(Array(bytes[target.path]) == [0x2F, 0xFF, 0x0A, 0x80])
    #expect(target.isDeleted)
  }

  @Test("no bytes are no link")
  func empty() { #expect(LinkTarget([]) == nil) }

  @Test("a deleted program is read from a link")
  func fixture() throws {
    var directory = ProcessDirectory(root: Fixture.root("docker-drift-exec"))
    var buffer = ReadBuffer()
    directory.select(26319)
    #expect(directory.read(.exe, into: &buffer) == .complete)
    let target = try #require(buffer.withBytes { LinkTarget(parsing: $0) })
    #expect(target.isDeleted)
    #expect(buffer.copy().text(target.path) == "/tmp/gone")
  }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Array("/memfd:x (deleted)".utf8)]) { bytes in
      guard let target = LinkTarget(bytes) else { return }
      #expect(target.path.upperBound <= bytes.count)
    }
  }
}

@Suite struct ProcAuxvTests {
  @Test(
    "a setuid program is told, also after it made its ids the same",
    arguments: [(11186, 4242), (11189, 0)] as [(Int32, UInt32)])
  func setuid(pid: Int32, real: UInt32) throws {
    let status = try #require(ProcStatus(Fixture.bytes(.status, of: pid, in: "setuid-escape")))
    #expect(status.user == CredentialIDs(real: real, effective: 0, saved: 0, fileSystem: 0))
    let vector = try #require(ProcAuxv(Fixture.bytes(.auxv, of: pid, in: "setuid-escape")))
    #expect(vector.user == (4242, 0))
    #expect(vector.isSecure)
  }

  @Test("an ordinary program is not secure, and a 32-bit one is read too")
  func ordinary() throws {
    let wide = Fixture.bytes(.auxv, of: 11187, in: "setuid-escape")
    let vector = try #require(ProcAuxv(wide))
    #expect(!vector.isSecure)
    let narrow = stride(from: 0, to: wide.count, by: 8).flatMap { wide[$0..<$0 + 4] }
    #expect(ProcAuxv(narrow) == vector)
  }

  @Test("a torn or empty vector is none")
  func torn() {
    let bytes = Fixture.bytes(.auxv, of: 11189, in: "setuid-escape")
    for length in 0..<bytes.count {
      let prefix = Array(bytes[..<length])
      #expect(ProcAuxv(prefix) == nil, "\(length)")
    }
  }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Fixture.bytes(.auxv, of: 11189, in: "setuid-escape")]) {
      _ = ProcAuxv($0)
    }
  }
}
