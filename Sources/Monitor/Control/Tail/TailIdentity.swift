import Alerts
import Rules
import System

/// What the first line of a tail tells: which agent it is, and where the tail begins.
struct TailIdentity: Sendable {
  let version: String
  let hostname: String
  /// Another one after each start.
  let agent: String

  init(version: String, hostname: String) {
    self.version = version
    self.hostname = hostname
    var generator = SystemRandomNumberGenerator()
    agent = UUID(timeNanoseconds: Clock.realtimeNanoseconds, using: &generator).description
  }

  /// - Parameters:
  ///   - first: the number of the alert with which the tail begins.
  ///   - isStored: whether numbers go on after a restart.
  ///   - isResumed: whether the alert that the tail had last is the one before.
  func line(first: UInt64, isStored: Bool, isResumed: Bool) -> [UInt8] {
    var json = JSONText()
    json.object { json in
      json.key("tail")
      json.object { json in
        json.key("version")
        json.string(version)
        json.key("hostname")
        json.string(hostname)
        json.key("agent")
        json.string(agent)
        json.key("first")
        json.number(first)
        json.key("stored")
        json.bool(isStored)
        json.key("resumed")
        json.bool(isResumed)
      }
    }
    return Array(json.text.utf8) + [UInt8(ascii: "\n")]
  }
}
