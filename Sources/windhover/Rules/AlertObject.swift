import Events
import FoundationEssentials
import Rules

/// An alert as JSON has it, as far as exceptions need it.
struct AlertObject: Decodable {
  private let rule: String
  private let outputFields: [String: Value]

  enum CodingKeys: String, CodingKey {
    case rule
    case outputFields = "output_fields"
  }

  /// The alerts in a text: one object, over several lines perhaps, or one a line.
  static func read(_ bytes: [UInt8], name: String) throws(CommandFailure) -> [AlertedEvent] {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { $0.contains { $0 > 0x20 } }
    guard !lines.isEmpty else { throw .failed("\(name): there is no alert") }
    if let alert = try? JSONDecoder().decode(AlertObject.self, from: Data(bytes)) { return [alert.event] }
    var alerts: [AlertedEvent] = []
    for (number, line) in lines.enumerated() {
      do {
        alerts.append(try JSONDecoder().decode(AlertObject.self, from: Data(line)).event)
      } catch {
        throw .failed("\(name): alert \(number + 1): it is no JSON object with 'rule' and 'output_fields'")
      }
    }
    return alerts
  }

  private var event: AlertedEvent {
    AlertedEvent(rule: rule, fields: outputFields.map { ($0.key, $0.value.value) })
  }

  /// A member of `output_fields`.
  private struct Value: Decodable {
    /// `nil` for null, and for objects, which no field is.
    let value: FieldValue?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      // In the order in which none is taken for another: 1 is a number, not true, and no number is text.
      if let flag = try? container.decode(Bool.self) {
        value = .bool(flag)
      } else if let number = try? container.decode(Int64.self) {
        value = .signed(number)
      } else if let number = try? container.decode(UInt64.self) {
        value = .unsigned(number)
      } else if let number = try? container.decode(Double.self) {
        value = .double(number)
      } else if let text = try? container.decode(String.self) {
        value = .text(text)
      } else if let list = try? container.decode([Value].self) {
        value = list.isEmpty ? nil : .list(list.compactMap(\.value))
      } else {
        value = nil
      }
    }
  }
}
