/// Builds nodes from libyaml's events, with a stack of its own: depth costs memory, never the thread's stack.
struct YAMLTreeBuilder {
  private(set) var documents: [YAMLNode] = []
  private let offsets: CharacterOffsets
  private let limits: YAMLLimits
  private var open: [Collection] = []
  private var anchors: [String: Anchored] = [:]
  private var nodeCount = 0

  /// A sequence or mapping that is not closed yet.
  private struct Collection {
    var isMapping: Bool
    var start: Int
    var anchor: String?
    /// The children; of a mapping, keys and values in turn.
    var nodes: [YAMLNode] = []
    /// The nodes in it, itself included, aliases expanded.
    var weight = 1
  }

  private struct Anchored {
    var node: YAMLNode
    var weight: Int
  }

  init(offsets: CharacterOffsets, limits: YAMLLimits) {
    self.offsets = offsets
    self.limits = limits
  }

  mutating func read(_ bytes: [UInt8]) throws(SyntaxError) {
    var parser = LibYAML(bytes)
    while true {
      let event: YAMLEvent
      do throws(YAMLFault) {
        event = try parser.next()
      } catch {
        throw SyntaxError(error, in: bytes, offsets: offsets)
      }
      let range =
        offsets.byte(
          ofCharacter: event.characters.lowerBound)..<offsets.byte(
          ofCharacter: event.characters.upperBound)
      if case .streamEnd = event.kind { return }
      try take(event.kind, range)
    }
  }

  /// Ends what is open where it stands, so that what was complete before an error can be used: a mapping that was
  /// being read is dropped, as half a rule is none.
  mutating func closeAll() {
    while let collection = open.popLast() {
      guard !collection.isMapping, open.isEmpty else { continue }
      documents.append(
        YAMLNode(.sequence(collection.nodes), range: collection.start..<collection.start))
    }
  }

  private mutating func take(_ kind: YAMLEvent.Kind, _ range: Range<Int>) throws(SyntaxError) {
    switch kind {
    case .documentStart: anchors = [:]
    case .scalar(var scalar, let properties):
      scalar.isTaggedString = try isString(properties.tag, range)
      add(YAMLNode(.scalar(scalar), range: range), weight: 1, anchor: properties.anchor)
    case .sequenceStart(let properties): try begin(isMapping: false, properties, range)
    case .mappingStart(let properties): try begin(isMapping: true, properties, range)
    case .sequenceEnd, .mappingEnd: end(at: range.upperBound)
    case .alias(let name): try addAlias(name, range)
    case .documentEnd, .streamEnd, .other: break
    }
    guard nodeCount <= limits.nodeCount else {
      throw SyntaxError(
        "there are more than \(limits.nodeCount) nodes, aliases expanded", range: range,
        cure: "use fewer aliases, or several files")
    }
  }

  private mutating func begin(isMapping: Bool, _ properties: YAMLEvent.Properties, _ range: Range<Int>)
    throws(SyntaxError)
  {
    guard open.count < limits.depth else {
      throw SyntaxError("sequences and mappings nest deeper than \(limits.depth)", range: range)
    }
    if let tag = properties.tag, tag != (isMapping ? "tag:yaml.org,2002:map" : "tag:yaml.org,2002:seq") {
      throw unknownTag(tag, range)
    }
    nodeCount += 1
    open.append(Collection(isMapping: isMapping, start: range.lowerBound, anchor: properties.anchor))
  }

  private mutating func end(at upperBound: Int) {
    guard let collection = open.popLast() else { return }
    let range = collection.start..<max(collection.start, upperBound)
    let content: YAMLNode.Content =
      collection.isMapping ? .mapping(mapping(of: collection.nodes)) : .sequence(collection.nodes)
    add(
      YAMLNode(content, range: range), weight: collection.weight, anchor: collection.anchor, isCounted: true)
  }

  private func mapping(of nodes: [YAMLNode]) -> YAMLMapping {
    YAMLMapping(
      entries: stride(from: 0, to: nodes.count - 1, by: 2).map {
        YAMLMapping.Entry(key: nodes[$0], value: nodes[$0 + 1])
      })
  }

  private mutating func addAlias(_ name: String, _ range: Range<Int>) throws(SyntaxError) {
    guard let anchored = anchors[name] else {
      throw SyntaxError(
        "there is no complete anchor '&\(name)' before this alias", range: range,
        cure: suggestion(for: name, among: anchors.keys).map { "did you mean '*\($0)'?" })
    }
    add(anchored.node, weight: anchored.weight, anchor: nil)
  }

  /// Puts a node into the innermost open collection, or makes it a document.
  private mutating func add(_ node: YAMLNode, weight: Int, anchor: String?, isCounted: Bool = false) {
    // Weights are sums of sums; saturating keeps ten levels of ten aliases from wrapping round.
    if !isCounted { nodeCount = saturatingSum(nodeCount, weight) }
    if let anchor { anchors[anchor] = Anchored(node: node, weight: weight) }
    guard let last = open.indices.last else {
      documents.append(node)
      return
    }
    open[last].nodes.append(node)
    open[last].weight = saturatingSum(open[last].weight, weight)
  }

  private func saturatingSum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? .max : sum
  }

  private func isString(_ tag: String?, _ range: Range<Int>) throws(SyntaxError) -> Bool {
    switch tag {
    case nil: return false
    case "!", "tag:yaml.org,2002:str": return true
    case "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float",
      "tag:yaml.org,2002:null":
      return false
    case .some(let tag): throw unknownTag(tag, range)
    }
  }

  private func unknownTag(_ tag: String, _ range: Range<Int>) -> SyntaxError {
    SyntaxError("the tag '\(tag)' is not known", range: range, cure: "remove the tag")
  }
}
