/// The texts that ranges count in, and the way from each of their bytes back to a file.
public struct SourceMap: Sendable {
  public init() {}
}
