/// Text from outside made fit for a terminal: control characters, and what could pass for them, as `\u{…}`.
///
/// Bidirectional overrides are escaped as well: they let a rule file show one condition and hold another.
func printable(_ text: some StringProtocol) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for scalar in text.unicodeScalars { appendPrintable(scalar, to: &result) }
  return result
}

/// Appends one scalar as `printable(_:)` shows it.
func appendPrintable(_ scalar: Unicode.Scalar, to result: inout String) {
  if isPrintable(scalar) {
    result.unicodeScalars.append(scalar)
  } else {
    result += "\\u{" + String(scalar.value, radix: 16) + "}"
  }
}

private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0: false
  case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: false
  default: true
  }
}
