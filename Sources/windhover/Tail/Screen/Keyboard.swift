import Synchronization
import System
import SystemPackage

/// The keyboard of the terminal, its keys one by one. Any thread may restore it.
final class Keyboard: Sendable {
  let descriptor = FileDescriptor.standardInput
  private let mode: Mutex<Terminal.Mode?>
  private static let chunkBytes = 256

  /// `nil` where standard input is no terminal, or another program's at the moment.
  init?() {
    guard let mode = Terminal.takeKeys(of: .standardInput) else { return nil }
    self.mode = Mutex(mode)
  }

  deinit { restore() }

  /// The keys that were typed; none when the terminal has gone.
  func read() -> [UInt8]? {
    guard let bytes = try? descriptor.read(atMost: Self.chunkBytes), !bytes.isEmpty else { return nil }
    return bytes
  }

  /// Lets the terminal treat what is typed as before.
  func restore() {
    if let mode = mode.withLock({ $0.take() }) { Terminal.restore(mode, of: descriptor) }
  }
}
