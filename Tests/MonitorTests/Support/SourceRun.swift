import Model
import System

@testable import Monitor

/// One source with an engine behind it, which hands what follows to a handler; it runs from its making to `end`. One thread
/// uses it.
final class SourceRun {
  private let source: any Source
  private let control = EngineControl()
  private var engine: NamedThread?

  init<Handler: EventHandler & Sendable>(
    _ source: any Source, _ surroundings: Surroundings, handler: Handler
  ) throws {
    self.source = source
    let feeds = EngineFeeds(
      prompt: [], settling: [source.feed], bell: surroundings.bell, mail: surroundings.mail, sweepRequest: nil
    )
    let settings = Model.Settings(startStamp: Clock.monotonicNanoseconds, hostNamespaces: .unknown)
    let control = control
    engine = try NamedThread("engine") {
      var engine = Engine(feeds: feeds, settings: settings, host: .unknown, handler: handler)
      engine.run(control)
    }
    try source.start()
  }

  /// Ends the source, lets the engine finish what it brought, and waits for it.
  func end() {
    source.stop(milliseconds: 2000)
    control.stop()
    if let engine = engine.take() { engine.join() }
  }
}
