import Monitor

/// What the arguments ask for: options, then attempts.
struct Setting {
  var identity = Identity.starter
  var protects = true
  var filters = true
  var raisesPriority = false
  var startsThreadFirst = false
  var attempts: [String] = []

  init(_ arguments: ArraySlice<String>) {
    for argument in arguments {
      switch argument {
      case "--unprotected": protects = false
      case "--no-filter": filters = false
      case "--raise-priority": raisesPriority = true
      case "--thread-first": startsThreadFirst = true
      case _ where argument.hasPrefix("--user="):
        guard let user = UInt32(argument.dropFirst("--user=".count)) else { continue }
        identity = .account(Account(name: "probe", user: user, group: user))
      default: attempts.append(argument)
      }
    }
  }
}
