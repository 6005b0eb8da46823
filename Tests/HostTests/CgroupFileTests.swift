@testable import Host
import Testing

@Suite struct CgroupFileTests {
  private func lines(_ bytes: [UInt8]) -> [CgroupLine]? {
    guard let file = CgroupFile(bytes) else { return nil }
    var lines: [CgroupLine] = []
    file.forEachLine(in: bytes.span) { lines.append($0) }
    return lines
  }

  @Test("version 1 names its controllers")
  func version1() throws {
    let bytes = Fixture.bytes(.cgroup, of: 17551, in: "docker-default")
    let lines = try #require(self.lines(bytes))
    #expect(lines.count == 10)
    #expect(bytes.text(lines[0].controllers) == "name=systemd")
    #expect(bytes.text(lines[1].controllers) == "pids")
    #expect(bytes.text(lines[1].path).hasPrefix("/docker/020fcb10"))
    #expect(lines.map(\.isUnified) == [Bool](repeating: false, count: 9) + [true])
  }

  @Test("version 2 has one line without controllers")
  func version2() throws {
    let bytes = Fixture.bytes(.cgroup, of: 4482, in: "v2-podman-default")
    let lines = try #require(self.lines(bytes))
    #expect(lines.count == 1)
    #expect(lines[0].controllers.isEmpty)
    #expect(bytes.text(lines[0].path).hasSuffix(".scope/container"))
  }

  @Test(
    "paths keep colons, and dots from outside the reader's namespace; a removed cgroup is told",
    arguments: [
      ("0::/\n", "/", false),
      ("0::/../../docker/x\n", "/../../docker/x", false),
      ("3:cpu,cpuacct:/a:b/c\n", "/a:b/c", false),
      ("0::/a (deleted)\n", "/a", true),
      ("4:pids:/a (deleted)\n", "/a (deleted)", false),
    ])
  func paths(text: String, path: String, isDeleted: Bool) throws {
    let bytes = Array(text.utf8)
    let line = try #require(lines(bytes)).first
    #expect(bytes.text(try #require(line).path) == path)
    #expect(line?.isDeleted == isDeleted)
  }

  @Test(
    "the root in every hierarchy of version 1 may be the place of a process that ends; version 2 tells its place still",
    arguments: [
      ("2:pids:/\n1:name=systemd:/\n", true), ("2:pids:/\n1:name=systemd:/\n0::/\n", true),
      ("2:pids:/\n1:name=systemd:/\n0::/a\n", false), ("2:pids:/a\n1:name=systemd:/\n0::/\n", false),
      ("0::/\n", false), ("0::/a (deleted)\n", false),
    ])
  func ending(text: String, expected: Bool) throws {
    #expect(try #require(CgroupFile(Array(text.utf8))).isRootOfVersion1 == expected)
  }

  @Test(
    "the main line is the one that tells most",
    arguments: [
      ("1:cpu:/a\n0::/b\n", "/b"),
      ("2:pids:/c\n1:name=systemd:/a\n0::/\n", "/a"),
      ("2:pids:/c\n1:name=systemd:/\n0::/\n", "/c"),
      ("2:pids:/\n1:name=systemd:/\n", "/"),
    ])
  func main(text: String, path: String) throws {
    let bytes = Array(text.utf8)
    #expect(bytes.text(try #require(CgroupFile(bytes)).main.path) == path)
  }

  @Test("a path need not be UTF-8, and may be longer than a page")
  func raw() throws {
    let path = [0x2F, 0xFF, 0x1B, 0x80] + [UInt8](repeating: 0x78, count: 5000)
    let bytes = Array("0::".utf8) + path + [0x0A]
    #expect(Array(bytes[try #require(CgroupFile(bytes)).main.path]) == path)
  }

  @Test(
    "what is not whole lines is refused",
    arguments: [
      "", "\n", "0::/", "0::\n", "0:/\n", "x::/\n", "0::/a\n1:cpu:/b", "0::a\n", "99999999999::/\n",
    ])
  func garbage(text: String) {
    let bytes = Array(text.utf8)
    #expect(CgroupFile(bytes) == nil)
  }

  @Test("spoilt input never traps, and places always lie within it")
  func fuzz() {
    Mutation.forEach(of: [
      Fixture.bytes(.cgroup, of: 17551, in: "docker-default"), Array("0::/../a (deleted)\n".utf8),
    ]) {
      bytes in
      for line in lines(bytes) ?? [] { #expect(line.path.upperBound < bytes.count) }
    }
  }
}
