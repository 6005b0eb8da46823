import FoundationEssentials

/// What an agent answers to `status`, as far as it is printed.
struct StatusAnswer: Decodable {
  struct Source: Decodable {
    var name: String
    var active: Bool
    var details: [String]
    var shortcomings: [String]
    var records: UInt64?
    var lost: [Loss]?
  }

  struct Loss: Decodable {
    var reason: String
    var records: String?
    var count: UInt64
  }

  struct Engine: Decodable {
    var lateRecords: UInt64
    var evictedProcesses: UInt64
    var clippedProcesses: UInt64
    var refusedSystemCalls: UInt64
    var alertsWithoutHash: UInt64
  }

  struct Rules: Decodable {
    struct Lacking: Decodable {
      var rule: String
      var verdict: String
      var reasons: [String]
    }

    var loaded: UInt64
    var matches: UInt64
    var alerts: UInt64
    var alertsPerSecond: Double
    var notCovered: [Lacking]
  }

  struct Throttle: Decodable {
    var held: UInt64
  }

  struct Journal: Decodable {
    var dropped: UInt64
    var neverStored: UInt64?
    var problem: String?
  }

  struct Output: Decodable {
    var name: String
    var state: String
    var delivered: UInt64
    var waiting: UInt64
    var kept: UInt64?
    var receipt: String?
    var missed: UInt64
    var refused: UInt64?
    var failures: UInt64
    var lastError: String?
    var lastRefusal: String?
    var unconfined: String?
    var unfollowedLinks: [String]?
  }

  struct Tails: Decodable {
    var connected: UInt64
    var dropped: UInt64
  }

  var version: String
  var hostname: String
  var pid: Int32
  var uptimeSeconds: Double
  var events: UInt64
  var eventsPerSecond: Double
  var processes: UInt64
  var sources: [Source]
  var engine: Engine
  var rules: Rules
  var throttle: Throttle?
  var journal: Journal?
  var outputs: [Output]?
  var tails: Tails?
}

extension StatusAnswer {
  /// - Parameter line: what an agent answered; `nil` of one that is not of this version.
  init?(line: [UInt8]) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let status = try? decoder.decode(StatusAnswer.self, from: Data(line)) else { return nil }
    self = status
  }
}
