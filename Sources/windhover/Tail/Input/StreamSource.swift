import System
import SystemPackage

/// Alerts from standard input or a pipe, until it ends.
final class StreamSource: AlertSource {
  let descriptor: FileDescriptor?
  let patienceMilliseconds: Int32 = -1
  private let name: String
  private let stream: FileDescriptor
  private var lines = LineBuffer()
  private static let chunkBytes = 256 << 10

  init(_ stream: FileDescriptor, named name: String) {
    self.stream = stream
    self.name = name
    descriptor = stream
  }

  func read() throws(CommandFailure) -> [AlertSourceEvent] {
    let chunk: [UInt8]
    do {
      chunk = try stream.read(atMost: Self.chunkBytes)
    } catch .resourceTemporarilyUnavailable, .interrupted {
      return []
    } catch {
      throw .failed("\(name): \(error)")
    }
    var events: [AlertSourceEvent] = []
    lines.append(chunk)
    while let line = lines.next() { events.append(.line(line)) }
    if chunk.isEmpty {
      let rest = lines.takeRest()
      if !rest.isEmpty { events.append(.line(rest)) }
      events.append(.end)
    }
    return events
  }
}
