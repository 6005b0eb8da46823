/// A constant of a condition, read as the type of what it is compared with.
enum Constant: Equatable {
  case signed(Int64)
  case unsigned(UInt64)
  case double(Double)
  case flag(Bool)
  case bytes([UInt8])
  case address(IPAddress)
  case network(IPNetwork)

  /// Bytes that a constant may have, as in Falco.
  static let byteLimit = 255

  init(_ bytes: [UInt8], as type: FieldType) throws(ConstantError) {
    guard bytes.count <= Self.byteLimit else { throw .tooLong }
    let text = bytes.span
    switch type.valueClass {
    case .text, .buffer: self = .bytes(bytes)
    case .flag:
      guard let flag = ["true": true, "false": false][String(decoding: text)] else { throw .notOfType(type) }
      self = .flag(flag)
    case .signed:
      guard let number = Number(parsing: text)?.asSigned else { throw .notOfType(type) }
      self = .signed(number)
    case .unsigned:
      if let number = Number(parsing: text) {
        if let number = number.asUnsigned {
          self = .unsigned(number)
        } else if let number = number.asSigned {
          // Below zero: never equal, and below everything.
          self = .signed(number)
        } else {
          throw .notOfType(type)
        }
      } else if type == .port, let port = Services.port(String(decoding: text)) {
        self = .unsigned(UInt64(port))
      } else {
        throw .notOfType(type)
      }
    case .real:
      guard let number = Number(parsing: text) else { throw .notOfType(type) }
      self = .double(number.asDouble)
    case .address:
      guard let address = IPAddress(parsing: text) else {
        throw IPNetwork(parsing: text) == nil ? .notOfType(type) : .networkForAddress
      }
      self = .address(address)
    case .network:
      guard let network = IPNetwork(parsing: text) else { throw .notOfType(type) }
      self = .network(network)
    }
  }

  /// Whether a value of the type can be this.
  func fits(_ type: FieldType) -> Bool {
    switch self {
    case .signed(let number): type.signedRange?.contains(number) ?? false
    case .unsigned(let number): number <= type.unsignedLimit ?? 0
    default: true
    }
  }
}

/// Why a constant cannot stand where it stands.
enum ConstantError: Error, Equatable {
  case notOfType(FieldType)
  case tooLong
  case networkForAddress
  case notHexadecimal

  func message(_ text: String) -> String {
    switch self {
    case .notOfType(let type): "'\(text)' is no \(type.noun)"
    case .tooLong: "the constant is longer than \(Constant.byteLimit) bytes"
    case .networkForAddress: "'\(text)' is a network, and the field is an address"
    case .notHexadecimal: "'\(text)' is not pairs of hexadecimal digits"
    }
  }

  var cure: String? {
    self == .networkForAddress
      ? "compare 'fd.net', 'fd.cnet', 'fd.snet', 'fd.lnet' or 'fd.rnet' with a network" : nil
  }
}

extension FieldType {
  /// What a constant of the type is called.
  fileprivate var noun: String {
    switch self {
    case .int8, .int16, .int32, .int64: "whole number"
    case .uint8, .uint16, .uint32, .uint64: "whole number"
    case .double: "number"
    case .bool: "'true' or 'false'"
    case .charbuf, .bytebuf, .fspath: "text"
    case .ipaddr: "IP address"
    case .ipnet: "network in CIDR notation"
    case .port: "port number or name of a service"
    case .abstime, .reltime: "number of nanoseconds"
    }
  }
}
