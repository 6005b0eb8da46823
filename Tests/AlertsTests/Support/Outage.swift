import Alerts
import Glibc
import SystemPackage
import Testing

/// A receiver that is away for a while under 1,000 alerts a second. WINDHOVER_OUTAGE_SECONDS says for how long.
enum Outage {
  static let seconds: Int =
    unsafe getenv("WINDHOVER_OUTAGE_SECONDS").flatMap {
      Int(unsafe String(cString: $0))
    } ?? 2

  /// Sends alerts for a second, for the outage, and for a second behind it.
  /// - Returns: how many.
  static func run(_ delivery: Delivery, stop: () throws -> Void, start: () throws -> Void) rethrows -> Int {
    let rounds = (seconds + 2) * 10
    for round in 0..<rounds {
      if round == 10 { try stop() }
      if round == rounds - 10 { try start() }
      for _ in 0..<100 { delivery.append(Sample.shell) }
      usleep(100_000)
    }
    return rounds * 100
  }

  /// A journal on disk: memory holds less than such an outage brings.
  static func journal(in directory: TemporaryDirectory) throws -> Journal {
    var storage = JournalStorage(directory: directory.path.appending("journal").string)
    storage.limits.sync = .never
    return try Journal(storage: storage)
  }

  /// Which of the first `count` numbers are nowhere in the file, and how many are there more than once.
  /// - Parameter pattern: what they stand behind, as grep(1) has it; tens of megabytes are no work for our own tools.
  static func gaps(_ file: FilePath, behind pattern: String, count: Int) throws -> (
    missing: [Int], repeated: Int
  ) {
    let found = try Program("/bin/grep", ["-oE", pattern + "[0-9]+", file.string]).finish().outputBytes
    var seen = Set<Int>()
    var repeated = 0
    for line in found.split(separator: UInt8(ascii: "\n")) {
      let digits = line.reversed().prefix { (0x30...0x39).contains($0) }.reversed()
      if !seen.insert(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }).inserted { repeated += 1 }
    }
    return ((1...count).filter { !seen.contains($0) }, repeated)
  }

  /// What came of it, for who runs the long form.
  static func tell(_ receiver: String, _ count: Int, _ repeated: Int, _ delivery: Delivery) {
    let sink = delivery.status.sinks[0]
    print(
      "outage of \(seconds) s, \(receiver): \(count) alerts, none missing, \(repeated) twice; sent again \(sink.retried), "
        + "failures \(sink.failures), missed \(sink.missed)")
  }
}
