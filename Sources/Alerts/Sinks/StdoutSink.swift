import System
public import SystemPackage

/// Alerts as lines on standard output. A reader that closes its end has seen enough: that ends the program well.
public struct StdoutSink: Sink {
  public static let name = "stdout"

  private let descriptor: FileDescriptor
  private var lines = LineWriter()

  /// - Parameter descriptor: standard output, or a descriptor that takes its place; it stays open.
  public init(descriptor: FileDescriptor = .standardOutput) { self.descriptor = descriptor }

  public var settled: UInt64 { lines.settled }

  public mutating func open() throws(SinkError) {}

  public mutating func deliver(_ alerts: ArraySlice<EncodedAlert>) throws(SinkError) {
    do { try lines.write(alerts, to: descriptor) } catch .brokenPipe {
      throw .readerGone
    } catch {
      throw .unavailable("standard output: \(error)")
    }
  }

  public mutating func close() {}
}
