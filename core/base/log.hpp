// SPDX-License-Identifier: MIT
// Log: one JSON line per event to stderr, written by one write(2). Never a cell's value, never a secret.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace sluice {

enum class LogLevel { debug, info, warning, error };

/// A member of the line: {"job", uid.text()}, {"dur_ms", 12}.
struct LogField {
  std::string_view name;
  std::variant<std::string, std::int64_t, double, bool> value;
  LogField(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  LogField(std::string_view n, bool v) : name(n), value(v) {}
  LogField(std::string_view n, double v) : name(n), value(v) {}
  template <typename T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) LogField(std::string_view n, T v)
      : name(n), value(static_cast<std::int64_t>(v)) {}
};

/// Named once in main ("web", "stream", "runner", "sluicectl") before the first thread.
void set_log_service(std::string service);
void set_log_level(LogLevel level);  ///< any thread

/// Thread-safe. `msg` is a fixed sentence; what varies goes into the fields
/// (req, job, kind, dataset, attempt, dur_ms, code, detail).
void log(LogLevel level, std::string_view msg, std::initializer_list<LogField> fields = {});
inline void log_debug(std::string_view msg, std::initializer_list<LogField> f = {}) {
  log(LogLevel::debug, msg, f);
}
inline void log_info(std::string_view msg, std::initializer_list<LogField> f = {}) {
  log(LogLevel::info, msg, f);
}
inline void log_warning(std::string_view msg, std::initializer_list<LogField> f = {}) {
  log(LogLevel::warning, msg, f);
}
inline void log_error(std::string_view msg, std::initializer_list<LogField> f = {}) {
  log(LogLevel::error, msg, f);
}

}  // namespace sluice
