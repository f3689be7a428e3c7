// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/RawSession.h"

#include <random>

#include "cli/Error.h"
#include "cli/Receiver.h"
#include "streamer/AudioFormat.h"

namespace millpond::cli {

void RawSession::start() {
  std::random_device random;
  try {
    claim(std::uint64_t{random()} << 32U | random(), streamer::sample_rate);
  } catch (const Error& error) {
    failToWrite(error.what());
    return;
  }
  read();
}

void RawSession::read() {
  expectMore();
  socket_.async_read_some(asio::buffer(frame_.data() + carried_, frame_.size() - carried_),
                          [self = self()](const asio::error_code& error, std::size_t count) {
                            if (self->closed()) return;
                            if (error) {
                              if (error == asio::error::eof) self->account_->ended = true;
                              self->close();
                            } else {
                              self->onBytes(count);
                            }
                          });
}

void RawSession::onBytes(std::size_t count) {
  const std::size_t bytes = carried_ + count;
  const std::size_t whole = bytes - bytes % sizeof(std::int16_t);
  try {
    recording_->append(recording_->next(), samplesAt(0, whole));
  } catch (const Error& error) {
    failToWrite(error.what());
    return;
  }
  ++account_->chunks;
  carried_ = bytes - whole;
  if (carried_ > 0) frame_[0] = frame_[whole];
  read();
}

std::shared_ptr<RawSession> RawSession::self() {
  return std::static_pointer_cast<RawSession>(shared_from_this());
}

}  // namespace millpond::cli
