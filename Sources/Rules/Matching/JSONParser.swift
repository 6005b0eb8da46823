// Unsafe: wraps simdjson (CShim); the handle lives as long as the object, texts are copied before the next call.

import CShim

/// A parser of one JSON object after another, and a cursor over its members. One thread at a time.
@safe
final class JSONParser {
  private let handle: OpaquePointer?

  init() { unsafe handle = wh_json_new() }

  deinit { unsafe wh_json_delete(handle) }

  /// Parses one document and goes before its first member.
  /// - Returns: why it is not one JSON object, in the library's words; `nil` when it is.
  func parse(_ text: Span<UInt8>) -> String? {
    guard let handle = unsafe handle else { return "out of memory" }
    // SAFETY: the span outlives the call, which copies it; the reason is a string that is never freed.
    let reason = unsafe text.withUnsafeBufferPointer { text in
      unsafe wh_json_parse(handle, text.baseAddress, text.count)
    }
    guard let reason = unsafe reason else { return nil }
    return unsafe String(cString: reason)
  }

  /// The next member, whose name and text are added to `bytes`; `nil` after the last.
  func nextMember(into bytes: inout [UInt8]) -> (name: ByteRange, value: JSONValue)? {
    var value = unsafe wh_json_value()
    guard unsafe wh_json_next_member(handle, &value) else { return nil }
    let name = unsafe Self.copy(value.name, value.name_count, to: &bytes)
    return unsafe (name, Self.value(value, &bytes))
  }

  /// The next element of the array that was the last member; `nil` after the last.
  func nextElement(into bytes: inout [UInt8]) -> JSONValue? {
    var value = unsafe wh_json_value()
    guard unsafe wh_json_next_element(handle, &value) else { return nil }
    return unsafe Self.value(value, &bytes)
  }

  private static func value(_ value: wh_json_value, _ bytes: inout [UInt8]) -> JSONValue {
    switch unsafe value.kind {
    case WH_JSON_BOOL: unsafe .flag(value.bits != 0)
    case WH_JSON_SIGNED: unsafe .number(.signed(Int64(bitPattern: value.bits)))
    case WH_JSON_UNSIGNED: unsafe .number(.unsigned(value.bits))
    case WH_JSON_DOUBLE: unsafe .number(.real(value.number))
    case WH_JSON_TEXT: unsafe .text(copy(value.text, value.text_count, to: &bytes))
    case WH_JSON_ARRAY: .array
    case WH_JSON_OBJECT: .object
    default: .null
    }
  }

  // SAFETY: the library gives a pointer and the count of bytes behind it, valid until the next document.
  private static func copy(_ text: UnsafePointer<CChar>?, _ count: Int, to bytes: inout [UInt8]) -> ByteRange
  {
    let start = bytes.count
    unsafe UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count).withMemoryRebound(
      to: UInt8.self
    ) {
      unsafe bytes.append(contentsOf: $0)
    }
    return ByteRange(offset: start, count: bytes.count - start)
  }
}

/// A value of a JSON object, text by its place among bytes that the caller keeps.
enum JSONValue {
  case null
  case flag(Bool)
  case number(Number)
  case text(ByteRange)
  case array
  case object
}
