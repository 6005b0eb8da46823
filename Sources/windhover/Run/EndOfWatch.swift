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
  private let signals = SignalQueue([SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2])
  private let duration: Double?
  /// Asked at the start: a terminal that was closed is none any more.
  private let hasTerminal = isatty(STDIN_FILENO) == 1 || isatty(STDERR_FILENO) == 1
  private let main = pthread_self()

  init(_ argument: DurationArgument) { duration = argument.duration }

  /// Waits for it.
  /// - Parameters:
  ///   - reopen: called at SIGUSR1.
  ///   - hangUp: called at SIGHUP when no terminal can have been closed.
  ///   - notice: called at SIGUSR2, which is this program's own way to wake its main thread; from elsewhere it does no harm.
  func wait(
    reopen: () -> Void = {}, hangUp: () -> Void = {}, notice: () -> Void = {}
  ) {
    let end = duration.map { Clock.monotonicNanoseconds + UInt64($0 * 1e9) }
    while true {
      let now = Clock.monotonicNanoseconds
      let left = end.map { $0 > now ? $0 - now : 0 }
      switch signals.next(within: left) {
      case SIGUSR1: reopen()
      case SIGHUP where !hasTerminal: hangUp()
      case SIGUSR2: notice()
      default: return
      }
    }
  }

  /// Brings it about, from any thread. A signal to one's own thread is one that the system call filter lets pass.
  func signal() { _ = pthread_kill(main, SIGTERM) }

  /// Has the main thread look at what there is to tell. Any thread; never waits.
  func signalNotice() { _ = pthread_kill(main, SIGUSR2) }
}
