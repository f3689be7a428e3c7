// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/RawSession.h"

#include "cli/receiver/StreamId.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::cli {

using streamer::ChunkHeader;

void RawSession::read() {
  expectMore();
  connection_.async_read_some(asio::buffer(frame_.data() + carried_, frame_.size() - carried_),
                              [self = self()](const asio::error_code& error, std::size_t count) {
                                if (self->closed()) return;
                                self->guard([&] {
                                  if (error == asio::error::eof) {
                                    self->onEnd();
                                  } else if (error) {
                                    self->close();
                                  } else {
                                    self->onBytes(self->carried_ + count);
                                  }
                                });
                              });
}

void RawSession::onBytes(std::size_t bytes) {
  const bool may_be_framed = !recording_ && ChunkHeader::mayBeginWith(std::span(frame_).first(bytes));
  if (may_be_framed && bytes >= ChunkHeader::magic_size) {
    refuse("the stream is framed, for it starts with MPND; it needs a receiver with --wire framed");
    return;
  }
  const bool may_be_tls = !recording_ && mayBeginTls(std::span(frame_).first(bytes));
  if (may_be_tls && bytes >= tls_begin_size) {
    refuse(tls_on_plain_port);
    return;
  }
  if (may_be_framed || may_be_tls || bytes < sizeof(std::int16_t)) {
    carried_ = bytes;
  } else {
    store(bytes);
  }
  read();
}

void RawSession::onEnd() {
  if (!recording_ && carried_ >= sizeof(std::int16_t)) store(carried_);
  if (recording_) setEnded(true);
  close(carried_ == 0 ? "" : "ended in the middle of a sample, of which nothing is kept");
}

void RawSession::store(std::size_t bytes) {
  const std::size_t whole = bytes - bytes % sizeof(std::int16_t);
  if (!recording_) claim(drawStreamId(), streamer::sample_rate);
  record(account_->next, samplesAt(0, whole));
  carried_ = bytes - whole;
  if (carried_ > 0) frame_[0] = frame_[whole];
}

std::shared_ptr<RawSession> RawSession::self() {
  return std::static_pointer_cast<RawSession>(shared_from_this());
}

}  // namespace millpond::cli
