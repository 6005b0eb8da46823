extension Configuration {
  /// The table of all options in docs/configuration.md.
  public static var markdownTable: String {
    var table = "| option | what it does | values | default |\n|---|---|---|---|\n"
    for option in options.flatMap(\.descriptions) {
      let defaultText = option.defaultText.isEmpty ? "" : "`\(option.defaultText)`"
      table += "| `\(option.key)` | \(option.help) | \(option.form) | \(defaultText) |\n"
    }
    return table
  }
}
