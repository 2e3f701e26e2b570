// SPDX-License-Identifier: MIT
// sluicectl: what operators do by hand. Settings come from the environment, as for all programs.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "ctl/commands.hpp"

namespace {

constexpr int kBadSettings = 78;  // EX_CONFIG

std::string from_environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sluice;
  CLI::App app{"Operates Sluice."};
  app.require_subcommand(1);

  bool plan = false;
  std::string folder = ctl::default_migrations();
  auto* migrate = app.add_subcommand("migrate", "bring the database's schema up to date");
  migrate->add_flag("--plan", plan, "only say what would be done");
  migrate->add_option("--folder", folder, "folder of the migrations");

  auto* config = app.add_subcommand("config", "show every setting and where it came from");

  bool ready = false;
  std::string port = from_environment("SLUICE_PORT", "8081");
  auto* health = app.add_subcommand("health", "ask whether Sluice answers");
  health->add_flag("--ready", ready, "ask /readyz: MariaDB, Redis, disk, schema, runners");
  health->add_option("--port", port, "port on this host");

  auto* requeue = app.add_subcommand("requeue", "ring again for every queued job");

  std::string socket = from_environment("SLUICE_SUPERVISOR_SOCKET", "");
  auto* restart =
      app.add_subcommand("rolling-restart", "restart pools and runners one process after another");
  restart->add_option("--socket", socket, "supervisord's socket");

  std::string place;
  auto* backup =
      app.add_subcommand("backup", "copy databases and files into a new folder, while work goes on");
  backup->add_option("folder", place, "where to")->required();
  auto* restore = app.add_subcommand("restore", "put a backup into an empty system");
  restore->add_option("folder", place, "where from")->required();
  restore->add_option("--socket", socket, "supervisord's socket");

  auto* watch = app.add_subcommand("watch", "supervisord's event listener: FATAL programs, memory limits");
  watch->add_option("--socket", socket, "supervisord's socket");

  bool hash = false;
  auto* verify = app.add_subcommand("verify", "compare files, rows and jobs");
  verify->add_flag("--hash", hash, "read every file and compare its SHA-256");

  ctl::UploadCheck wanted;
  auto* check = app.add_subcommand("check-upload", "whether uploads resume through an address");
  check->add_option("url", wanted.url, "what clients use, for example https://data.example.org")->required();
  check->add_option("--origin", wanted.origin, "of a page on another host that uploads");
  check->add_option("--patience", wanted.patience_s, "seconds that bytes may take to arrive");
  check->add_flag("--insecure", wanted.insecure, "do not check certificates");

  CLI11_PARSE(app, argc, argv);
  try {
    set_log_service(*watch ? "watch" : "sluicectl");
    if (*config) return ctl::print_config(load_config(environ));
    if (*health) return ctl::health(port, ready);
    if (*check) return ctl::check_upload(wanted);
    const Config settings = load_config_for(*watch ? "watch" : "sluicectl");
    if (*migrate) return ctl::migrate(settings, folder, plan);
    if (*requeue) return ctl::requeue(settings);
    if (*restart) return ctl::rolling_restart(settings, socket);
    if (*backup) return ctl::backup(settings, place);
    if (*restore) return ctl::restore(settings, place, socket, folder);
    if (*watch) return ctl::watch(settings, socket);
    if (*verify) return ctl::verify(settings, hash);
    return 1;
  } catch (const Error& error) {
    std::fprintf(stderr, "sluicectl: %s: %s\n", error.code().c_str(), error.detail().c_str());
    return error.code() == "config.invalid" ? kBadSettings : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sluicectl: %s\n", error.what());
    return 1;
  }
}
