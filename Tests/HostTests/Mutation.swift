/// Spoils real input in the ways that files are spoilt, with a seed so that a failing case can be made again.
struct Mutation {
  private var random: SplitMix64
  private static let nasty: [[UInt8]] = [
    [0], [0xFF], [0x0A], [0x20], [0x2D], [0x3A], [0x28], [0x29], [0x2F], [0x5C], [0x09],
    Array("18446744073709551616".utf8), Array("-2147483649".utf8), Array("4294967296".utf8),
    Array("ffffffffffffffffff".utf8), Array("/..".utf8), Array(" (deleted)".utf8), Array("docker-".utf8),
  ]

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func mutate(_ seed: [UInt8]) -> [UInt8] {
    var bytes = seed
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      let to = Int.random(in: at...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes.insert(contentsOf: Self.nasty.randomElement(using: &random) ?? [], at: at)
      case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes.removeSubrange(at..<to)
      case 3: bytes.insert(contentsOf: bytes[at..<to].prefix(64), at: at)
      case 4: bytes.removeSubrange(to...)
      default:
        bytes.replaceSubrange(at..<to, with: (at..<to).map { _ in UInt8.random(in: 0...255, using: &random) })
      }
    }
    return bytes
  }

  /// Calls `body` with `rounds` spoilt forms of the seeds.
  static func forEach(of seeds: [[UInt8]], rounds: Int = 4000, seed: UInt64 = 1, _ body: ([UInt8]) -> Void) {
    var mutation = Mutation(seed: seed)
    for round in 0..<rounds { body(mutation.mutate(seeds[round % seeds.count])) }
  }
}
