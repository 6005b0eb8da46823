/// The capabilities that a process of this host can have at most: what "all" means here.
///
/// The kernel may know fewer than this program, and who started the host may have taken some from everybody. See
/// capabilities(7).
public enum HostCapabilities {
  /// The bounding set of process 1, or of kthreadd where that may not be read; `nil` when neither can be.
  public static func read(_ root: HostRoot) -> UInt64? {
    var directory = ProcessDirectory(root: root)
    var buffer = ReadBuffer()
    for pid in [1, 2] as [Int32] {
      directory.select(pid)
      guard directory.read(.status, into: &buffer) == .complete,
        let status = buffer.withBytes({ ProcStatus(parsing: $0) }), status.capabilities.bounding != 0
      else { continue }
      return status.capabilities.bounding
    }
    return nil
  }
}
