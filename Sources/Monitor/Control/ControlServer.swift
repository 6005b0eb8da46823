import Synchronization
import System
import SystemPackage

/// Answers at the control socket, on a thread of its own that no asker can hold up.
///
/// `start` and `stop` belong to the main thread. A request is one line, the answer one line of JSON.
final class ControlServer: Sendable {
  static let sessionLimit = 32
  /// The group's share: its members cannot keep root out.
  static let groupLimit = 24
  private static let busy = Array("{\"error\":\"busy: too many ask at once\"}\n".utf8)
  /// After so many arrivals those who are in are heard again.
  private static let arrivalLimit = 64
  private static let sampleMilliseconds: Int32 = 5000

  private let socket: ControlSocket
  private let bell: EventDescriptor
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<NamedThread?>(nil)

  init(_ socket: consuming ControlSocket) throws(Errno) {
    self.socket = socket
    bell = try EventDescriptor()
  }

  /// - Parameters:
  ///   - tails: serves who asks for alerts; it is started here, and stopped by whoever made it.
  ///   - makeAnswers: called on the control thread, which keeps what it returns.
  func start(
    tails server: TailServer, _ makeAnswers: @escaping @Sendable () -> ControlAnswers
  ) throws(Errno) {
    try server.start()
    try thread.withLock { slot throws(Errno) in
      slot = try NamedThread("wh-control") {
        SignalMask.blockAll()
        self.run(makeAnswers(), server)
      }
    }
  }

  /// Ends the thread and removes the socket's file.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    bell.signal()
    if let thread = thread.withLock({ $0.take() }) { thread.join() }
    socket.socket.removeFile()
  }

  private func run(_ answers: ControlAnswers, _ tails: TailServer) {
    var sessions: [ControlSession] = []
    var rates = RateMeter()
    var set = PollSet()
    var nextSample: UInt64 = 0
    // Without a free descriptor nobody can be let in, and the listener would call at once again.
    var closedUntil: UInt64 = 0
    while !isStopping.load(ordering: .acquiring) {
      let now = Clock.monotonicNanoseconds
      if now >= nextSample {
        rates.add(answers.reader.counts, at: now)
        nextSample = now + UInt64(Self.sampleMilliseconds) * 1_000_000
      }
      set.removeAll()
      set.add(bell.descriptor, input: true, output: false)
      set.add(socket.socket.descriptor, input: now >= closedUntil, output: false)
      for session in sessions {
        set.add(
          session.connection.socket.descriptor, input: !session.isAnswering, output: session.isAnswering)
      }
      let next = sessions.map(\.deadline).reduce(nextSample, min)
      set.wait(milliseconds: Int32(clamping: (next - min(next, now)) / 1_000_000 + 1))

      let woken = Clock.monotonicNanoseconds
      var position = 2
      sessions.removeAll { session in
        defer { position += 1 }
        var progress = ControlSession.Progress.goesOn
        if set.hasInput(position), !session.isAnswering {
          progress = session.hear { answers.answer($0, rates) }
        } else if set.hasRoom(position) || set.hasInput(position) {
          progress = session.tell()
        }
        if case .tails(let request) = progress {
          if tails.take(session.connection, request) { return true }
          progress = session.tell(Self.busy)
        }
        if case .isOver = progress { return true }
        return woken >= session.deadline
      }
      guard set.hasInput(1) else { continue }
      do throws(Errno) {
        try welcome(&sessions, now: woken)
      } catch {
        closedUntil = woken + 1_000_000_000
      }
    }
  }

  /// Lets in who waits, as far as there is room.
  private func welcome(_ sessions: inout [ControlSession], now: UInt64) throws(Errno) {
    for _ in 0..<Self.arrivalLimit where !isStopping.load(ordering: .acquiring) {
      guard let asker = try socket.socket.accept() else { return }
      guard let peer = asker.peer, socket.admits(peer) else { continue }
      let isOwner = socket.isOwner(peer)
      guard sessions.count < (isOwner ? Self.sessionLimit : Self.groupLimit) else {
        _ = try? asker.send(Self.busy.span)
        continue
      }
      sessions.append(ControlSession(ControlConnection(asker, isOwner: isOwner), now: now))
    }
  }
}
