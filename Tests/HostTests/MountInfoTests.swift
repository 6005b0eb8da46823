import Glibc
@testable import Host
import Testing

@Suite struct MountInfoTests {
  private func lines(_ bytes: [UInt8]) -> [MountLine] {
    var lines: [MountLine] = []
    MountInfo.forEachLine(in: bytes.span) { lines.append($0) }
    return lines
  }

  private func root(_ bytes: [UInt8]) -> MountLine? { MountInfo.root(in: bytes.span) }

  private func isWhole(_ bytes: [UInt8]) -> Bool { MountInfo.forEachLine(in: bytes.span) { _ in } }

  private func has(_ option: StaticString, _ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
    MountText.hasOption(option, among: range, in: bytes.span)
  }

  private func value(_ option: StaticString, _ range: Range<Int>, _ bytes: [UInt8]) -> String? {
    MountText.option(option, among: range, in: bytes.span).map { bytes.text($0) }
  }

  private func unescaped(_ range: Range<Int>, _ bytes: [UInt8]) -> String {
    String(decoding: MountText.unescaped(range, in: bytes.span), as: UTF8.self)
  }

  @Test("a line tells ids, device, paths, groups, type, source and options")
  func whole() throws {
    let text =
      "96 52 0:39 /a /b\\040c rw,nosuid,relatime shared:7 master:3 propagate_from:2 - overlay over\\040lay rw,x=1\n"
    let bytes = Array(text.utf8)
    let line = try #require(lines(bytes).first)
    #expect(line.id == 96 && line.parentID == 52 && line.device == (0, 39))
    #expect(bytes.text(line.root) == "/a")
    #expect(unescaped(line.mountPoint, bytes) == "/b c")
    #expect(has("nosuid", line.options, bytes))
    #expect(!has("no", line.options, bytes))
    #expect(line.sharedGroup == 7 && line.masterGroup == 3)
    #expect(bytes.text(line.fileSystem) == "overlay")
    #expect(unescaped(line.source, bytes) == "over lay")
    #expect(bytes.text(line.superOptions) == "rw,x=1")
    #expect(value("x", line.superOptions, bytes) == "1")
    #expect(value("rw", line.superOptions, bytes) == nil)
  }

  @Test(
    "octal digits stand for a byte, anything else for itself",
    arguments: [
      ("\\040", " "), ("a\\011b", "a\tb"), ("\\012", "\n"), ("\\134", "\\"), ("\\054\\075", ",="),
      ("\\134040", "\\040"),
      ("\\", "\\"), ("\\0", "\\0"), ("\\04", "\\04"), ("\\08x", "\\08x"), ("\\999", "\\999"),
      ("\\400", "\\400"),
    ])
  func escapes(text: String, expected: String) {
    let bytes = Array(text.utf8)
    #expect(unescaped(0..<bytes.count, bytes) == expected)
  }

  @Test("a container's root is an overlay whose upper directory is told")
  func overlay() throws {
    let bytes = Fixture.bytes(.mountInfo, of: 17551, in: "docker-default")
    let root = try #require(self.root(bytes))
    #expect(bytes.text(root.fileSystem) == "overlay")
    let upper = try #require(value("upperdir", root.superOptions, bytes))
    #expect(upper.hasSuffix("fe9a74eaadf03bd074081688f701b967b60e9a131a93fe/diff"))
    #expect(lines(bytes).count == bytes.count { $0 == 0x0A })
  }

  @Test("of two mounts on the root directory the last is the root")
  func stacked() throws {
    let text =
      "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:40 / / rw - overlay none rw\n3 2 0:41 / /x rw - tmpfs t rw\n"
    let bytes = Array(text.utf8)
    #expect(try #require(root(bytes)).id == 2)
  }

  @Test(
    "a source may be empty, and so may the options of the file system",
    arguments: ["1 0 8:1 / / rw - tmpfs  rw\n", "1 0 8:1 / / rw - tmpfs x\n", "1 0 8:1 / / rw - tmpfs x \n"])
  func empty(text: String) throws {
    let bytes = Array(text.utf8)
    #expect(bytes.text(try #require(lines(bytes).first).fileSystem) == "tmpfs")
  }

  @Test(
    "what is no line is passed over, and said so",
    arguments: [
      "", "\n", "x\n", "1 0 8:1 / / rw\n", "1 0 8:1 / / rw -\n", "1 0 8:1 / / rw - \n",
      "1 0 81 / / rw - a b c\n",
      "1 0 8:1 / x rw - a b c\n", "1  0 8:1 / / rw - a b c\n", "9999999999 0 8:1 / / rw - a b c\n",
      "1 0 8:1 / / rw - a b c",
    ])
  func garbage(text: String) {
    let bytes = Array(text.utf8)
    #expect(lines(bytes).isEmpty)
    #expect(isWhole(bytes) == text.isEmpty)
  }

  @Test("this process's own mounts are understood, every line")
  func own() {
    let bytes = Fixture.live(.mountInfo, of: getpid())
    #expect(isWhole(bytes) && root(bytes) != nil)
  }

  @Test("spoilt input never traps, and places always lie within it")
  func fuzz() {
    let hostile = Array(
      "1 0 8:1 / /\\040 rw shared:1 - overlay \\134 rw,upperdir=/a\\054b\\,lowerdir=/x:\\134:y\n".utf8)
    Mutation.forEach(of: [Fixture.bytes(.mountInfo, of: 17551, in: "docker-default"), hostile]) { bytes in
      for line in lines(bytes) {
        #expect(line.superOptions.upperBound <= bytes.count && line.root.upperBound <= bytes.count)
        MountText.forEachOption(in: line.superOptions, of: bytes.span) { _, value in
          if let value { _ = MountText.unescaped(value, in: bytes.span) }
        }
      }
    }
  }
}
