import Model
import System

/// Measures how the clocks stand to each other. The engine's thread only, once a second and after a clock step.
struct ClockSampler {
  /// The offsets now, from the tightest of five triples of readings: a reader that is scheduled away between two
  /// readings would be off by the time it stood.
  static func sample() -> ClockOffsets {
    var best: (spread: UInt64, realtime: Int64, boot: Int64)?
    for _ in 0..<5 {
      let before = Clock.monotonicNanoseconds
      let realtime = Clock.realtimeNanoseconds
      let boot = Clock.bootNanoseconds
      let after = Clock.monotonicNanoseconds
      let middle = before + (after - before) / 2
      if best.map({ after - before < $0.spread }) ?? true {
        best = (
          after - before, Int64(bitPattern: realtime &- middle), Int64(bitPattern: boot &- middle)
        )
      }
    }
    return ClockOffsets(
      realtime: best?.realtime ?? 0, boot: best?.boot ?? 0, ticksPerSecond: Clock.ticksPerSecond)
  }
}
