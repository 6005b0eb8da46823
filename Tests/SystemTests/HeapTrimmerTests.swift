import Glibc
import SystemPackage
import Testing

@testable import System

@Suite struct HeapTrimmerTests {
  @Test("pages that are free between others are given back, once a minute at most")
  func trimming() throws {
    // Of each 64 blocks one stays, so that no arena ends in what is free; none is so large that it has a mapping of its own.
    var blocks = (0..<4096).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 16 << 10) }
    for index in blocks.indices where !index.isMultiple(of: 64) { blocks[index] = [] }
    let before = try Self.anonymousBytes()
    let began = Clock.monotonicNanoseconds
    var trimmer = HeapTrimmer(now: began)
    let trims = ([-1, 0, 1] as [Int64]).map { offset in
      trimmer.trimIfDue(now: began &+ HeapTrimmer.intervalNanoseconds &+ UInt64(bitPattern: offset))
    }
    #expect(trims == [false, true, false])
    // 63 MiB are free; other tests take and give memory meanwhile.
    #expect(try Self.anonymousBytes() < before - 40 << 20)
    #expect(blocks.count { !$0.isEmpty } == 64)
  }

  /// RssAnon of this process. See proc_pid_status(5).
  private static func anonymousBytes() throws -> Int {
    guard let file = unsafe fopen("/proc/self/status", "r") else { throw Errno(rawValue: errno) }
    defer { unsafe fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var room = 0
    defer { unsafe free(line) }
    // SAFETY: `file` is open, and `line` and `room` are its buffer's, which `getline` makes and this frees.
    while unsafe getline(&line, &room, file) > 0, let text = unsafe line.map({ unsafe String(cString: $0) }) {
      guard text.hasPrefix("RssAnon:") else { continue }
      return (text.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) << 10
    }
    throw Errno.noSuchFileOrDirectory
  }
}
