// SPDX-License-Identifier: MIT
#include "ctl/backup/client_tool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::ctl {
namespace {

constexpr mode_t kPrivate = 0600;
/// Where the tool finds its options: a number that no standard stream has.
constexpr int kOptionsFd = 9;
constexpr const char* kOptions = "--defaults-file=/proc/self/fd/9";

UniqueFd open_or_throw(const std::string& path, int flags) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, kPrivate));
  if (!fd) throw Error(Kind::unavailable, "ctl.file", "cannot open " + path);
  return fd;
}

std::string quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

int finish(std::vector<std::string> words, int options, const UniqueFd& in, const UniqueFd& out) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, options, kOptionsFd);  // last: it may be a number used above
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int problem = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0)
    throw Error(Kind::unavailable, "ctl.tool", words[0] + " cannot be started: is it installed?");
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

ClientTool::ClientTool(const Config& config) : options_(::memfd_create("sluicectl-client", MFD_CLOEXEC)) {
  const std::string address = config.db_socket.empty()
                                  ? fmt::format("host={}\nport={}\n", quoted(config.db_host), config.db_port)
                                  : fmt::format("socket={}\n", quoted(config.db_socket));
  const std::string text = fmt::format(
      "[client]\nuser={}\npassword={}\n{}default-character-set=utf8mb4\nmax-allowed-packet=512M\n",
      quoted(config.db_migrate.user), quoted(config.db_migrate.password), address);
  // The tools pass over options that anybody might have written.
  if (!options_ || ::fchmod(options_.get(), kPrivate) != 0 ||
      ::write(options_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Error(Kind::no_space, "ctl.file", "no memory for the options of mariadb-dump");
}

bool ClientTool::dump(const std::vector<std::string>& words, const std::string& file) const {
  std::vector<std::string> all = {"mariadb-dump", kOptions,           "--single-transaction", "--quick",
                                  "--hex-blob",   "--no-tablespaces", "--skip-lock-tables"};
  all.insert(all.end(), words.begin(), words.end());
  return finish(std::move(all), options_.get(), open_or_throw("/dev/null", O_RDONLY),
                open_or_throw(file, O_WRONLY | O_CREAT | O_TRUNC)) == 0;
}

void ClientTool::run(const std::string& file, const std::string& database) const {
  const int code = finish({"mariadb", kOptions, database}, options_.get(), open_or_throw(file, O_RDONLY),
                          open_or_throw("/dev/null", O_WRONLY));
  if (code != 0) throw Error(Kind::internal, "ctl.restore", file + " cannot be loaded");
}

}  // namespace sluice::ctl
