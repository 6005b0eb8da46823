// Unsafe: signal set calls on a local.
import Glibc

/// Which signals the calling thread takes. See pthread_sigmask(3).
public enum SignalMask {
  /// Keeps every signal from the calling thread, so that another takes it; a write to a closed pipe then fails with
  /// EPIPE and does nothing else. Faults of the thread itself still end the process.
  ///
  /// SIGSYS stays open: by it a refused system call returns an error, and blocked it would kill the agent.
  public static func blockAll() {
    var signals = sigset_t()
    // SAFETY: the set is a local; SIG_BLOCK with a valid set cannot fail.
    unsafe sigfillset(&signals)
    unsafe sigdelset(&signals, SIGSYS)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
