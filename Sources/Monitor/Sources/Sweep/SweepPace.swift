import Glibc
import System

/// How fast the sweep goes: at once when it must, else within its share of a core. One thread uses it.
struct SweepPace {
  /// CPU time of one full read that the budget reckons with, measured: 69–96 µs.
  private static let readNanoseconds: UInt64 = 100_000
  /// Work between two looks at the clock, and the pause after it during a pass that is not urgent: 10 % of a core.
  private static let sliceNanoseconds: UInt64 = 5_000_000
  private static let pauseMicroseconds: UInt32 = 45_000

  /// Whether the connector tells what happens meanwhile.
  var hasConnector: Bool
  private var isUrgent = true
  private var passBegan = Clock.threadCPUNanoseconds
  private var sliceBegan = Clock.threadCPUNanoseconds
  private var steps = 0
  private var nextUrgent: UInt64 = 0
  private var waitSeconds = 0

  init(hasConnector: Bool) { self.hasConnector = hasConnector }

  /// Milliseconds until the next pass, by what the last one cost.
  mutating func intervalMilliseconds() -> Int32 {
    guard !hasConnector else { return Int32(ProcfsSource.reconcileMilliseconds) }
    let cost = Clock.threadCPUNanoseconds - passBegan
    // A hundred times its cost: 1 % of a core.
    let wanted = Int(clamping: cost / 10_000)
    return Int32(
      min(max(wanted, ProcfsSource.pollMilliseconds.lowerBound), ProcfsSource.pollMilliseconds.upperBound))
  }

  /// A pass begins; an urgent one does not pause.
  mutating func beginPass(isUrgent: Bool) {
    let now = Clock.monotonicNanoseconds
    let cpu = Clock.threadCPUNanoseconds
    // Twenty times what the last urgent pass cost lies between two of them: 5 % of a core.
    nextUrgent = self.isUrgent ? now + 20 * (cpu - passBegan) : nextUrgent
    waitSeconds = isUrgent && now < nextUrgent ? Int((nextUrgent - now) / 1_000_000_000) + 1 : 0
    self.isUrgent = isUrgent
    passBegan = cpu
    sliceBegan = cpu
  }

  /// Seconds to wait before the pass that was begun, when urgent ones come too often.
  var secondsUntilTurn: Int { min(waitSeconds, 60) }

  /// Processes without a visible change that may be read in full in one pass: half a percent of a core.
  /// An urgent pass looks for what is missing, and leaves the others to the next.
  var rereadLimit: Int {
    guard !isUrgent else { return 4 }
    let interval = UInt64(
      hasConnector ? ProcfsSource.reconcileMilliseconds : ProcfsSource.pollMilliseconds.lowerBound)
    return max(4, Int(interval * 1_000_000 / 200 / Self.readNanoseconds))
  }

  /// Pauses when the slice is used up. Called between two steps.
  mutating func breathe() {
    guard !isUrgent else { return }
    steps += 1
    guard steps % 16 == 0 else { return }
    let now = Clock.threadCPUNanoseconds
    guard now - sliceBegan >= Self.sliceNanoseconds else { return }
    usleep(Self.pauseMicroseconds)
    sliceBegan = now
  }
}
