import Glibc
import Synchronization
import System
import SystemPackage

/// Ends a tail at SIGINT, SIGTERM or SIGHUP: the loop is woken and ends by itself; if it hangs, as in a write to a terminal
/// that is stopped, the program ends a second later.
///
/// Made on the main thread before any other exists: threads inherit that the signals are blocked.
final class TailSignals: Sendable {
  private let bell: EventDescriptor
  private let came = Atomic<Bool>(false)
  private let keyboard: Keyboard?
  private static let patienceNanoseconds: UInt64 = 1_000_000_000

  /// - Parameter keyboard: is restored in any case.
  init(_ keyboard: Keyboard?) throws(CommandFailure) {
    self.keyboard = keyboard
    let signals = SignalQueue([SIGINT, SIGTERM, SIGHUP])
    do {
      bell = try EventDescriptor()
      _ = try NamedThread("signals") { [self] in
        _ = signals.next(within: nil)
        came.store(true, ordering: .releasing)
        bell.signal()
        // A second one means: at once.
        _ = signals.next(within: Self.patienceNanoseconds)
        keyboard?.restore()
        _exit(ExitStatus.done.rawValue)
      }
    } catch {
      throw .failed("cannot wait for signals: \(error)")
    }
  }

  /// Has input once a signal came.
  var descriptor: FileDescriptor { bell.descriptor }

  var hasCome: Bool { came.load(ordering: .acquiring) }
}
