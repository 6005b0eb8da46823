public import Events

/// The container that a process claims to be in, and whether anything but the claim speaks for it.
///
/// A user with a delegated cgroup can give it any name, so an id counts only when a runtime's state file vouches for
/// it, or, unless a file says otherwise, when the process's mount or pid namespace is not the host's.
public struct Container: Equatable, Sendable {
  /// The whole id, as bytes from the cgroup path or the shim.
  public var id: [UInt8]
  public var type: ContainerType
  /// What the runtimes' files say of the id.
  public var standing: Standing

  public enum Standing: UInt8, Sendable {
    /// Nothing speaks for the id.
    case unvouched = 0
    /// A runtime's file vouches for it.
    case vouched = 1
    /// A runtime knows the id, but in another place: it is forged.
    case forged = 2
  }

  public init(id: [UInt8], type: ContainerType, standing: Standing) {
    self.id = id
    self.type = type
    self.standing = standing
  }

  /// The id as `container.id` prints it: the first 12 bytes of an id of 64 hexadecimal digits, others whole.
  public var shortID: ArraySlice<UInt8> {
    id.count == 64 && id.allSatisfy(\.isHexadecimalDigit) ? id.prefix(12) : id[...]
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}
