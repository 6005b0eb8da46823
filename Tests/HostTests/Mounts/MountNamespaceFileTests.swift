import Glibc
import Host
import System
import Testing

@Suite struct MountNamespaceFileTests {
  @Test("the mounts of a process are read again from the beginning, and its end is told")
  func readsAndEnds() throws {
    let child = try Child(["/bin/sleep", "600"])
    let file = try MountNamespaceFile(root: .live, pid: child.pid)
    var buffer = ReadBuffer()
    let bell = try EventDescriptor()
    var counts: [Int] = []
    // Others may mount something in between.
    for _ in 0..<500 where counts.count < 2 || counts[counts.count - 1] != counts[counts.count - 2] {
      let outcome = file.read(limit: 1 << 20, into: &buffer)
      #expect(outcome == .complete)
      var count = 0
      let isWhole = buffer.withBytes { MountInfo.forEachLine(in: $0) { _ in count += 1 } }
      #expect(isWhole)
      counts.append(count)
    }
    #expect(counts[0] > 0 && counts.suffix(2).first == counts.last)
    let short = file.read(limit: 10, into: &buffer)
    #expect(short == .truncated)

    var poll = MountPoll()
    poll.add(file, isResting: true)
    poll.wait(or: bell, milliseconds: 0)
    let hasEndedAtOnce = poll.hasEnded(0)
    #expect(!hasEndedAtOnce)
    child.end()
    // A mount of others' wakes it too.
    var hasEnded = false
    for _ in 0..<60_000 where !hasEnded {
      poll.wait(or: bell, milliseconds: 60_000)
      hasEnded = poll.hasEnded(0)
      if !hasEnded { usleep(1000) }
    }
    #expect(hasEnded)
  }

  @Test("a process that is not there has no mounts")
  func gone() {
    #expect(throws: (any Error).self) { _ = try MountNamespaceFile(root: .live, pid: Int32.max) }
  }
}
