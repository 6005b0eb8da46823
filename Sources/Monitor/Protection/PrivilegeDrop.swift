import CLinux
import Glibc
import System
import SystemPackage

/// Gives up what the agent no longer needs once its sources are open.
///
/// Capabilities belong to a thread, and no call takes them from another: so it runs on the main thread before any
/// other thread, Dispatch queue, Task or library thread exists. The order of the steps is the order of their needs.
public struct PrivilegeDrop: Sendable {
  /// What all of /proc takes: exe, cwd, root and namespaces; fd, environ, auxv and state files.
  public static let forProc: Capabilities = [.sysPtrace, .dacReadSearch]

  public let identity: Identity
  public let keeping: Capabilities
  /// `nil` switches the filter off, which the report says.
  public let filter: SyscallFilter?

  public init(
    to identity: Identity, keeping: Capabilities = PrivilegeDrop.forProc, filter: SyscallFilter? = .agent()
  ) {
    self.identity = identity
    self.keeping = keeping
    self.filter = filter
  }

  /// Takes every step that the starter's privileges allow, and reads back from the kernel what came of it.
  /// - Parameter prioritise: takes real-time priority for threads that will inherit it; runs while the starter's
  ///   capabilities are still held.
  /// - Returns: what was done, one line a step, and the audit to run again when every thread has started.
  /// - Throws: when a privilege could have been given up but was not. The agent must not run then.
  public func perform(
    prioritise: () -> Void = {}
  ) throws(ProtectionError) -> (report: ProtectionReport, audit: ThreadAudit) {
    guard getpid() == wh_gettid() else { throw .notMainThread }
    let threads = try OwnProc.numbers(in: "/proc/self/task").count
    guard threads == 1 else { throw .notAlone(threads: threads) }

    var steps = DropSteps()
    steps.surviveMemoryShortage()
    try steps.emptyBoundingSet()
    prioritise()
    try steps.become(identity)
    try steps.keepOnly(keeping)
    try steps.refuseDumps()
    try steps.refuseNewPrivileges()
    steps.refuseWrittenCode()
    steps.load(filter)
    steps.foreseeConfinement(Self.landlock)

    let audit = try steps.audit()
    try audit.run()
    return (steps.report, audit)
  }

  /// The kernel's version of Landlock.
  private static var landlock: Result<Int, Errno> {
    do { return .success(try Confinement.version()) } catch { return .failure(error) }
  }
}
