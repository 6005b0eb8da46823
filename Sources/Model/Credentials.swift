/// Real, effective, saved and file-system id of a user or a group. See credentials(7).
public struct IDSet: Equatable, Sendable {
  public var real, effective, saved, fileSystem: UInt32

  public init(real: UInt32, effective: UInt32, saved: UInt32, fileSystem: UInt32) {
    self.real = real
    self.effective = effective
    self.saved = saved
    self.fileSystem = fileSystem
  }
}

/// The five capability sets, a bit a capability. See capabilities(7).
public struct CapabilitySets: Equatable, Sendable {
  public var inheritable, permitted, effective, bounding, ambient: UInt64

  public init(inheritable: UInt64, permitted: UInt64, effective: UInt64, bounding: UInt64, ambient: UInt64) {
    self.inheritable = inheritable
    self.permitted = permitted
    self.effective = effective
    self.bounding = bounding
    self.ambient = ambient
  }
}
