import Alerts
import Events
import Model
import Synchronization
import System

/// A self-test: an alert about one program with a name of its own, on its way to every output.
///
/// The control thread asks, the engine's thread answers. Several may be at work at once.
final class Selftest: Sendable {
  /// How long a program is waited for.
  static let patienceNanoseconds: UInt64 = 60_000_000_000
  /// A name that the kernel keeps whole (comm has 15 bytes), and that nobody else gives a program.
  static let prefix = "whst-"
  static let nameBytes = 6...15

  private struct Test {
    let expires: UInt64
    /// The alert's number, once there is one.
    var sequence: UInt64?
  }

  /// More at once than anybody has reason for; the one that expires first then goes.
  private static let limit = 8

  private let tests = Mutex<[[UInt8]: Test]>([:])
  /// Whether a program is waited for: all that an exec costs while none is.
  private let isWaiting = Atomic<Bool>(false)
  /// Urgent enough for every output.
  private let rule: AlertRule

  init(priority: Priority) {
    rule = AlertRule(
      name: "Windhover internal: selftest", priority: priority, source: AlertRule.internal)
  }

  /// Waits for a program of this name from now on, unless it is waited for already.
  /// - Returns: the number of the alert about it; `nil` while there is none.
  func expect(_ name: [UInt8]) -> UInt64? {
    tests.withLock { tests in
      let now = Clock.monotonicNanoseconds
      tests = tests.filter { now < $0.value.expires }
      if let known = tests[name] { return known.sequence }
      if tests.count >= Self.limit, let oldest = tests.min(by: { $0.value.expires < $1.value.expires }) {
        tests[oldest.key] = nil
      }
      tests[name] = Test(expires: now + Self.patienceNanoseconds)
      isWaiting.store(true, ordering: .relaxed)
      return nil
    }
  }

  /// Whether a program of this name is waited for. The engine's thread.
  func awaits(_ name: [UInt8]) -> Bool {
    guard isWaiting.load(ordering: .relaxed) else { return false }
    return tests.withLock { tests in
      let now = Clock.monotonicNanoseconds
      isWaiting.store(
        tests.values.contains { $0.sequence == nil && now < $0.expires }, ordering: .relaxed)
      guard let test = tests[name] else { return false }
      return test.sequence == nil && now < test.expires
    }
  }

  /// Notes the number of the alert about a program. The engine's thread.
  func note(_ sequence: UInt64, of name: [UInt8]) { tests.withLock { $0[name]?.sequence = sequence } }

  /// The alert about the program.
  func alert(_ event: Event, hostname: String) -> Alert {
    let row = event.process
    return Alert(
      rule: rule, timeNanoseconds: event.time, hostname: hostname,
      message: Array("A self-test of the outputs (program=".utf8) + (row?.name ?? [])
        + Array(" pid=\(row?.pid ?? 0))".utf8),
      outputFields: [
        AlertField("evt.time", .unsigned(event.time)), AlertField("proc.pid", .signed(Int64(row?.pid ?? 0))),
        AlertField("proc.name", row.map { .bytes($0.name) }),
      ])
  }
}
