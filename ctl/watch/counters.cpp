// SPDX-License-Identifier: MIT
#include "ctl/watch/counters.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

#include "core/base/log.hpp"

namespace sluice::ctl {
namespace {

constexpr const char* kFatal = "sluice_program_fatal_total";
constexpr const char* kMemoryRestarts = "sluice_memory_restarts_total";
constexpr const char* kResident = "sluice_process_resident_bytes";

std::string lines_of(const char* name, const char* type, const char* label, const char* help,
                     const std::map<std::string, std::uint64_t>& family) {
  std::string text = fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  for (const auto& [key, value] : family)
    text += fmt::format("{}{{{}=\"{}\"}} {}\n", name, label, key, value);
  return text;
}

}  // namespace

Counters::Counters(std::string path) : path_(std::move(path)) {
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    char name[64];
    char program[64];
    unsigned long long value = 0;
    if (std::sscanf(line.c_str(), "%63[a-z_]{program=\"%63[^\"]\"} %llu", name, program, &value) != 3)
      continue;
    if (std::string_view(name) == kFatal) fatal_[program] = value;
    if (std::string_view(name) == kMemoryRestarts) memory_restarts_[program] = value;
  }
}

void Counters::save() const {
  const std::string fresh = path_ + ".new";
  std::ofstream file(fresh, std::ios::trunc);
  file << lines_of(kFatal, "counter", "program", "Times that supervisord gave a program up.", fatal_)
       << lines_of(kMemoryRestarts, "counter", "program", "Processes restarted for their memory.",
                   memory_restarts_)
       << lines_of(kResident, "gauge", "process", "Resident memory of a process.", resident_);
  file.close();
  if (!file || std::rename(fresh.c_str(), path_.c_str()) != 0)
    log_warning("counters of watch cannot be written", {{"detail", path_}});
}

}  // namespace sluice::ctl
