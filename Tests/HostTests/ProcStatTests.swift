import Glibc
@testable import Host
import Testing

@Suite struct ProcStatTests {
  private static let tail =
    "S 17520 17551 17550 34816 -1 4194560 1090 0 1 0 0 3 0 0 20 0 7 0 131666 2322432 348 18446744073709551615\n"

  private func line(_ name: [UInt8]) -> [UInt8] {
    Array("17551 (".utf8) + name + Array(") \(Self.tail)".utf8)
  }

  @Test("every number is read from its place")
  func fields() throws {
    let bytes = line(Array("sleep".utf8))
    let stat = try #require(ProcStat(bytes))
    #expect(stat.pid == 17551)
    #expect(stat.state == UInt8(ascii: "S"))
    #expect(stat.parentPID == 17520)
    #expect(stat.processGroup == 17551)
    #expect(stat.session == 17550)
    #expect(stat.terminal == 34816)
    #expect(stat.flags == 4_194_560)
    #expect(stat.threadCount == 7)
    #expect(stat.startTicks == 131666)
    #expect(!stat.isKernelThread)
    #expect(!stat.isZombie)
    #expect(!stat.isExiting)
  }

  @Test(
    "a name may hold any bytes",
    arguments: [
      "init", "a b ) ( c d) ", ")", "", ") S 1 1 1", "a\nb", "1 (sh) S 0", "\u{1b}[2J",
    ].map { Array($0.utf8) } + [[0xFF, 0xFE, 0x29], [0x00, 0x01]] as [[UInt8]])
  func name(name: [UInt8]) throws {
    let bytes = line(name)
    let stat = try #require(ProcStat(bytes))
    #expect(Array(bytes[stat.name]) == name)
    #expect(stat.startTicks == 131666)
  }

  @Test(
    "a line that was made while the process was released says so",
    arguments: [
      ("X 0 -1 -1 0 -1", true), ("R 0 -1 -1 0 -1", true), ("Z 17520 17551 17550 34816 -1", false),
      ("S 0 0 0 0 -1", false),
    ])
  func released(fields: String, expected: Bool) throws {
    let line = "17551 (sleep) " + Self.tail.replacing("S 17520 17551 17550 34816 -1", with: fields)
    #expect(try #require(ProcStat(Array(line.utf8))).isReleased == expected)
  }

  @Test("a torn read is no process, wherever it was torn", arguments: ["sleep", "a b ) ( c d) ", ")\n"])
  func torn(name: String) {
    let bytes = line(Array(name.utf8))
    for length in 0..<bytes.count {
      let prefix = Array(bytes[..<length])
      #expect(ProcStat(prefix) == nil, "\(length)")
    }
  }

  @Test(
    "what is not a line of stat is no process",
    arguments: [
      "\n", "x\n", "1 (a) S\n", "1 a S \(tail)", "99999999999 (a) \(tail)", "1 (a) S -\n",
      "1 (a) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 18446744073709551616 0\n",
    ])
  func garbage(text: String) {
    let bytes = Array(text.utf8)
    #expect(ProcStat(bytes) == nil)
  }

  @Test("a kernel thread is known by its flag, a zombie by its state")
  func kinds() throws {
    let thread = Array("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0 0\n".utf8)
    #expect(try #require(ProcStat(thread)).isKernelThread)
    let zombie = Array("9 (sh) Z 1 9 9 0 -1 4227084 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0 0\n".utf8)
    #expect(try #require(ProcStat(zombie)).isZombie)
  }

  @Test("spoilt input never traps, and a name always lies within it")
  func fuzz() {
    Mutation.forEach(of: [line(Array("a b ) (".utf8)), Fixture.bytes(.stat, of: 17551, in: "docker-default")])
    {
      guard let stat = ProcStat($0) else { return }
      #expect(stat.name.upperBound <= $0.count)
    }
  }

  @Test("the program reads itself")
  func live() throws {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(getpid())
    #expect(directory.read(.stat, into: &buffer) == .complete)
    let stat = try #require(buffer.withBytes { ProcStat(parsing: $0) })
    #expect(stat.pid == getpid())
    #expect(stat.parentPID == getppid())
    #expect(stat.session == getsid(0))
    #expect(stat.startTicks > 0)
  }
}
