public import SystemPackage

/// Tells one thread that there is something to read, by a descriptor that poll(2) can wait for together with others.
///
/// `ring` may be called from any thread; the rest belongs to the thread that waits.
public final class JournalWatch: Sendable {
  private let journal: Journal
  private let bell: Bell

  /// - Throws: `noDescriptor` when no eventfd is to be had.
  public init(_ journal: Journal) throws(JournalError) {
    self.journal = journal
    bell = try Bell()
  }

  deinit { journal.withState { state in state.watches.removeAll { $0 === bell } } }

  /// Has input once it was rung.
  public var descriptor: FileDescriptor { bell.descriptor }

  /// Whether an alert of this number or a later one can be read. If not, the next one that can rings; not so while the
  /// disk stands still, so that a wait must have an end.
  public func hasNews(from sequence: UInt64) -> Bool {
    journal.withState { state in
      guard state.readableThrough < sequence else { return true }
      if !state.watches.contains(where: { $0 === bell }) { state.watches.append(bell) }
      return false
    }
  }

  public func ring() { bell.signal() }

  /// Takes back what was rung. To be called before one looks, so that no ring is lost.
  public func quieten() { bell.wait(milliseconds: 0) }
}
