import Glibc
import Host
import SystemPackage

@testable import Host

/// What can be done to a subscription from outside, by whoever may trace the agent: none of it is an error that the
/// kernel tells of by itself.
enum ConnectorDamage: CaseIterable, Sendable {
  /// Its sockets leave the group of process events.
  case leftGroup
  /// A filter lets nothing through.
  case filtered
  /// Another file has the descriptors.
  case replaced

  private static let netlinkLevel: Int32 = 270
  private static let dropMembership: Int32 = 2

  func inflict(on connector: ProcessConnector) throws {
    let descriptors = [connector.socket, connector.pressing].compactMap { $0?.rawValue }
    switch self {
    case .leftGroup:
      for descriptor in descriptors {
        var group: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        // SAFETY: reads a local of that size.
        guard unsafe setsockopt(descriptor, Self.netlinkLevel, Self.dropMembership, &group, size) == 0 else {
          throw Refused(error: errno)
        }
      }
    case .filtered: guard connector.standBy() else { throw Refused(error: errno) }
    case .replaced:
      let other = try FileDescriptor.open(FilePath("/dev/null"), .readWrite)
      defer { try? other.close() }
      for descriptor in descriptors { _ = try other.duplicate(as: FileDescriptor(rawValue: descriptor)) }
    }
  }

  struct Refused: Error {
    var error: Int32
  }
}
