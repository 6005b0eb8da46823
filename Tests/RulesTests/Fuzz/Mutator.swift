/// How much longer than usual the fuzz tests run: `WINDHOVER_FUZZ_FACTOR`.
let fuzzFactor = RuleFixture.environment("WINDHOVER_FUZZ_FACTOR").flatMap { Int($0) } ?? 1

/// Makes broken texts out of good ones.
struct Mutator {
  private var generator: SeededGenerator
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]

  /// - Parameters:
  ///   - seeds: Texts to start from.
  ///   - words: Pieces that mean something to whoever reads the texts.
  init(seed: UInt64, seeds: [String], words: [String]) {
    generator = SeededGenerator(seed: seed)
    self.seeds = seeds.map { Array($0.utf8) }
    self.words = words.map { Array($0.utf8) }
  }

  /// The next text, a few changes away from one of the seeds.
  mutating func next() -> [UInt8] {
    var text = seeds.randomElement(using: &generator) ?? []
    for _ in 0..<Int.random(in: 1...4, using: &generator) { change(&text) }
    return text
  }

  private mutating func change(_ text: inout [UInt8]) {
    let place = Int.random(in: 0...text.count, using: &generator)
    let end = min(text.count, place + Int.random(in: 0...12, using: &generator))
    switch Int.random(in: 0..<7, using: &generator) {
    case 0: text.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 1: text.removeSubrange(place..<end)
    case 2: text.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: place)
    case 3: text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &generator))
    case 4 where place < text.count: text[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 5:
      let other = seeds.randomElement(using: &generator) ?? []
      text.replaceSubrange(
        place..<end, with: other.prefix(Int.random(in: 0...other.count, using: &generator)))
    default: text.replaceSubrange(place..<end, with: words.randomElement(using: &generator) ?? [])
    }
  }
}
