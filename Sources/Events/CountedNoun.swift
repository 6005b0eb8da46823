extension BinaryInteger {
  /// So many of something, in words for people: `1 record`, `2 records`.
  /// - Parameter plural: where it is not the noun with an `s` behind it.
  public func of(_ noun: String, plural: String? = nil) -> String {
    self == 1 ? "1 \(noun)" : "\(self) \(plural ?? noun + "s")"
  }
}
