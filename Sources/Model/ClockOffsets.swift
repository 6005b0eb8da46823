/// What turns the monotonic stamps of records into wall-clock time and into start ticks.
///
/// The engine resamples it every second and after a clock step. Values are differences of readings taken as close
/// together as two calls allow. See clock_gettime(2), time_namespaces(7).
public struct ClockOffsets: Equatable, Sendable {
  /// CLOCK_REALTIME − CLOCK_MONOTONIC in nanoseconds.
  public var realtime: Int64
  /// CLOCK_BOOTTIME − CLOCK_MONOTONIC in nanoseconds: the time the machine slept.
  public var boot: Int64
  /// Clock ticks a second (USER_HZ).
  public var ticksPerSecond: UInt64

  public init(realtime: Int64, boot: Int64, ticksPerSecond: UInt64) {
    self.realtime = realtime
    self.boot = boot
    self.ticksPerSecond = max(1, ticksPerSecond)
  }

  /// Nanoseconds since 1970 UTC at a monotonic stamp.
  public func wallTime(_ stamp: UInt64) -> UInt64 { stamp &+ UInt64(bitPattern: realtime) }

  /// Clock ticks since boot at a monotonic stamp.
  public func ticks(_ stamp: UInt64) -> UInt64 {
    (stamp &+ UInt64(bitPattern: boot)) / (1_000_000_000 / ticksPerSecond)
  }
}
