// SPDX-License-Identifier: MIT
// supervisord closes a pool's socket when the pool's last process stops, and requests fail until it is open
// again. So processes are restarted one after another, each RUNNING before the next one goes.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/unique_fd.hpp"
#include "ctl/commands.hpp"

namespace sluice::ctl {
namespace {

struct Finished {
  int code = 0;
  std::string output;
};

Finished run(std::vector<std::string> words) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw Error(Kind::internal, "restart.pipe", "pipe failed");
  UniqueFd out(ends[0]);
  UniqueFd in(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, out.get());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int problem = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0)
    throw Error(Kind::unavailable, "restart.supervisorctl", "supervisorctl cannot be started");
  in.reset();
  Finished finished;
  std::array<char, 4096> buffer{};
  for (ssize_t got; (got = read(out.get(), buffer.data(), buffer.size())) > 0;)
    finished.output.append(buffer.data(), static_cast<std::size_t>(got));
  int status = 0;
  waitpid(child, &status, 0);
  finished.code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  return finished;
}

bool is_ours(const std::string& name) {
  for (const char* program : {"web:", "stream:", "runner:", "quarantine"})
    if (name.starts_with(program)) return true;
  return false;
}

/// `group:name` of the processes to restart: those that supervisord keeps running.
std::vector<std::string> programs(const std::vector<std::string>& supervisorctl) {
  auto words = supervisorctl;
  words.emplace_back("status");
  std::istringstream lines(run(words).output);  // its code says only that one is not running
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string name;
    std::string state;
    fields >> name >> state;
    if (is_ours(name) && state != "STOPPED" && state != "EXITED") names.push_back(name);
  }
  return names;
}

}  // namespace

int rolling_restart(const Config& config, const std::string& supervisor_socket) {
  const std::string socket =
      supervisor_socket.empty() ? config.run_dir + "/supervisor.sock" : supervisor_socket;
  const std::vector<std::string> supervisorctl = {"supervisorctl", "-s", "unix://" + socket};
  const auto names = programs(supervisorctl);
  if (names.empty())
    throw Error(Kind::unavailable, "restart.nothing",
                "supervisord has no program of ours running at " + socket);
  int failed = 0;
  for (const std::string& name : names) {
    auto words = supervisorctl;
    words.insert(words.end(), {"restart", name});
    const Finished finished = run(words);
    fmt::print("{}", finished.output);
    std::fflush(stdout);
    if (finished.code != 0) ++failed;
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace sluice::ctl
