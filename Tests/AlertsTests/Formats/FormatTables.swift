@testable import Alerts

/// Every field that the table of some format names.
let mappedFields: [String] = Set(
  (CEFFormat.dictionary + LEEFFormat.attributes + ECSFormat.schema + OCSFFormat.schema).flatMap(\.fields)
).sorted()

/// The bytes that no value of any format may change the meaning of.
let hostileValues: [[UInt8]] =
  [
    "|", "=", "\\", "\n", "\r", "\0", "\t", "]", "\"", "\u{2028}", "\\n", "a=b c=d", "x|y|z", "^", " ",
    "sev=1\tsev=2",
  ]
  .map { Array($0.utf8) }
  + [[0xFF], [0xE2, 0x80], Sample.hostile, Array("ünï".utf8) + Sample.hostile]
