import System
import SystemPackage

/// What a cursor sleeps on.
final class Bell: Sendable {
  private let event: EventDescriptor

  init() throws(JournalError) {
    do { event = try EventDescriptor() } catch { throw .noDescriptor(error.rawValue) }
  }

  var descriptor: FileDescriptor { event.descriptor }

  func signal() { event.signal() }

  func wait(milliseconds: Int32) { event.wait(milliseconds: milliseconds) }
}
