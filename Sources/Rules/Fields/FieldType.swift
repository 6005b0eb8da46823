/// The type of a field's value, by Falco's names.
///
/// The width of an integer matters to constants alone: one that does not fit can never be equal.
public enum FieldType: String, CaseIterable, Sendable {
  case int8 = "INT8"
  case int16 = "INT16"
  case int32 = "INT32"
  case int64 = "INT64"
  case uint8 = "UINT8"
  case uint16 = "UINT16"
  case uint32 = "UINT32"
  case uint64 = "UINT64"
  case double = "DOUBLE"
  case bool = "BOOL"
  /// Text, as bytes.
  case charbuf = "CHARBUF"
  /// Any bytes.
  case bytebuf = "BYTEBUF"
  /// A path.
  case fspath = "FSPATH"
  /// An IPv4 or IPv6 address.
  case ipaddr = "IPADDR"
  /// An address on the left, a network on the right: `10.0.0.0/8`.
  case ipnet = "IPNET"
  /// A port number; a constant may be the name of a service.
  case port = "PORT"
  /// Nanoseconds since 1970 UTC.
  case abstime = "ABSTIME"
  /// Nanoseconds.
  case reltime = "RELTIME"
}

/// What operators distinguish of a type.
enum ValueClass: CaseIterable {
  case signed, unsigned, real, flag, text, buffer, address, network
}

extension FieldType {
  var valueClass: ValueClass {
    switch self {
    case .int8, .int16, .int32, .int64: .signed
    case .uint8, .uint16, .uint32, .uint64, .port, .abstime, .reltime: .unsigned
    case .double: .real
    case .bool: .flag
    case .charbuf, .fspath: .text
    case .bytebuf: .buffer
    case .ipaddr: .address
    case .ipnet: .network
    }
  }

  /// The values that a signed type holds; `nil` for other types.
  var signedRange: ClosedRange<Int64>? {
    switch self {
    case .int8: Int64(Int8.min)...Int64(Int8.max)
    case .int16: Int64(Int16.min)...Int64(Int16.max)
    case .int32: Int64(Int32.min)...Int64(Int32.max)
    case .int64: Int64.min...Int64.max
    default: nil
    }
  }

  /// The largest value that an unsigned type holds; `nil` for other types.
  var unsignedLimit: UInt64? {
    switch self {
    case .uint8: UInt64(UInt8.max)
    case .uint16, .port: UInt64(UInt16.max)
    case .uint32: UInt64(UInt32.max)
    case .uint64, .abstime, .reltime: UInt64.max
    default: nil
    }
  }
}
