import System
import SystemPackage

/// What an output would run into on this host if it were started now.
public struct SinkObstacle: Equatable, Sendable {
  /// What it is and what helps, in a sentence without a full stop.
  public let text: String
  /// Whether it goes away by itself when something else is started.
  public let mayPass: Bool
}

extension SinkSettings {
  /// What stands in the way as far as it can be seen without a connection, for the user that this process has become.
  /// Opens files and makes none; loads the libraries that the sink needs. Before the sinks' threads.
  /// - Parameter user: who that user is, for the commands that help.
  public func obstacles(user: String) -> [SinkObstacle] {
    var found: [SinkObstacle] = []
    switch self {
    case .stdout, .udp, .tcp, .relp(_, nil): break
    case .file(let options): found += Self.obstacle(toFile: FilePath(options.path), user)
    case .syslog(let options): found += Self.obstacle(toSocket: options.path)
    case .journald(let options): found += Self.obstacle(toSocket: options.path)
    case .tls(_, let tls), .relp(_, .some(let tls)):
      found += Self.obstacles(toFiles: [tls.authorityFile, tls.certificateFile, tls.keyFile], user)
    case .http(let options):
      let tls = options.tls
      found += Self.obstacles(
        toFiles: [tls.authorityFile, tls.authorityDirectory, tls.certificateFile, tls.keyFile], user)
      if !options.tokenFile.isEmpty {
        var token = TokenFile(path: options.tokenFile)
        do throws(StreamFailure) {
          _ = try token.current()
        } catch {
          found.append(SinkObstacle(text: "\(error)", mayPass: false))
        }
      }
    }
    if let missingLibrary { found.append(SinkObstacle(text: missingLibrary, mayPass: false)) }
    return found
  }

  private static func obstacles(toFiles paths: [String], _ user: String) -> [SinkObstacle] {
    paths.filter { !$0.isEmpty }.compactMap { path in
      Directory.objection(to: FilePath(path), reading: true).map { error in
        let cure = error == .permissionDenied ? "; the user \(user) must be able to read it" : ""
        return SinkObstacle(text: "\(path): \(error)\(cure)", mayPass: false)
      }
    }
  }

  /// A file that is there must be one that can be appended to; else the directory must take a new one. Rotation asks
  /// more of the directory, and says so when it comes to that.
  private static func obstacle(toFile path: FilePath, _ user: String) -> [SinkObstacle] {
    let parent = path.removingLastComponent()
    let directory = parent.isEmpty ? "." : parent
    let status = try? path.stat(followTargetSymlink: false)
    let text: String?
    if let status {
      if status.type != .regular {
        text = "\(path): not a regular file"
      } else {
        text = Directory.objection(to: path, reading: true, writing: true).map {
          "\(path): \($0); the user \(user) must be able to read and write it: chown \(user) \(path)"
        }
      }
    } else {
      text = Directory.objection(to: directory, writing: true, entering: true).map {
        "\(path): the directory \(directory): \($0); the user \(user) must be able to write it: "
          + "install -d -o \(user) -m 0750 \(directory)"
      }
    }
    return text.map { [SinkObstacle(text: $0, mayPass: false)] } ?? []
  }

  private static func obstacle(toSocket path: String) -> [SinkObstacle] {
    guard let error = Directory.objection(to: FilePath(path), writing: true) else { return [] }
    let cure =
      error == .noSuchFileOrDirectory
      ? "alerts wait until a daemon listens there" : "the agent must be able to write to it"
    return [SinkObstacle(text: "\(path): \(error); \(cure)", mayPass: true)]
  }
}
