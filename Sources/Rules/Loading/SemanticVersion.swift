/// A version of three numbers, as rule files ask for one. See semver.org.
public struct SemanticVersion: Hashable, Sendable {
  public var major: UInt32
  public var minor: UInt32
  public var patch: UInt32

  public init(_ major: UInt32, _ minor: UInt32, _ patch: UInt32) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// Reads `1.2.3`; what follows a `-` or `+` is not compared.
  public init?(_ text: String) {
    let core = text.prefix { $0 != "-" && $0 != "+" }
    let numbers = core.split(separator: ".", omittingEmptySubsequences: false).map { UInt32($0) }
    guard numbers.count == 3, let major = numbers[0], let minor = numbers[1], let patch = numbers[2] else {
      return nil
    }
    self.init(major, minor, patch)
  }

  /// Whether what asks for `wanted` works with this: the same major number, and no less.
  public func serves(_ wanted: SemanticVersion) -> Bool {
    major == wanted.major && (minor, patch) >= (wanted.minor, wanted.patch)
  }
}

extension SemanticVersion: CustomStringConvertible {
  public var description: String { "\(major).\(minor).\(patch)" }
}
