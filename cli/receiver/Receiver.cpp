// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/Receiver.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <new>
#include <thread>
#include <utility>

#include "cli/audio/FlacEncoder.h"
#include "cli/receiver/FramedSession.h"
#include "cli/receiver/RawSession.h"
#include "cli/show/Error.h"

namespace millpond::cli {

using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds accept_retry{200};
constexpr std::chrono::seconds tick_period{1};

WavFile::Durable durable(const ReceiverOptions& options) {
  return options.durable ? WavFile::Durable::yes : WavFile::Durable::no;
}

}  // namespace

Receiver::Receiver(asio::io_context& context, ReceiverOptions options, Log log, std::function<void()> on_stop)
    : context_(context),
      options_(std::move(options)),
      log_(std::move(log), &ReceiverLog::Clock::now, ReceiverLog::linesFor(options_.max_connections)),
      on_stop_(std::move(on_stop)),
      tls_(options_.tls ? std::optional<TlsServer>(std::in_place, *options_.tls)
                        : std::optional<TlsServer>()),
      output_(options_.folder, durable(options_)),
      folder_(options_.folder, durable(options_)),
      acceptor_(context),
      retry_(context),
      retention_(folder_, options_.keep, retentionWorld()),
      tick_(context) {
  listen();
  if (tls_ && !tls_->warning().empty()) log_.say(ReceiverLog::Kind::trouble, 0, tls_->warning());
  accept();
  figures_ = takeFigures();
  if (!options_.flac) return;
  for (const RecordingName& name : folder_.unfinished()) encode(name);
}

Receiver::~Receiver() { encoder_.join(); }

void Receiver::listen() {
  asio::error_code error;
  tcp::resolver resolver(context_);
  const auto found = resolver.resolve(options_.listen.host, std::to_string(options_.listen.port),
                                      tcp::resolver::numeric_service | tcp::resolver::passive, error);
  if (error || found.empty()) {
    throw Error(fmt::format("cannot find address '{}': {}", options_.listen.host, error.message()));
  }
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (error) throw Error(fmt::format("cannot listen on {}: {}", options_.listen.text(), error.message()));
  address_ = {options_.listen.host, acceptor_.local_endpoint().port()};
  local_ = endpoint.address().is_loopback();
}

std::string Receiver::exposure() const {
  if (local_ || (tls_ && tls_->knowsDevices())) return {};
  return tls_
             ? "other machines can send here, over TLS: the certificate proves who this is, but not who sends"
             : "other machines can send here, and nothing protects it: no authentication, no encryption";
}

// Sessions handle the exceptions of their handlers. What arrives here is Asio's own, such as no memory for
// the next operation, which may be the one that waits for connections or for the next second.
void Receiver::run() {
  while (true) {
    try {
      if (acceptor_.is_open() && accepting_.expired()) accept();
      if (acceptor_.is_open()) everySecond();
      context_.run();
      return;
    } catch (const std::exception& error) {
      log_.say(ReceiverLog::Kind::trouble, 0, error.what());
      std::this_thread::sleep_for(accept_retry);
    }
  }
}

void Receiver::accept() {
  const auto accepting = std::make_shared<bool>(true);
  accepting_ = accepting;
  acceptor_.async_accept([this, accepting](const asio::error_code& error, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (error) {
      acceptLater(error);
      return;
    }
    accept_fails_ = false;
    onConnection(std::move(socket));
    accept();
  });
}

// Retries later after a failure, such as no free descriptor, instead of spinning on it.
void Receiver::acceptLater(const asio::error_code& reason) {
  if (!std::exchange(accept_fails_, true)) {
    log_.say(ReceiverLog::Kind::trouble, 0,
             fmt::format("cannot accept a connection: {}; trying again until it works", reason.message()));
  }
  retry_.expires_after(accept_retry);
  retry_.async_wait([this](const asio::error_code& error) {
    if (!error && acceptor_.is_open()) accept();
  });
}

void Receiver::onConnection(tcp::socket socket) {
  ++totals_.connections;
  if (sessions_.size() >= options_.max_connections) {
    countRefusal();
    log_.say(ReceiverLog::Kind::refused, 0,
             fmt::format("refused a connection: there are {} already", sessions_.size()));
    return;
  }
  asio::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  try {
    std::shared_ptr<Session> session;
    if (options_.wire == streamer::Wire::raw) {
      session = std::make_shared<RawSession>(std::move(socket), *this);
    } else {
      session = std::make_shared<FramedSession>(std::move(socket), *this);
    }
    sessions_.insert(session);
    session->start();
  } catch (const std::exception& error) {
    countRefusal();
    log_.say(ReceiverLog::Kind::refused, 0, error.what());
  }
}

StreamAccount& Receiver::claim(std::uint64_t stream_id, const std::shared_ptr<Session>& session) {
  Stream& stream = streams_[stream_id];
  if (const auto holder = stream.session.lock()) holder->close("closed: a newer connection has its stream");
  stream.account.stream_id = stream_id;
  ++stream.account.connections;
  stream.session = session;
  stream.last_use = ++uses_;
  forgetOldest();
  return stream.account;
}

void Receiver::forgetOldest() {
  if (streams_.size() <= options_.max_streams) return;
  auto oldest = streams_.end();
  for (auto it = streams_.begin(); it != streams_.end(); ++it) {
    const bool idle = it->second.session.expired();
    if (idle && (oldest == streams_.end() || it->second.last_use < oldest->second.last_use)) oldest = it;
  }
  if (oldest == streams_.end()) return;
  forgotten_.add(oldest->second.account);
  streams_.erase(oldest);
  ++totals_.forgotten_streams;
}

