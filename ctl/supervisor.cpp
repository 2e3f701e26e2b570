// SPDX-License-Identifier: MIT
#include "ctl/supervisor.hpp"

#include <cstdlib>

#include "core/base/error.hpp"
#include "ctl/local_exchange.hpp"

namespace sluice::ctl {
namespace {

constexpr std::chrono::seconds kPatience{60};  // longer than every stopwaitsecs of the pools and runners

std::string as_string(const std::string& text) {  // our own names: nothing in them to be escaped
  return "<param><value><string>" + text + "</string></value></param>";
}
std::string as_boolean(bool value) {
  return std::string("<param><value><boolean>") + (value ? "1" : "0") + "</boolean></value></param>";
}

/// The text of member `name` in one struct of an answer: <name>pid</name>, <value><int>4711</int></value>.
std::string member(const std::string& record, const std::string& name) {
  const auto at = record.find("<name>" + name + "</name>");
  if (at == std::string::npos) return "";
  const auto value = record.find("<value>", at);
  const auto begin = record.find('>', value + 7);  // behind the type
  const auto end = begin == std::string::npos ? begin : record.find('<', begin);
  return end == std::string::npos ? "" : record.substr(begin + 1, end - begin - 1);
}

}  // namespace

Supervisor::Supervisor(const Config& config, const std::string& socket)
    : socket_(socket.empty() ? config.run_dir + "/supervisor.sock" : socket) {}

std::string Supervisor::call(const std::string& method, const std::string& parameters) const {
  const std::string body = "<?xml version='1.0'?><methodCall><methodName>supervisor." + method +
                           "</methodName><params>" + parameters + "</params></methodCall>";
  const Answer answer = exchange_with_socket(
      socket_,
      "POST /RPC2 HTTP/1.0\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: " +
          std::to_string(body.size()) + "\r\n\r\n" + body,
      kPatience);
  if (answer.status != 200 || answer.body.find("<fault>") != std::string::npos)
    throw Error(Kind::unavailable, "ctl.supervisor", method + ": " + member(answer.body, "faultString"));
  return answer.body;
}

std::vector<Process> Supervisor::processes() const {
  const std::string answer = call("getAllProcessInfo", "");
  std::vector<Process> found;
  for (auto at = answer.find("<struct>"); at != std::string::npos;) {
    const auto next = answer.find("<struct>", at + 1);
    const std::string record = answer.substr(at, next - at);
    found.push_back({member(record, "group"), member(record, "name"), member(record, "statename"),
                     static_cast<pid_t>(std::atoi(member(record, "pid").c_str()))});
    at = next;
  }
  return found;
}

void Supervisor::start(const Process& process, bool wait) const {
  call("startProcess", as_string(process.full_name()) + as_boolean(wait));
}

void Supervisor::stop(const Process& process) const {
  call("stopProcess", as_string(process.full_name()) + as_boolean(true));
}

void Supervisor::signal(const Process& process, const std::string& signal) const {
  call("signalProcess", as_string(process.full_name()) + as_string(signal));
}

bool is_pool_or_runner(const Process& process) {
  for (const char* program : {"web", "stream", "runner", "quarantine"})
    if (process.group == program) return true;
  return false;
}

}  // namespace sluice::ctl
