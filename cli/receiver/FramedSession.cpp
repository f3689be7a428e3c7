// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/receiver/FramedSession.h"

#include <fmt/format.h>

#include <asio/read.hpp>
#include <asio/write.hpp>

namespace millpond::cli {

using streamer::ChunkHeader;
using streamer::WireError;

// Reads up to the first byte with which no chunk can begin.
void FramedSession::readHeader() {
  expectMore();
  const auto wanted = [this](const asio::error_code& error, std::size_t bytes) {
    const bool known = !error && ChunkHeader::mayBeginWith(std::span(frame_).first(bytes));
    return known ? ChunkHeader::size - bytes : 0;
  };
  asio::async_read(connection_, asio::buffer(frame_.data(), ChunkHeader::size), wanted,
                   [self = self()](const asio::error_code& error, std::size_t bytes) {
                     if (self->closed()) return;
                     self->guard([&] {
                       if (error) {
                         self->lost(bytes);
                       } else {
                         self->readPayload();
                       }
                     });
                   });
}

void FramedSession::readPayload() {
  const WireError wrong = ChunkHeader::decode(std::span(frame_).first<ChunkHeader::size>(), header_);
  if (wrong == WireError::magic && mayBeginTls(std::span(frame_).first(tls_begin_size))) {
    refuse(tls_on_plain_port);
    return;
  }
  if (wrong != WireError::none) {
    refuse(fmt::format("not a chunk of a Millpond stream: {}{}", describe(wrong),
                       wrong == WireError::magic ? "; a raw stream needs a receiver with --wire raw" : ""));
    return;
  }
  asio::async_read(connection_, asio::buffer(frame_.data() + ChunkHeader::size, header_.payload_bytes),
                   [self = self()](const asio::error_code& error, std::size_t bytes) {
                     if (self->closed()) return;
                     self->guard([&] {
                       if (error) {
                         self->lost(ChunkHeader::size + bytes);
                       } else {
                         self->onFrame();
                       }
                     });
                   });
}

void FramedSession::onFrame() {
  const streamer::SampleRange range{header_.first_sample, header_.samples()};
  if (!ChunkHeader::checksumHolds(std::span(frame_).first(ChunkHeader::size + header_.payload_bytes))) {
    receiver_.countBadChecksum(header_.stream_id, range);
    refuse(fmt::format("bad checksum in the chunk of {} samples from {} of stream {:016x}", range.samples,
                       range.first, header_.stream_id));
    return;
  }
  if (!recording_) claim(header_.stream_id, header_.sample_rate);
  if (header_.stream_id != account_->stream_id || header_.sample_rate != account_->rate) {
    refuse("the stream id or the sample rate changed within a connection");
    return;
  }
  record(header_.first_sample, samplesAt(ChunkHeader::size, header_.payload_bytes));
  setEnded(header_.end_of_stream);
  acknowledge();
}

void FramedSession::acknowledge() {
  ack_ = streamer::Ack{header_.stream_id, header_.sequence, account_->next}.encode();
  asio::async_write(connection_, asio::buffer(ack_),
                    [self = self()](const asio::error_code& error, std::size_t) {
                      if (self->closed()) return;
                      self->guard([&] {
                        if (error) {
                          self->close();
                        } else {
                          self->readHeader();
                        }
                      });
                    });
}

void FramedSession::lost(std::size_t bytes_read) {
  if (bytes_read == 0 && account_ != nullptr && !account_->ended)
    narrate(ReceiverLog::Kind::left, fmt::format("left at sample {}", account_->next));
  close(bytes_read == 0 ? std::string{}
                        : fmt::format("closed in the middle of a chunk, after {} bytes of it", bytes_read));
}

std::shared_ptr<FramedSession> FramedSession::self() {
  return std::static_pointer_cast<FramedSession>(shared_from_this());
}

}  // namespace millpond::cli
