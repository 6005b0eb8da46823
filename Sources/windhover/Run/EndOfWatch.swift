import ArgumentParser
import Glibc
import System

/// How long a command watches.
struct DurationArgument: ParsableArguments {
  @Option(help: .init("End after so many seconds.", valueName: "seconds"))
  var duration: Double?

  func validate() throws {
    if let duration, !(duration > 0 && duration <= 1e9) {
      throw ValidationError("--duration \(duration): must be a number of seconds above 0")
    }
  }
}

/// When a watch is over: at SIGINT or SIGTERM, at SIGHUP when it was started from a terminal, or when its time is.
///
/// Made on the main thread before any other exists: signals are blocked in every thread, and the main thread alone takes
/// them.
struct EndOfWatch: Sendable {
  private let signals = SignalQueue([SIGINT, SIGTERM, SIGHUP, SIGUSR1])
  private let duration: Double?
  /// Asked at the start: a terminal that was closed is none any more.
  private let hasTerminal = isatty(STDIN_FILENO) == 1 || isatty(STDERR_FILENO) == 1
  private let main = pthread_self()

  init(_ argument: DurationArgument) { duration = argument.duration }

  /// Waits for it.
  /// - Parameters:
  ///   - reopen: called at SIGUSR1.
  ///   - hangUp: called at SIGHUP when no terminal can have been closed.
  func wait(reopen: () -> Void = {}, hangUp: () -> Void = {}) {
    let end = duration.map { Clock.monotonicNanoseconds + UInt64($0 * 1e9) }
    while true {
      let now = Clock.monotonicNanoseconds
      let left = end.map { $0 > now ? $0 - now : 0 }
      switch signals.next(within: left) {
      case SIGUSR1: reopen()
      case SIGHUP where !hasTerminal: hangUp()
      default: return
      }
    }
  }

  /// Brings it about, from any thread. A signal to one's own thread is one that the system call filter lets pass.
  func signal() { _ = pthread_kill(main, SIGTERM) }
}
