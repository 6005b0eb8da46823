/// What an agent answers to `status`, as far as it is printed.
struct StatusAnswer: Decodable {
  struct Source: Decodable {
    var name: String
    var active: Bool
    var details: [String]
    var shortcomings: [String]
    var records: UInt64?
    var lost: [Loss]?
    var passed_over: [String: UInt64]?
  }

  struct Loss: Decodable {
    var reason: String
    var records: String?
    var count: UInt64
  }

  struct Engine: Decodable {
    var late_records: UInt64
    var evicted_processes: UInt64
    var clipped_processes: UInt64
    var refused_system_calls: UInt64
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
    var alerts_per_second: Double
    var not_covered: [Lacking]
  }

  struct Throttle: Decodable {
    var held: UInt64
  }

  struct Journal: Decodable {
    var dropped: UInt64
    var never_stored: UInt64?
    var problem: String?
  }

  struct Output: Decodable {
    var name: String
    var state: String
    var delivered: UInt64
    var waiting: UInt64
    var missed: UInt64
    var failures: UInt64
    var last_error: String?
  }

  var version: String
  var hostname: String
  var pid: Int32
  var uptime_seconds: Double
  var events: UInt64
  var events_per_second: Double
  var processes: UInt64
  var sources: [Source]
  var engine: Engine
  var rules: Rules
  var throttle: Throttle?
  var journal: Journal?
  var outputs: [Output]?
}
