extension CgroupFileName {
  public static let freezerState = CgroupFileName("freezer.state")
}

/// Whether a cgroup's processes stand still, as `freezer.state` of version 1 tells it: at the order of the cgroup or of
/// one above. See the kernel's cgroup-v1/freezer-subsystem.rst.
public enum FreezerState: Equatable, Sendable {
  case thawed
  /// On the way: some processes still run.
  case freezing
  case frozen

  /// - Returns: `nil` when the bytes are none of the three words and a newline.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count > 0, bytes[bytes.count - 1] == UInt8(ascii: "\n") else { return nil }
    let word = 0..<bytes.count - 1
    if bytes.has("THAWED", as: word) {
      self = .thawed
    } else if bytes.has("FREEZING", as: word) {
      self = .freezing
    } else if bytes.has("FROZEN", as: word) {
      self = .frozen
    } else {
      return nil
    }
  }
}
