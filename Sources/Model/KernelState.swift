/// What is known of the kernel itself: the settings that matter and the modules that are loaded.
struct KernelState {
  struct Setting {
    /// `nil` when the kernel does not have the setting.
    var value: [UInt8]?
    /// How much the value protects, compared with other values of the same setting.
    var strength: Int64?
  }

  var settings: [[UInt8]: Setting] = [:]
  var modules: [[UInt8]: LoadedModule] = [:]
}

/// A setting of the kernel that was changed.
public struct SettingChange: Equatable, Sendable {
  public let name: [UInt8]
  /// `nil` when the kernel did not have the setting.
  public let before: [UInt8]?
  /// `nil` when the kernel has the setting no more.
  public let after: [UInt8]?
  /// Whether the value protects less than the one before.
  public let isWeaker: Bool

  public init(name: [UInt8], before: [UInt8]?, after: [UInt8]?, isWeaker: Bool) {
    (self.name, self.before, self.after, self.isWeaker) = (name, before, after, isWeaker)
  }
}

/// A module of the kernel.
public struct LoadedModule: Equatable, Sendable {
  public let name: [UInt8]
  /// The bytes that it takes; `nil` for one that was gone before it could be looked at.
  public let size: UInt64?
  /// How it taints the kernel, one letter each; `nil` as for the size.
  public let taint: [UInt8]?

  public init(name: [UInt8], size: UInt64?, taint: [UInt8]?) {
    (self.name, self.size, self.taint) = (name, size, taint)
  }
}