void Receiver::sessionClosed(const std::shared_ptr<Session>& session, StreamAccount* account) {
  sessions_.erase(session);
  if (account == nullptr) return;
  Stream& stream = streams_[account->stream_id];
  if (stream.session.lock() != session) return;
  stream.session.reset();
  if (!account->ended) return;
  if (options_.flac) {
    for (const RecordingName& name : folder_.end(account->stream_id)) encode(name);
  }
  if (options_.once) stop();
}

Retention::World Receiver::retentionWorld() {
  return {
      .removed =
          [this](const RecordingName& name, const std::string& line) {
            log_.tell(line);
            onRemoved(name);
          },
      .complain =
          [this](const std::string& line, bool failed) {
            if (failed) countWriteError();
            log_.say(ReceiverLog::Kind::trouble, 0, line);
          },
      .receiving =
          [this](std::uint64_t stream_id) {
            const auto stream = streams_.find(stream_id);
            return stream != streams_.end() && !stream->second.session.expired();
          },
      .freeBytes = [this] { return freeBytesOf(options_.folder); },
  };
}

void Receiver::everySecond() {
  try {
    retention_.run();
  } catch (const std::exception& error) {
    log_.say(ReceiverLog::Kind::trouble, 0, error.what());
  }
  {
    const ReceiverFigures figures = takeFigures();
    const std::lock_guard lock(figures_mutex_);
    figures_ = figures;
  }
  tick_.expires_after(tick_period);
  tick_.async_wait([this](const asio::error_code& error) {
    if (!error && acceptor_.is_open()) everySecond();
  });
}

ReceiverFigures Receiver::takeFigures() const {
  ReceiverFigures figures = forgotten_;
  figures.taken = std::chrono::steady_clock::now();
  figures.open_connections = sessions_.size();
  figures.connections = totals_.connections;
  figures.refused = totals_.refused;
  figures.bad_checksums = totals_.bad_checksums;
  figures.write_errors = totals_.write_errors;
  figures.removed = retention_.removed();
  figures.removed_bytes = retention_.removedBytes();
  figures.free_bytes = freeBytesOf(options_.folder);
  for (const auto& [id, stream] : streams_) {
    figures.add(stream.account);
    if (!stream.session.expired()) {
      figures.addLag(stream.account.lag.at(figures.taken));
    } else {
      ++(stream.account.ended ? figures.ended : figures.away);
    }
  }
  return figures;
}

ReceiverFigures Receiver::figures() const {
  const std::lock_guard lock(figures_mutex_);
  return figures_;
}

void Receiver::onRemoved(const RecordingName& name) {
  const auto stream = streams_.find(name.stream_id);
  if (stream == streams_.end()) return;
  std::erase_if(stream->second.account.files, [&](const std::filesystem::path& file) {
    return file == folder_.path(name, ".wav") || file == folder_.path(name, ".flac");
  });
}

void Receiver::encode(const RecordingName& name) {
  if (const auto error = folder_.mark(name)) {
    countWriteError();
    log_.say(ReceiverLog::Kind::trouble, name.stream_id,
             fmt::format("cannot mark '{}' as ended: {}", name.text(".wav"), error.message()));
  }
  // The work guard keeps the io_context running until the result arrives.
  asio::post(encoder_,
             [this, name, wav = folder_.path(name, ".wav"), guard = asio::make_work_guard(context_)] {
               bool encoded = false;
               std::string failure;
               try {
                 try {
                   encoded = encodeAsFlac(wav);
                 } catch (const std::exception& error) {
                   failure = error.what();
                 }
                 asio::post(context_, [this, name, encoded, failure] { onEncoded(name, encoded, failure); });
               } catch (const std::bad_alloc&) {
                 // No memory even to report it: the file keeps its mark, and the next receiver encodes it.
                 return;
               }
             });
}

void Receiver::onEncoded(const RecordingName& name, bool encoded, const std::string& failure) {
  if (!failure.empty()) {
    countWriteError();
    log_.say(ReceiverLog::Kind::trouble, name.stream_id, failure);
  }
  if (!encoded) {
    folder_.stillWav(name);
    return;
  }
  folder_.encoded(name);
  const auto stream = streams_.find(name.stream_id);
  if (stream == streams_.end()) return;
  for (auto& file : stream->second.account.files) {
    if (file == folder_.path(name, ".wav")) file = folder_.path(name, ".flac");
  }
}

void Receiver::countWriteError() {
  ++totals_.write_errors;
  failed_ = true;
}

void Receiver::countBadChecksum(std::uint64_t stream_id, const streamer::SampleRange& range) {
  ++totals_.bad_checksums;
  const auto stream = streams_.find(stream_id);
  if (stream == streams_.end()) return;
  ++stream->second.account.bad_checksums;
  stream->second.account.last_bad = range;
}

void Receiver::stop() noexcept {
  asio::error_code ignored;
  acceptor_.close(ignored);
  retry_.cancel(ignored);
  tick_.cancel(ignored);
  while (!sessions_.empty()) (*sessions_.begin())->close();
  log_.tellLeftOut();
  on_stop_();
}

ReceiverReport Receiver::report() const {
  ReceiverReport report = totals_;
  report.removed = retention_.removed();
  report.removed_bytes = retention_.removedBytes();
  for (const auto& [id, stream] : streams_) report.streams.push_back(stream.account);
  return report;
}

}  // namespace millpond::cli
