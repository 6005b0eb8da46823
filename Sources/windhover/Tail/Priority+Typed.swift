import Events

extension Priority {
  /// The priority that somebody typed: its name, or the beginning of it from three letters on, as in `crit` and `warn`.
  init?(typed: String) {
    let lowered = typed.lowercased()
    guard lowered.count >= 3,
      let match = Priority.allCases.first(where: { $0.name.lowercased().hasPrefix(lowered) })
    else { return nil }
    self = match
  }
}
