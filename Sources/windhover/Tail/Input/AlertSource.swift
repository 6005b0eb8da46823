import SystemPackage

/// Where alerts come from, a line each. The main thread only.
protocol AlertSource: AnyObject {
  /// Has input when there is more; `nil` while only time tells.
  var descriptor: FileDescriptor? { get }
  /// After so long it is to be asked again, whether there is input or not; -1 for never.
  var patienceMilliseconds: Int32 { get }
  /// What has come, without waiting for it; a part of it when there is much.
  func read() throws(CommandFailure) -> [AlertSourceEvent]
}

enum AlertSourceEvent: Equatable {
  case line([UInt8])
  /// What there was at the start has come; the rest comes as it happens.
  case present
  /// Something that the reader has to know, safe for a terminal.
  case note(String)
  case end
  /// It cannot go on, in words that are safe for a terminal.
  case failure(String)
}

/// From where on alerts are read.
struct TailBeginning: Equatable {
  /// Only the last so many.
  var last: Int?
  /// Only those that are not older: nanoseconds since 1970 UTC.
  var since: UInt64?
  /// Whether some of what is read is not shown, so that the last ones are known only when all are read.
  var isFiltered = false
}
