/// What is wrong with one rule file, ready to be printed.
public struct RuleFileReport: Equatable, Sendable {
  /// The file's name as the caller gave it.
  public var name: String
  public var errors: [Finding]
  public var warnings: [Finding]
  /// Findings beyond the first thousand, which are not kept.
  public var omittedCount: Int

  /// Whether the file can be used.
  public var isSuccessful: Bool { errors.isEmpty }

  /// A diagnostic with its places looked up.
  public struct Finding: Equatable, Sendable {
    public var code: DiagnosticCode
    public var message: String
    public var cure: String?
    /// The items it is in, the outermost first; the last one's place is the place of the fault.
    public var path: [Place]
    public var excerpt: SourceExcerpt?
    public var notes: [Note]

    /// Where the fault is.
    public var location: SourceLocation { path[path.count - 1].location }
  }

  /// An item and where it stands.
  public struct Place: Equatable, Sendable {
    public var kind: RuleItem.Kind
    public var name: String
    public var location: SourceLocation
  }

  /// A second place, with what it has to do with the first.
  public struct Note: Equatable, Sendable {
    public var message: String
    public var location: SourceLocation
  }
}

extension RuleFileReport {
  /// As many findings as anyone reads; a file of a hundred thousand faults must not take minutes to print.
  static let findingLimit = 1_000

  /// One report a file, in the order of `files`; findings in the order of their places, none twice.
  public static func reports(
    of diagnostics: [Diagnostic], files: [TextID], sources: SourceMap
  ) -> [RuleFileReport] {
    var seen: Set<Diagnostic> = []
    var grouped: [TextID: [Diagnostic]] = [:]
    for var diagnostic in diagnostics where seen.insert(diagnostic).inserted {
      // An empty text has no place of its own; the item that it is in has.
      let places = [diagnostic.range] + diagnostic.context.reversed().map(\.range)
      diagnostic.range = places.first { sources.file(of: $0) != nil } ?? .none
      guard let file = sources.file(of: diagnostic.range) ?? files.first else { continue }
      grouped[file, default: []].append(diagnostic)
    }
    let offsets = ScalarOffsets()
    return files.map { file in
      let all = grouped[file] ?? []
      // Errors first, lest a thousand warnings hide one.
      let kept = all.filter { $0.code.severity == .error } + all.filter { $0.code.severity == .warning }
      let findings = kept.prefix(findingLimit).map { Finding($0, file: file, sources: sources, offsets) }
        .sorted { ($0.location.offset, $0.code.rawValue) < ($1.location.offset, $1.code.rawValue) }
      return RuleFileReport(
        name: sources.name(of: file), errors: findings.filter { $0.code.severity == .error },
        warnings: findings.filter { $0.code.severity == .warning },
        omittedCount: max(0, all.count - findingLimit))
    }
  }
}

extension ResolvedRules {
  /// One report a file, in order.
  public var reports: [RuleFileReport] {
    RuleFileReport.reports(of: diagnostics, files: files, sources: sources)
  }
}

extension RuleFileReport.Finding {
  init(_ diagnostic: Diagnostic, file: TextID, sources: SourceMap, _ offsets: ScalarOffsets) {
    let start = sources.location(of: SourceRange(text: file, lower: 0, upper: 0))
    let content = start ?? SourceLocation(file: "", line: 1, column: 1, offset: 0)
    var path = [RuleFileReport.Place(kind: .content, name: "", location: content)]
    path += diagnostic.context.map { item in
      .init(
        kind: item.kind, name: item.name, location: sources.location(of: item.range, by: offsets) ?? content)
    }
    path[path.count - 1].location =
      sources.location(of: diagnostic.range, by: offsets) ?? path[path.count - 1].location
    self.init(
      code: diagnostic.code, message: diagnostic.message, cure: diagnostic.cure, path: path,
      excerpt: sources.place(of: diagnostic.range, by: offsets).flatMap { SourceExcerpt($0.file, $0.bytes) },
      notes: diagnostic.notes.compactMap { note in
        sources.location(of: note.range, by: offsets).map { .init(message: note.message, location: $0) }
      })
  }
}
