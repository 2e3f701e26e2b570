// SPDX-License-Identifier: MIT
// An event listener of supervisord: READY, then an event comes (a header line of key:value words, then `len`
// bytes), then RESULT. Every event is only a reason to look: what is decided, is decided by what supervisord
// says of its processes, so that nothing is missed by a watch that was itself killed.
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>

#include "ctl/commands.hpp"
#include "ctl/watch/watcher.hpp"

namespace sluice::ctl {
namespace {

void say(const char* words) {
  std::fputs(words, stdout);
  std::fflush(stdout);
}

/// The length of the body that follows the header.
std::size_t body_length(const std::string& header) {
  std::istringstream words(header);
  for (std::string word; words >> word;)
    if (word.starts_with("len:")) return std::stoul(word.substr(4));
  return 0;
}

MemoryLimits limits_of(const Config& config) {
  return {{"web", config.web_memory},
          {"stream", config.stream_memory},
          {"runner", config.runner_memory},
          {"quarantine", config.runner_memory}};
}

}  // namespace

int watch(const Config& config, const std::string& supervisor_socket) {
  Watcher watcher(config, supervisor_socket, limits_of(config));
  watcher.look();
  for (;;) {
    say("READY\n");
    std::string header;
    if (!std::getline(std::cin, header)) return 0;  // supervisord is gone
    std::string body(body_length(header), '\0');
    std::cin.read(body.data(),
                  static_cast<std::streamsize>(body.size()));  // ignore() would wait for one more
    watcher.look();
    say("RESULT 2\nOK");
  }
}

}  // namespace sluice::ctl
