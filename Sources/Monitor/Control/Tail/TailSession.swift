import Alerts
import Rules
import System
import SystemPackage

/// One tail: reads the journal at its own pace, and sends what its reader takes. The tails' thread only.
///
/// It holds one batch of alerts, and of their lines so much and one line. A tail that takes nothing for a while though
/// its socket is full, or that the journal has left behind, is told so and let go.
final class TailSession {
  private static let batchLimit = 32
  /// Of alerts in memory, and of their lines, which are several times as long when every character is escaped.
  static let batchBytes = 256 << 10
  /// After so many batches it is the others' turn.
  private static let roundLimit = 8
  /// The kernel doubles it, and so keeps twice its default: the last word finds room where no other does.
  private static let lastSocketBytes: Int32 = 212_992

  enum Progress {
    case isCaughtUp
    case hasMore
    /// The socket is full.
    case waits
    case isOver
  }

  let connection: ControlConnection
  private(set) var progress = Progress.hasMore
  /// Whether it was let go since it was too slow.
  private(set) var wasDropped = false
  private let terms: TailTerms
  private var reader: JournalReader
  /// While it is set, older alerts of the past are passed over.
  private var since: UInt64?
  /// The number with which the present begins, until it has come.
  private var present: UInt64?
  /// Alerts that were read, but are not lines yet.
  private var pending: ArraySlice<JournalEntry> = []
  private(set) var unsent: [UInt8] = []
  private var sent = 0
  /// Since when the socket takes nothing; `nil` while it does.
  private var fullSince: UInt64?

  init(_ connection: ControlConnection, _ request: TailRequest, _ terms: TailTerms) {
    self.connection = connection
    self.terms = terms
    let journal = terms.journal
    let readable = journal.readable
    var start = readable.upperBound
    let resumed = request.after.flatMap { Self.sequence(behind: $0, in: journal) }
    if let resumed {
      start = resumed
    } else {
      let fromLast = request.last.map { readable.upperBound - min($0, UInt64(readable.count)) }
      let fromTime = request.since.map { journal.sequence(before: $0) }
      start = [fromLast, fromTime].compactMap(\.self).max() ?? start
      since = request.since
    }
    present = readable.upperBound
    reader = journal.makeReader(from: start)
    unsent = terms.identity.line(first: start, isStored: journal.isStored, isResumed: resumed != nil)
  }

  /// The number that is read next.
  var position: UInt64 { reader.position }

  /// Sends what there is, as far as it is taken and as it is this tail's turn.
  /// - Parameter now: monotonic.
  func serve(_ lines: inout TailLines, now: UInt64) {
    progress = advance(&lines, now: now)
  }

  /// A tail has nothing more to say.
  /// - Returns: whether it is still there.
  func hear() -> Bool {
    guard let bytes = try? connection.socket.receive(atMost: 64) else { return false }
    return bytes.isEmpty
  }

  private func advance(_ lines: inout TailLines, now: UInt64) -> Progress {
    for _ in 0..<Self.roundLimit {
      guard let isTaken = flush(now) else { return .isOver }
      guard isTaken else {
        guard let fullSince, now > fullSince + terms.patienceNanoseconds else { return .waits }
        leave(missed: 0, now: now)
        return .isOver
      }
      var isAtEnd = false
      if pending.isEmpty {
        let batch = reader.next(limit: Self.batchLimit, bytes: Self.batchBytes)
        pending = batch.entries[...]
        if let missed = batch.missed, !admitsGap(of: UInt64(missed.count), now: now) { return .isOver }
        isAtEnd = batch.isEmpty
      }
      while unsent.count < Self.batchBytes, let entry = pending.popFirst() { append(entry, &lines) }
      if pending.isEmpty, let present, reader.position >= present { begin() }
      if isAtEnd && unsent.isEmpty { return .isCaughtUp }
    }
    return .hasMore
  }

  private func append(_ entry: JournalEntry, _ lines: inout TailLines) {
    if let present, entry.sequence >= present { begin() }
    if let since {
      guard entry.alert.timeNanoseconds >= since else { return }
      self.since = nil
    }
    lines.append(entry, to: &unsent)
  }

  /// The present has come: of it nothing is passed over, whatever the clock says.
  private func begin() {
    present = nil
    since = nil
    unsent += Self.liveLine
  }

  /// What the journal has dropped before this tail came to it is told, while it reads the past; else it was too slow.
  /// - Returns: whether it goes on.
  private func admitsGap(of count: UInt64, now: UInt64) -> Bool {
    guard present == nil else {
      unsent += Self.line { json in
        json.key("missed")
        json.number(count)
      }
      return true
    }
    leave(missed: count, now: now)
    return false
  }

  /// Sends what waits.
  /// - Returns: whether all of it was taken; `nil` when nobody is there.
  private func flush(_ now: UInt64) -> Bool? {
    let unsent = unsent
    while sent < unsent.count {
      do {
        sent += try connection.socket.send(unsent.span.extracting(sent..<unsent.count))
        fullSince = nil
      } catch Errno.resourceTemporarilyUnavailable {
        if fullSince == nil { fullSince = now }
        return false
      } catch {
        return nil
      }
    }
    if unsent.count > 0 { self.unsent = [] }
    sent = 0
    return true
  }

  /// Says how far behind the tail is, behind the line that it has a part of.
  private func leave(missed: UInt64, now: UInt64) {
    wasDropped = true
    let newline = UInt8(ascii: "\n")
    var end = sent
    if end > 0, unsent[end - 1] != newline {
      end = (unsent[end...].firstIndex(of: newline) ?? unsent.count - 1) + 1
    }
    let unread = terms.journal.readable.upperBound
    let behind =
      UInt64(unsent[end...].count { $0 == newline } + pending.count) + missed + unread
      - min(unread, reader.position)
    unsent.removeSubrange(end...)
    unsent += Self.line { json in
      json.key("dropped")
      json.number(behind)
    }
    connection.socket.setSendBuffer(bytes: Self.lastSocketBytes)
    _ = flush(now)
  }

  /// The number behind an alert, if the journal has it.
  private static func sequence(behind place: TailRequest.Place, in journal: Journal) -> UInt64? {
    guard journal.readable.contains(place.sequence) else { return nil }
    var reader = journal.makeReader(from: place.sequence)
    guard let entry = reader.next(limit: 1, bytes: 0).entries.first, entry.sequence == place.sequence,
      entry.uuid.description == place.uuid
    else { return nil }
    return place.sequence + 1
  }

  private static let liveLine = line { json in
    json.key("live")
    json.bool(true)
  }

  private static func line(_ members: (inout JSONText) -> Void) -> [UInt8] {
    var json = JSONText()
    json.object(members)
    return Array(json.text.utf8) + [UInt8(ascii: "\n")]
  }
}

/// What is the same for every tail.
struct TailTerms: Sendable {
  let journal: Journal
  /// What the first line tells of the agent.
  let identity: TailIdentity
  /// How long a tail with a full socket may take nothing.
  var patienceNanoseconds: UInt64 = 10_000_000_000
}
