import Alerts
import Events
import Synchronization
import System
import SystemPackage

/// Alerts that wait for the hash of a program, and those behind them: they leave in the order in which they came.
///
/// The engine appends and never waits; a thread of its own lets them go, when the hash is known or after a fifth of a second.
final class LateAlerts: Sendable {
  /// How long an alert waits for a hash at most.
  static let patienceNanoseconds: UInt64 = 200_000_000
  /// Alerts that wait at once; when there are more the first goes without its hash.
  static let limit = 1024
  /// The field whose value comes late.
  static let field = "proc.exe_sha256"

  private struct Waiting {
    var alert: Alert
    /// `nil` for an alert that only waits for its turn.
    var answer: ProgramHasher.Answer?
    var deadline: UInt64
  }

  /// What stands in an alert where the hash belongs: digits that no host could guess, of a hash's length.
  let mark: [UInt8]
  private let send: @Sendable (Alert) -> Void
  private let waiting = Mutex<[Waiting]>([])
  private let missed = Atomic<UInt64>(0)
  private let bell: EventDescriptor
  private let ended: EventDescriptor
  private let isStopping = Atomic<Bool>(false)
  /// Made by `start`.
  private let hasher = Mutex<ProgramHasher?>(nil)

  /// - Parameter send: where alerts go; called on the engine's thread and on this one's, never on both at once.
  init(mark: [UInt8], send: @escaping @Sendable (Alert) -> Void) throws(Errno) {
    self.mark = mark
    self.send = send
    bell = try EventDescriptor()
    ended = try EventDescriptor()
  }

  /// Digits alone, so that neither capitals nor small letters change them.
  static func makeMark() -> [UInt8] {
    (0..<64).map { _ in UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "9")) }
  }

  /// Alerts whose hash was asked for and not to be had.
  var missedHashes: UInt64 { missed.load(ordering: .relaxed) }

  /// Starts the threads.
  /// - Parameter makeHasher: given what the hasher is to call after each answer.
  func start(_ makeHasher: (@escaping @Sendable () -> Void) throws(Errno) -> ProgramHasher) throws(Errno) {
    let made = try makeHasher { [self] in bell.signal() }
    try made.start()
    hasher.withLock { $0 = made }
    _ = try NamedThread("wh-late") { [self] in
      while !isStopping.load(ordering: .acquiring) { bell.wait(milliseconds: release()) }
      release(all: true)
      ended.signal()
    }
  }

  /// Lets everything go that still waits, and ends the threads.
  func stop(milliseconds: Int32) {
    isStopping.store(true, ordering: .releasing)
    hasher.withLock { $0 }?.stop()
    bell.signal()
    ended.wait(milliseconds: milliseconds)
  }

  /// Takes an alert over. The engine's thread.
  /// - Parameter program: whose hash it wants; `nil` when it wants none.
  func append(_ alert: Alert, of program: HashedProgram?) {
    let answer = program.flatMap { program in hasher.withLock { $0 }?.ask(for: program) }
    waiting.withLock { waiting in
      guard !waiting.isEmpty || program != nil else { return send(alert) }
      if waiting.count >= Self.limit { letGo(waiting.removeFirst()) }
      waiting.append(
        Waiting(
          alert: alert, answer: program == nil ? nil : answer,
          deadline: program == nil ? 0 : Clock.monotonicNanoseconds + Self.patienceNanoseconds))
    }
    if program != nil { bell.signal() }
  }

  /// Lets go what needs to wait no longer.
  /// - Returns: milliseconds until the next must go.
  @discardableResult
  private func release(all: Bool = false) -> Int32 {
    waiting.withLock { waiting in
      let now = Clock.monotonicNanoseconds
      var count = 0
      while count < waiting.count,
        all || waiting[count].deadline <= now || waiting[count].answer?.isThere ?? true
      {
        letGo(waiting[count])
        count += 1
      }
      waiting.removeFirst(count)
      guard let first = waiting.first else { return -1 }
      return Int32(clamping: (first.deadline - now) / 1_000_000 + 1)
    }
  }

  private func letGo(_ entry: Waiting) {
    guard entry.deadline > 0 else { return send(entry.alert) }
    let hash = entry.answer?.hash
    if hash == nil { missed.add(1, ordering: .relaxed) }
    send(entry.alert.replacing(mark, by: hash))
  }
}

extension Alert {
  /// The alert with the hash, or with what stands for a missing value, in the place of the mark.
  func replacing(_ mark: [UInt8], by hash: [UInt8]?) -> Alert {
    let text = hash ?? Array("<NA>".utf8)
    func replaced(_ fields: [AlertField]) -> [AlertField] {
      fields.map { field in
        guard case .bytes(let bytes)? = field.value else { return field }
        if bytes == mark { return AlertField(field.name, hash.map { .bytes($0) }) }
        return AlertField(field.name, .bytes(bytes.replacing(mark, by: text)))
      }
    }
    return Alert(
      rule: rule, timeNanoseconds: timeNanoseconds, hostname: hostname,
      message: message.replacing(mark, by: text),
      outputFields: replaced(outputFields), context: replaced(context))
  }
}

extension [UInt8] {
  /// These bytes with every occurrence of `mark` replaced.
  fileprivate func replacing(_ mark: [UInt8], by text: [UInt8]) -> [UInt8] {
    guard count >= mark.count, let first = mark.first else { return self }
    var result: [UInt8] = []
    var index = 0
    while index < count {
      if self[index] == first, self[index...].starts(with: mark) {
        result += text
        index += mark.count
      } else {
        result.append(self[index])
        index += 1
      }
    }
    return result
  }
}
