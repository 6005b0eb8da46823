import Events
import Glibc
import Synchronization
import System
import SystemPackage

/// What one record costs on its way through a ring, from one thread to another.
enum RingHop {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    // Short runs, and many: another program that takes one of the CPUs spoils few of them.
    let count = 2_000_000
    var figures: [Figure] = []
    for (name, argumentBytes) in [("fork", 0), ("exec, 100 bytes of arguments", 100)] {
      var runs: [Double] = []
      for _ in 0..<bench.repetitions(25) { runs.append(try hop(count, argumentBytes: argumentBytes)) }
      figures.append(
        Figure("ring, two threads: a record (\(name))", medianOf: Sample(runs), .nanoseconds, .atMost(50))
          .adding("\(count / 1_000_000) million records a run, ring of 1 MiB"))
    }
    return figures
  }

  /// - Returns: nanoseconds a record.
  private static func hop(_ count: Int, argumentBytes: Int) throws(BenchError) -> Double {
    let ring = Ring(capacityBytes: 1 << 20)
    let began = Clock.monotonicNanoseconds
    do {
      let writer = try NamedThread("bench-writer") {
        var record = RecordWriter()
        record.begin(.executed, from: .connector, stamp: 1, pid: 1, startTicks: 1)
        record.append(.parentPID, 1 as Int32)
        if argumentBytes > 0 {
          record.append(.arguments, [UInt8](repeating: 1, count: argumentBytes).span)
        }
        for _ in 0..<count {
          // The reader is never long behind: the writer tries again, as a source that may wait does.
          while !ring.push(record) {}
        }
      }
      var (taken, sum) = (0, UInt64(0))
      while taken < count {
        taken += ring.drain { record in
          sum &+= record.stamp &+ UInt64(UInt32(bitPattern: record.pid))
          return true
        }
      }
      let nanoseconds = Clock.monotonicNanoseconds - began
      writer.join()
      guard sum == 2 * UInt64(count) else {
        throw BenchError.failed(program: "ring", saying: "records were changed")
      }
      return Double(nanoseconds) / Double(count)
    } catch {
      throw (error as? BenchError) ?? .cannotStart("a thread", (error as? Errno) ?? .notSupported)
    }
  }
}
