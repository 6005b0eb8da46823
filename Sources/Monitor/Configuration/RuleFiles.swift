public import Rules
import SystemPackage

/// The rule files that paths stand for, as read from disk.
///
/// A path is a file, or a directory whose files with a name in `.yaml` or `.yml` are taken in alphabetical order;
/// directories within it are not looked into.
public struct RuleFiles: Sendable {
  /// Those that could be read, in order.
  public private(set) var files: [SourceFile] = []
  /// Those that could not.
  public private(set) var problems: [ConfigurationProblem] = []

  public init(reading paths: [String], trust: FileTrust) {
    for path in paths {
      do throws(ConfigurationProblem) {
        for file in try trust.yamlFiles(at: path) ?? [path] { read(file, trust) }
      } catch {
        problems.append(error)
      }
    }
  }

  private mutating func read(_ path: String, _ trust: FileTrust) {
    do throws(ConfigurationProblem) {
      files.append(SourceFile(name: path, bytes: try trust.read(path)))
    } catch {
      problems.append(error)
    }
  }
}
