import Glibc

/// Asks an agent how it is, until the answer satisfies the predicate.
/// - Parameters:
///   - what: what is waited for, for who reads that it did not come.
///   - socket: where the agent listens.
@discardableResult
func awaitStatus(_ what: String, at socket: String, until isMet: (JSONTree) -> Bool) throws -> JSONTree {
  let deadline = ContinuousClock.now + .seconds(60)
  while true {
    let outcome = try windhover("status", "--socket", socket, "--format", "json")
    if let status = try? JSONTree(outcome.output), isMet(status) { return status }
    guard ContinuousClock.now < deadline else {
      throw DeadlinePassed(waitingFor: what, output: outcome.output, errors: outcome.errors)
    }
    usleep(50_000)
  }
}

extension JSONTree {
  /// Of a status, how many records a source has sent.
  func records(of source: String) -> UInt64 {
    self["sources"]?.list?.first { $0["name"]?.text == source }?["records"]?.integer ?? 0
  }

  /// Of a status, how many records of a source were lost for this reason.
  func lost(_ reason: String, of source: String) -> UInt64 {
    let losses = self["sources"]?.list?.first { $0["name"]?.text == source }?["lost"]?.list ?? []
    return losses.filter { $0["reason"]?.text == reason }.compactMap { $0["count"]?.integer }.reduce(0, +)
  }

  /// Of a status, how many alerts an output has not sent yet.
  func waiting(for output: String) -> UInt64? {
    guard let output = self["outputs"]?.list?.first(where: { $0["name"]?.text == output }),
      let waiting = output["waiting"]?.integer, let kept = output["kept"]?.integer
    else { return nil }
    return waiting - kept
  }
}
