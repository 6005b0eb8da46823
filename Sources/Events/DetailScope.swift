/// Of which processes the sources read what `Needs.late` holds, and which variables of their environments.
///
/// A rule that wants to know what a shell's streams are asks that of shells alone: reading it for every exec would cost
/// more than all the rest. What names a process must have is taken from the rules' conditions.
public struct DetailScope: Equatable, Sendable {
  /// What is read of every process.
  public var ofAll: Needs
  /// What is read of every process whose cgroup claims a container.
  public var inContainers: Needs
  /// What is read of processes whose name, or whose executable's file name, is this.
  public var byName: [[UInt8]: Needs]
  /// Which variables are kept.
  public var variables: Variables

  public enum Variables: Equatable, Sendable {
    case named(Set<[UInt8]>)
    /// All that there is room for.
    case all
  }

  public init(
    ofAll: Needs = [], inContainers: Needs = [], byName: [[UInt8]: Needs] = [:],
    variables: Variables = .named([])
  ) {
    self.ofAll = ofAll
    self.inContainers = inContainers
    self.byName = byName
    self.variables = variables
  }

  /// Everything of everyone, as far as it is needed.
  public static let unlimited = DetailScope(ofAll: .late, variables: .all)

  /// What is to be read of a process.
  /// - Parameters:
  ///   - file: the file name of its executable.
  ///   - isInContainer: whether its cgroup claims a container.
  public func needs(name: [UInt8], file: [UInt8], isInContainer: Bool) -> Needs {
    let needs = isInContainer ? ofAll.union(inContainers) : ofAll
    guard !byName.isEmpty else { return needs }
    return needs.union(byName[name] ?? []).union(byName[file] ?? [])
  }
}
