// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/http/HttpServer.h"

#include <fmt/format.h>
#include <microhttpd.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstring>
#include <fstream>
#include <list>
#include <optional>
#include <stdexcept>
#include <thread>

#include "cli/show/Error.h"

namespace millpond::cli {

namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t request_bytes = 8192;
// Connections that the daemon accepts before those are gone that were ended to make room for them.
constexpr unsigned spare_connections = 24;
constexpr int background = 10;  // of the thread's priority, as `nice` counts

// Takes the same time wherever two texts of one length differ.
bool sameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned differs = 0;
  for (std::size_t at = 0; at < a.size(); ++at) differs |= static_cast<unsigned>(a[at] ^ b[at]);
  return differs == 0;
}

std::string_view headerOf(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value != nullptr ? value : "";
}

// Whether a Host header means this machine by an address or as localhost.
bool isPlainHost(std::string_view host) {
  const bool v6 = host.starts_with('[');
  const std::size_t end = v6 ? host.find(']') : host.find(':');
  const std::string name(host.substr(v6 ? 1 : 0, end == std::string_view::npos ? end : end - (v6 ? 1 : 0)));
  asio::error_code wrong;
  asio::ip::make_address(name, wrong);
  return name == "localhost" || name.empty() || !wrong;
}

tcp::acceptor listeningOn(asio::io_context& context, const HostPort& where) {
  try {
    const auto found =
        tcp::resolver(context).resolve(where.host, std::to_string(where.port), tcp::resolver::passive);
    tcp::acceptor acceptor(context, found.begin()->endpoint(), true);
    acceptor.non_blocking(true);
    return acceptor;
  } catch (const asio::system_error& error) {
    throw Error(fmt::format("cannot listen on http://{}: {}", where.text(), error.code().message()));
  }
}

}  // namespace

std::string HttpOptions::tokenIn(const std::string& path) {
  std::ifstream file(path);
  std::string token;
  if (!file || !std::getline(file, token)) throw Error(path + ": has no token that can be read");
  if (token.ends_with('\r')) token.pop_back();  // of a file with Windows line ends
  const auto usable = [](char letter) { return letter > ' ' && letter < '\x7f'; };
  if (token.size() < 8 || token.size() > 256 || !std::ranges::all_of(token, usable)) {
    throw Error(path +
                ": its first line is no token: give 8 to 256 letters, digits and signs without spaces");
  }
  return token;
}

struct HttpServer::Served {
  // One connection, from its first byte to its last.
  struct Visitor {
    MHD_Connection* handle = nullptr;
    int socket = -1;
    Clock::time_point since = Clock::now();  // its headers came, the last exchange ended, or it began
    bool streams = false;
    bool ended = false;  // by us: it is about to go
    // Of a stream: what is on its way, and whether it waits for the next event.
    std::string pending;
    std::size_t sent = 0;
    bool waits = false;

    // While a stream waits for an event, nobody else looks at its socket.
    bool isGone() const {
      pollfd peer{socket, POLLRDHUP, 0};
      return ::poll(&peer, 1, 0) > 0;
    }
    void end() {
      ended = true;
      ::shutdown(socket, SHUT_RDWR);
    }
  };

