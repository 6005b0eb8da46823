// Unsafe: one call of localtime_r on locals.
import Glibc

/// The host's time zone. Any thread may ask. See localtime(3).
public enum LocalTime {
  /// Seconds east of UTC at that moment; 0 when the C library cannot tell.
  ///
  /// The first call reads /etc/localtime (or what TZ names): call it once before files can no longer be opened.
  public static func offsetSeconds(atUnixSeconds seconds: Int64) -> Int64 {
    var time = time_t(seconds)
    var parts = unsafe tm()
    // SAFETY: both are locals, and the result is one of them.
    guard unsafe localtime_r(&time, &parts) != nil else { return 0 }
    return Int64(unsafe parts.tm_gmtoff)
  }
}
