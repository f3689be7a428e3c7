// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/Receiver.h"

#include <fmt/format.h>

#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <fstream>

#include "cli/Error.h"
#include "cli/FlacEncoder.h"
#include "cli/FramedSession.h"
#include "cli/RawSession.h"
#include "cli/RecordingFile.h"

namespace millpond::cli {

using asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds accept_retry{200};

void requireWritable(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error(fmt::format("cannot make output folder '{}': {}", folder.string(), error.message()));
  }
  const std::filesystem::path probe = folder / ".millpond-probe";
  if (!std::ofstream(probe)) throw Error(fmt::format("cannot write to output folder '{}'", folder.string()));
  std::filesystem::remove(probe, error);
}

}  // namespace

Receiver::Receiver(asio::io_context& context, ReceiverOptions options, Log log, std::function<void()> on_stop)
    : context_(context),
      options_(std::move(options)),
      log_(std::move(log)),
      on_stop_(std::move(on_stop)),
      acceptor_(context),
      retry_(context) {
  requireWritable(options_.folder);
  listen();
  accept();
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
}

void Receiver::accept() {
  acceptor_.async_accept([this](const asio::error_code& error, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (error) {
      acceptLater();
      return;
    }
    onConnection(std::move(socket));
    accept();
  });
}

// After a failure, such as no free descriptor, so as not to spin on it.
void Receiver::acceptLater() {
  retry_.expires_after(accept_retry);
  retry_.async_wait([this](const asio::error_code& error) {
    if (!error && acceptor_.is_open()) accept();
  });
}

void Receiver::onConnection(tcp::socket socket) {
  ++totals_.connections;
  if (sessions_.size() >= options_.max_connections) {
    countRefusal();
    log_(fmt::format("refused a connection: there are {} already", sessions_.size()));
    return;
  }
  asio::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  std::shared_ptr<Session> session;
  if (options_.wire == streamer::Wire::raw) {
    session = std::make_shared<RawSession>(std::move(socket), *this);
  } else {
    session = std::make_shared<FramedSession>(std::move(socket), *this);
  }
  sessions_.insert(session);
  session->start();
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
  streams_.erase(oldest);
  ++totals_.forgotten_streams;
}

void Receiver::sessionClosed(const std::shared_ptr<Session>& session, StreamAccount* account,
                             const std::string& reason) {
  sessions_.erase(session);
  if (!reason.empty()) log_(reason);
  if (account == nullptr) return;
  Stream& stream = streams_[account->stream_id];
  if (stream.session.lock() != session) return;
  stream.session.reset();
  if (!account->ended) return;
  if (options_.flac) encode(account->stream_id);
  if (options_.once) stop();
}

void Receiver::encode(std::uint64_t stream_id) {
  auto files = RecordingFile::find(options_.folder, stream_id);
  std::erase_if(files, [](const RecordingFile& file) { return file.flac; });
  // The guard keeps the io_context running until the result is in.
  asio::post(encoder_, [this, stream_id, files, guard = asio::make_work_guard(context_)] {
    std::vector<std::filesystem::path> encoded;
    std::string reason;
    try {
      for (const RecordingFile& file : files) encoded.push_back(encodeAsFlac(file.path));
    } catch (const std::exception& error) {
      reason = error.what();
    }
    asio::post(context_, [this, stream_id, encoded, reason] {
      if (!reason.empty()) {
        countWriteError();
        log_(reason);
      }
      const auto stream = streams_.find(stream_id);
      if (stream == streams_.end()) return;
      for (auto& file : stream->second.account.files) {
        for (const auto& flac : encoded) {
          if (flac.stem() == file.stem()) file = flac;
        }
      }
    });
  });
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

void Receiver::stop() {
  asio::error_code ignored;
  acceptor_.close(ignored);
  retry_.cancel();
  while (!sessions_.empty()) (*sessions_.begin())->close();
  on_stop_();
}

ReceiverReport Receiver::report() const {
  ReceiverReport report = totals_;
  for (const auto& [id, stream] : streams_) report.streams.push_back(stream.account);
  return report;
}

}  // namespace millpond::cli
