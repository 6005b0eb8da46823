import Glibc
import SystemPackage

/// Compares what every thread of the process holds with what was intended.
///
/// Capabilities and no_new_privs belong to a thread, not to the process: one that started before the drop, or in a
/// library, would keep what the others gave up. Run after the last thread has started. Any thread may run it.
public struct ThreadAudit: Sendable {
  public let intended: ThreadState
  /// Whether a thread that blocks SIGSYS is refused: a call that the filter refuses would kill the agent there.
  public let refusesBlockedTrap: Bool
  private let directory: String

  public init(intended: ThreadState, refusesBlockedTrap: Bool, directory: String = "/proc/self/task") {
    self.intended = intended
    self.refusesBlockedTrap = refusesBlockedTrap
    self.directory = directory
  }

  /// - Returns: how many threads were compared.
  /// - Throws: `threadDiffers` for the first thread that holds something else.
  @discardableResult
  public func run() throws(ProtectionError) -> Int {
    // A thread that ended while being read may have started another in that moment, so the list is read again.
    for _ in 0..<8 {
      let threads = try OwnProc.numbers(in: directory)
      var vanished = false
      for thread in threads {
        guard let state = try state(of: thread) else {
          vanished = true
          continue
        }
        if let difference = difference(of: thread, state) { throw .threadDiffers(difference) }
      }
      if !vanished { return threads.count }
    }
    throw .unreadable(path: directory, .resourceTemporarilyUnavailable)
  }

  /// - Returns: `nil` for a thread that has ended.
  private func state(of thread: Int32) throws(ProtectionError) -> ThreadState? {
    do {
      return ThreadState(parsing: try OwnProc.text("\(directory)/\(thread)/status"))
    } catch .unreadable(_, .noSuchFileOrDirectory), .unreadable(_, .noSuchProcess) {
      return nil
    }
  }

  func difference(of thread: Int32, _ state: ThreadState) -> ThreadDifference? {
    for line in ThreadState.Line.allCases where state[line] != intended[line] {
      return ThreadDifference(
        thread: thread, name: state.name, line: line.rawValue, found: state[line] ?? "",
        intended: intended[line] ?? "")
    }
    guard refusesBlockedTrap, state.blockedSignals >> UInt64(SIGSYS - 1) & 1 == 1 else { return nil }
    return ThreadDifference(
      thread: thread, name: state.name, line: "SigBlk", found: "SIGSYS blocked", intended: "SIGSYS open")
  }
}
