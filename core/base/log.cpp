// SPDX-License-Identifier: MIT
#include "core/base/log.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <unistd.h>

#include <atomic>

#include "core/base/clock.hpp"

namespace sluice {
namespace {

std::string& service_name() {
  static std::string name = "sluice";
  return name;
}

std::atomic<LogLevel> least_level{LogLevel::info};

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "error";
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void put(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

}  // namespace

void set_log_service(std::string service) {
  service_name() = std::move(service);
}
void set_log_level(LogLevel level) {
  least_level = level;
}

void log(LogLevel level, std::string_view msg, std::initializer_list<LogField> fields) {
  if (level < least_level.load(std::memory_order_relaxed)) return;
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  put(writer, "ts"), put(writer, wall_time_rfc3339());
  put(writer, "level"), put(writer, level_name(level));
  put(writer, "msg"), put(writer, msg);
  put(writer, "svc"), put(writer, service_name());
  writer.Key("pid"), writer.Int64(getpid());
  for (const LogField& field : fields) {
    put(writer, field.name);
    std::visit(
        [&](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, std::string>) {
            put(writer, value);
          } else if constexpr (std::is_same_v<T, bool>) {
            writer.Bool(value);
          } else if constexpr (std::is_same_v<T, double>) {
            writer.Double(value);
          } else {
            writer.Int64(value);
          }
        },
        field.value);
  }
  writer.EndObject();
  std::string line(buffer.GetString(), buffer.GetSize());
  line += '\n';
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace sluice
