// Unsafe: signal set calls on a local.
import Glibc

/// Which signals the calling thread takes. See pthread_sigmask(3).
public enum SignalMask {
  /// Keeps every signal from the calling thread, so that another takes it; a write to a closed pipe then fails with
  /// EPIPE and does nothing else. Faults of the thread itself still end the process.
  public static func blockAll() {
    var signals = sigset_t()
    // SAFETY: the set is a local; SIG_BLOCK with a full set cannot fail.
    unsafe sigfillset(&signals)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
