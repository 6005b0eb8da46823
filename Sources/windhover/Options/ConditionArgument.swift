import Rules

extension RuleFile {
  /// A condition as it was given as an argument; `-` for one on standard input, since an argument ends at 128 KiB.
  init(conditionArgument text: String) throws(CommandFailure) {
    guard text == "-" else {
      self.init(name: "condition", bytes: Array(text.utf8))
      return
    }
    var input = try InputLines(path: "-")
    var bytes = try input.rest()
    // A line feed that ends the input is the shell's, not the condition's.
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    self.init(name: "condition", bytes: bytes)
  }
}
