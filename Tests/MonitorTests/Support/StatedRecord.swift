import Events

/// What a record states, as a value.
struct StatedRecord {
  private(set) var kind: RecordKind?
  private(set) var pid: Int32 = 0
  private(set) var isIncomplete = false
  private(set) var parameters: [Parameter: [UInt8]] = [:]

  /// Reads a record as the engine would, through a ring.
  init(_ record: borrowing RecordWriter) {
    let ring = Ring(capacityBytes: 64 << 10)
    _ = ring.push(record)
    var stated = self
    _ = ring.drain { view in
      stated.kind = view.kind
      stated.pid = view.pid
      stated.isIncomplete = view.flags.contains(.incomplete)
      view.forEachParameter { parameter, value in
        stated.parameters[parameter] = value.indices.map { value[$0] }
      }
      return true
    }
    self = stated
  }

  /// A parameter that is text; `nil` when it is not there.
  func text(_ parameter: Parameter) -> String? {
    parameters[parameter].map { String(decoding: $0, as: UTF8.self) }
  }
}