  Served(const HttpOptions& options, HttpContent shown)
      : token(options.token), in_background(options.background), content(std::move(shown)) {
    asio::io_context context;
    tcp::acceptor acceptor = listeningOn(context, options.listen);
    local = acceptor.local_endpoint().address().is_loopback();
    address = {options.listen.host, acceptor.local_endpoint().port()};
    wake = ::eventfd(0, EFD_CLOEXEC);
    daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, nullptr, nullptr, &Served::onRequest, this,
        MHD_OPTION_LISTEN_SOCKET, acceptor.native_handle(), MHD_OPTION_CONNECTION_LIMIT,
        max_connections + spare_connections, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, request_bytes, MHD_OPTION_CONNECTION_TIMEOUT,
        static_cast<unsigned>(exchange_time.count()), MHD_OPTION_NOTIFY_CONNECTION, &Served::onConnection,
        this, MHD_OPTION_NOTIFY_COMPLETED, &Served::onCompleted, this, MHD_OPTION_END);
    if (wake < 0 || daemon == nullptr) throw Error("cannot serve HTTP: the system has no room for it");
    acceptor.release();  // the daemon closes it
    thread = std::thread([this] { serve(); });
  }
  ~Served() {
    const std::uint64_t one = 1;
    if (::write(wake, &one, sizeof one) == sizeof one) thread.join();
    for (Visitor& each : visitors) resume(each);
    MHD_stop_daemon(daemon);
    ::close(wake);
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  void serve() {
    if (in_background) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), background);
    const int epoll = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    std::array<pollfd, 2> watched{pollfd{epoll, POLLIN, 0}, pollfd{wake, POLLIN, 0}};
    bool idle = true;
    for (Clock::time_point next = Clock::now() + event_interval; (watched[1].revents & POLLIN) == 0;) {
      MHD_UNSIGNED_LONG_LONG milliseconds = 0;
      const bool due = MHD_get_timeout(daemon, &milliseconds) == MHD_YES;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
      std::int64_t wait = idle ? -1 : std::max<std::int64_t>(left.count(), 0);
      if (due && (wait < 0 || milliseconds < static_cast<std::uint64_t>(wait))) {
        wait = static_cast<std::int64_t>(milliseconds);
      }
      ::poll(watched.data(), watched.size(), static_cast<int>(wait));
      if (Clock::now() >= next) {
        next = Clock::now() + event_interval;
        endSlowExchanges();
        sendEventsIfPossible();
      }
      // Once more after the last one has gone: the daemon listens again only when the next run begins.
      idle = visitors.empty();
      MHD_run(daemon);
      idle = idle && visitors.empty();
    }
  }

  void endSlowExchanges() {
    for (Visitor& each : visitors) {
      if (!each.streams && Clock::now() - each.since > exchange_time) each.end();
    }
  }

  // Ends the exchange that has gone on for the longest, if there are too many. So those that are never
  // finished, however many, keep nobody out.
  void makeRoom() {
    Visitor* oldest = nullptr;
    unsigned open = 0;
    for (Visitor& each : visitors) {
      if (each.ended) continue;
      ++open;
      if (!each.streams && (oldest == nullptr || each.since < oldest->since)) oldest = &each;
    }
    if (open > max_connections && oldest != nullptr) oldest->end();
  }

  // Without memory for an event it is left out: what runs beside this thread goes on.
  void sendEventsIfPossible() {
    try {
      sendEvents();
    } catch (const std::exception&) {
      return;
    }
  }

  void sendEvents() {
    std::optional<std::string> event;
    for (Visitor& each : visitors) {
      if (!each.waits) continue;
      if (each.isGone()) each.end();
      if (!event) event = "data: " + content.event() + "\n\n";
      each.pending = *event;
      each.sent = 0;
      resume(each);
    }
  }

  static void resume(Visitor& stream) {
    if (!stream.waits) return;
    stream.waits = false;
    MHD_resume_connection(stream.handle);
  }

  static void onConnection(void* self, MHD_Connection* handle, void** context,
                           MHD_ConnectionNotificationCode what) {
    auto& served = *static_cast<Served*>(self);
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
      Visitor& made = served.visitors.emplace_back();
      made.handle = handle;
      made.socket = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
      *context = &made;
      served.makeRoom();
    } else {
      served.visitors.remove_if([context](const Visitor& each) { return &each == *context; });
    }
  }

  static Visitor& visitorOf(MHD_Connection* handle) {
    return *static_cast<Visitor*>(
        MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
  }

  static void onCompleted(void*, MHD_Connection* handle, void**, MHD_RequestTerminationCode) {
    Visitor& visitor = visitorOf(handle);
    visitor.since = Clock::now();
    visitor.streams = false;
  }

  // Called when the headers are there, for each part of a body, and at the end.
  static MHD_Result onRequest(void* self, MHD_Connection* handle, const char* path, const char* method,
                              const char*, const char*, std::size_t* body_bytes, void** request) {
    auto& served = *static_cast<Served*>(self);
    if (*request == nullptr) {
      *request = self;
      visitorOf(handle).since = Clock::now();
      return MHD_YES;
    }
    if (*body_bytes != 0) {
      *body_bytes = 0;
      return MHD_YES;
    }
    try {
      return served.answer(handle, path, method);
    } catch (const std::exception& error) {
      return refuse(handle, MHD_HTTP_INTERNAL_SERVER_ERROR, error.what());
    }
  }

  MHD_Result answer(MHD_Connection* handle, std::string_view path, std::string_view method) {
    if (method != MHD_HTTP_METHOD_GET && method != MHD_HTTP_METHOD_HEAD) {
      return refuse(handle, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD: nothing can be changed here",
                    {MHD_HTTP_HEADER_ALLOW, "GET, HEAD"});
    }
    if (local && !isPlainHost(headerOf(handle, MHD_HTTP_HEADER_HOST))) {
      return refuse(handle, MHD_HTTP_MISDIRECTED_REQUEST,
                    "Host is another machine's: use localhost or an address");
    }
    const auto page = std::ranges::find(content.pages, path, &HttpPage::path);
    const bool events = !content.events_path.empty() && path == content.events_path;
    if (page == content.pages.end() && !events) {
      return refuse(handle, MHD_HTTP_NOT_FOUND, fmt::format("there is no {}: there are {}", path, paths()));
    }
    const bool open = !events && page->open;
    if (!open && !token.empty() &&
        !sameSecret(headerOf(handle, MHD_HTTP_HEADER_AUTHORIZATION), "Bearer " + token)) {
      return refuse(handle, MHD_HTTP_UNAUTHORIZED, "wrong or no token: send Authorization: Bearer TOKEN",
                    {MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer"});
    }
    if (events) return stream(handle);
    const HttpReply reply = page->reply(headerOf(handle, MHD_HTTP_HEADER_ACCEPT));
    return send(handle, MHD_HTTP_OK, reply.type, reply.body, {MHD_HTTP_HEADER_VARY, "Accept"});
  }

  MHD_Result stream(MHD_Connection* handle) {
    const auto streams =
        std::ranges::count_if(visitors, [](const Visitor& each) { return each.streams && !each.isGone(); });
    if (streams >= max_streams) {
      return refuse(handle, MHD_HTTP_SERVICE_UNAVAILABLE,
                    fmt::format("there are {} readers of events already", max_streams),
                    {MHD_HTTP_HEADER_RETRY_AFTER, "10"});
    }
    Visitor& visitor = visitorOf(handle);
    visitor.streams = true;
    visitor.pending = "retry: 1000\ndata: " + content.event() + "\n\n";
    visitor.sent = 0;
    MHD_Response* response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, &Served::onRoom, &visitor, nullptr);
    return queue(handle, MHD_HTTP_OK, response, "text/event-stream", {});
  }

  // Called when a stream's reader has room.
  static ssize_t onRoom(void* context, std::uint64_t, char* out, std::size_t room) {
    auto& stream = *static_cast<Visitor*>(context);
    const std::size_t bytes = stream.pending.copy(out, room, stream.sent);
    stream.sent += bytes;
    if (bytes == 0) {
      stream.waits = true;
      MHD_suspend_connection(stream.handle);
    }
    return static_cast<ssize_t>(bytes);
  }

  std::string paths() const {
    constexpr std::size_t most = 8;
    std::string all;
    for (std::size_t at = 0; at < std::min(most, content.pages.size()); ++at) {
      all += (all.empty() ? "" : ", ") + content.pages[at].path;
    }
    if (!content.events_path.empty()) all += ", " + content.events_path;
    return content.pages.size() <= most ? all
                                        : fmt::format("{} and {} more", all, content.pages.size() - most);
  }

  using Header = std::pair<const char*, const char*>;

  static MHD_Result refuse(MHD_Connection* handle, unsigned status, const std::string& why,
                           Header header = {}) {
    return send(handle, status, "text/plain; charset=utf-8", why + "\n", header);
  }
  static MHD_Result send(MHD_Connection* handle, unsigned status, const std::string& type,
                         const std::string& body, Header header) {
    MHD_Response* response =
        MHD_create_response_from_buffer(body.size(), const_cast<char*>(body.data()), MHD_RESPMEM_MUST_COPY);
    return queue(handle, status, response, type, header);
  }
  static MHD_Result queue(MHD_Connection* handle, unsigned status, MHD_Response* response,
                          const std::string& type, Header header) {
    if (response == nullptr) return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type.c_str());
    MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
                            "img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
                            "form-action 'none'");
    if (header.first != nullptr) MHD_add_response_header(response, header.first, header.second);
    const MHD_Result queued = MHD_queue_response(handle, status, response);
    MHD_destroy_response(response);
    return queued;
  }

  std::string token;
  bool in_background;
  HttpContent content;
  HostPort address;
  bool local = false;
  int wake = -1;
  MHD_Daemon* daemon = nullptr;
  std::list<Visitor> visitors;
  std::thread thread;
};

HttpServer::HttpServer(const HttpOptions& options, HttpContent content)
    : served_(std::make_unique<Served>(options, std::move(content))) {}

HttpServer::~HttpServer() = default;

const HostPort& HttpServer::address() const { return served_->address; }

std::string HttpServer::exposure() const {
  if (served_->local) return {};
  return served_->token.empty()
             ? "other machines can read what is served over HTTP: --http-token keeps them out"
             : "what is served over HTTP, and its token, goes over the network unencrypted";
}

}  // namespace millpond::cli
