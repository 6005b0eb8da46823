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
      var (costs, times): ([Double], [Double]) = ([], [])
      bench.settle()
      for _ in 0..<bench.repetitions(25) {
        costs.append(
          try hop(count, argumentBytes: argumentBytes, idling: { Clock.sleep(milliseconds: 1) }).cpu)
        times.append(try hop(count, argumentBytes: argumentBytes, idling: {}).wall)
      }
      figures += [
        Figure(
          "ring, two threads: CPU a record (\(name))", medianOf: Sample(costs), .nanoseconds, .atMost(50)
        )
        .adding(
          "both threads together; the reader looks once a millisecond, as the engine does; ring of 1 MiB"),
        Figure(
          "ring, two threads: time a record, both spinning (\(name))", medianOf: Sample(times), .nanoseconds),
      ]
    }
    return figures
  }

  /// - Parameter idling: what a thread does when the ring is full or empty.
  /// - Returns: nanoseconds a record: of CPU, both threads together, and of time.
  private static func hop(
    _ count: Int, argumentBytes: Int, idling: @escaping @Sendable () -> Void
  ) throws(BenchError) -> (cpu: Double, wall: Double) {
    let ring = Ring(capacityBytes: 1 << 20)
    let (began, cpuBefore) = (Clock.monotonicNanoseconds, Clock.processCPUNanoseconds)
    do {
      let writer = try NamedThread("bench-writer") {
        var record = RecordWriter()
        record.begin(.executed, from: .connector, stamp: 1, pid: 1, startTicks: 1)
        record.append(.parentPID, 1 as Int32)
        if argumentBytes > 0 { record.append(.arguments, [UInt8](repeating: 1, count: argumentBytes).span) }
        for _ in 0..<count {
          while !ring.push(record) { idling() }
        }
      }
      var (taken, sum) = (0, UInt64(0))
      while taken < count {
        taken += ring.drain { record in
          sum &+= record.stamp &+ UInt64(UInt32(bitPattern: record.pid))
          return true
        }
        idling()
      }
      writer.join()
      let nanoseconds = Clock.monotonicNanoseconds - began
      let cpu = Clock.processCPUNanoseconds - cpuBefore
      guard sum == 2 * UInt64(count) else {
        throw BenchError.failed(program: "ring", saying: "records were changed")
      }
      return (Double(cpu) / Double(count), Double(nanoseconds) / Double(count))
    } catch {
      throw (error as? BenchError) ?? .cannotStart("a thread", (error as? Errno) ?? .notSupported)
    }
  }
}
