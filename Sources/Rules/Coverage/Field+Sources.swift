public import Events

extension Field {
  /// The sources that see a kind of event which can give the field a value; none for a field that captures alone can
  /// hold. The agent itself, which tells of losses, is named for fields of its events alone.
  public var sources: [SourceID] {
    let seeing = SourceID.allCases.filter { source in
      kinds.kinds.contains { SourceSight(source, of: $0) != .none }
    }
    let others = seeing.filter { $0 != .agent }
    return others.isEmpty ? seeing : others
  }
}
