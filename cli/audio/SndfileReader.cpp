// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "cli/audio/SndfileReader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <samplerate.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/audio/SoundChunk.h"
#include "cli/show/Error.h"
#include "streamer/wire/AudioFormat.h"

namespace millpond::cli {

namespace {

/// A file, opened to check its header.
class HeaderFile {
 public:
  explicit HeaderFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  HeaderFile(const HeaderFile&) = delete;
  HeaderFile& operator=(const HeaderFile&) = delete;
  ~HeaderFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  int release() { return std::exchange(descriptor_, -1); }
  std::uint64_t size() const {
    struct stat status {};
    return ::fstat(descriptor_, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  }
  SoundChunk::ReadAt reader() const {
    return [this](std::uint64_t offset, std::span<std::byte> bytes) {
      return ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset)) ==
             static_cast<ssize_t>(bytes.size());
    };
  }

 private:
  int descriptor_;
};

ByteStream& streamOf(void* stream) { return *static_cast<ByteStream*>(stream); }

// libsndfile seeks past the sound for more chunks, where a stream cannot be read. No stream is this long.
sf_count_t seekStream(sf_count_t offset, int whence, void* self) {
  constexpr sf_count_t farthest = sf_count_t{1} << 48U;
  ByteStream& stream = streamOf(self);
  if (whence == SEEK_END || offset > farthest || offset < -farthest) return -1;
  if (whence == SEEK_CUR) offset += static_cast<sf_count_t>(stream.position());
  if (offset < 0 || offset > farthest) return -1;
  stream.seek(static_cast<std::uint64_t>(offset));
  return offset;
}

SF_VIRTUAL_IO streamIo() {
  SF_VIRTUAL_IO io{};
  io.get_filelen = [](void* self) { return static_cast<sf_count_t>(streamOf(self).end()); };
  io.seek = &seekStream;
  io.read = [](void* to, sf_count_t count, void* self) {
    const std::span bytes(static_cast<std::byte*>(to), static_cast<std::size_t>(count));
    return static_cast<sf_count_t>(streamOf(self).read(bytes));
  };
  io.tell = [](void* self) { return static_cast<sf_count_t>(streamOf(self).position()); };
  return io;
}

// Reads the header of a stream, skipping what lies between its chunks.
SoundChunk::ReadAt readerOf(ByteStream& stream) {
  return [&stream](std::uint64_t offset, std::span<std::byte> bytes) {
    std::array<std::byte, 4096> passed;
    while (stream.received() < offset) {
      const auto left =
          static_cast<std::size_t>(std::min<std::uint64_t>(passed.size(), offset - stream.received()));
      stream.seek(stream.received());
      if (stream.read(std::span(passed).first(left)) == 0) return false;
    }
    stream.seek(offset);
    return stream.read(bytes) == bytes.size();
  };
}

// libsndfile repairs a header that promises too much sound, and reports that only in its log.
bool logSaysThatSoundIsMissing(SNDFILE* file) {
  std::array<char, 8192> log{};
  sf_command(file, SFC_GET_LOG_INFO, log.data(), static_cast<int>(log.size()) - 1);
  std::istringstream lines(log.data());
  for (std::string line; std::getline(lines, line);) {
    const std::size_t start = std::min(line.find_first_not_of(' '), line.size());
    const std::string word = line.substr(start, 4);
    const bool of_the_sound = word == "data" || word == "Data" || word == "riff";  // AU, W64
    if (of_the_sound && line.find("(should be") != std::string::npos) return true;
  }
  return false;
}

// A larger number of frames is libsndfile's way to say "until the end".
bool isKnown(sf_count_t frames) { return frames > 0 && frames < sf_count_t{1} << 48U; }

// Returns: the bytes of a sample if each sample is coded separately; 0 for other codings.
std::uint64_t sampleBytes(int format) {
  switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW:
      return 1;
    case SF_FORMAT_PCM_16:
      return 2;
    case SF_FORMAT_PCM_24:
      return 3;
    case SF_FORMAT_PCM_32:
    case SF_FORMAT_FLOAT:
      return 4;
    case SF_FORMAT_DOUBLE:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

std::unique_ptr<SndfileReader> SndfileReader::openFile(const std::string& path, const std::string& name,
                                                       const std::optional<PcmFormat>& pcm,
                                                       const streamer::StopFlag& stop) {
  std::unique_ptr<SndfileReader> reader(new SndfileReader(name));
  HeaderFile file(path);
  reader->bytes_there_ = file.size();
  const auto chunk = pcm ? std::nullopt : SoundChunk::find(file.reader());
  if (pcm) reader->info_ = pcm->sndfile();
  reader->file_.reset(sf_open(path.c_str(), SFM_READ, &reader->info_));
  reader->requireOpen();
  if (!chunk) return reader;
  const std::uint64_t size = file.size();
  reader->bytes_there_ = size - std::min(size, chunk->offset);
  reader->promised_ = chunk->size;
  const bool none = reader->info_.frames == 0 && !chunk->size;
  if (!none || SoundChunk::onlyChunks(file.reader(), chunk->offset, size)) return reader;
  auto unclosed = openStream(std::make_unique<ByteStream>(file.release(), stop), name, {});
  unclosed->unclosed_ = true;
  return unclosed;
}

std::unique_ptr<SndfileReader> SndfileReader::openStream(std::unique_ptr<ByteStream> stream,
                                                         const std::string& name,
                                                         const std::optional<PcmFormat>& pcm) {
  std::unique_ptr<SndfileReader> reader(new SndfileReader(name));
  reader->stream_ = std::move(stream);
  if (pcm) {
    reader->info_ = pcm->sndfile();
    reader->stream_->startHere(INT64_MAX);
    reader->openVirtual();
  } else {
    reader->openWithHeader();
  }
  reader->requireOpen();
  return reader;
}

void SndfileReader::openWithHeader() {
  std::array<char, 4> magic{};
  stream_->read(std::as_writable_bytes(std::span(magic)));
  stream_->seek(0);
  const std::string_view kind(magic.data(), magic.size());
  for (const std::string_view chunks : {"RIFF", "RIFX", "RF64", "BW64", "FORM"}) {
    if (kind == chunks) return openChunkOfStream();
  }
  if (kind == "fLaC" || kind == "OggS" || kind.starts_with("ID3") || kind[0] == '\xFF')
    stream_->giveWhatIsThere();
  openVirtual();
  stream_->keepNoMore();
}

// libsndfile wants to continue after the sound to find more of the header. So it gets the header alone, and
// then the sound as samples without a header.
void SndfileReader::openChunkOfStream() {
  const std::optional<SoundChunk> chunk = SoundChunk::find(readerOf(*stream_));
  if (!chunk) throw Error(fmt::format("input '{}' is not readable audio: it ends within its header", name_));
  readerOf (*stream_)(chunk->offset, {});
  if (!stream_->keepsAll()) {
    throw Error(
        fmt::format("input '{}' has more than the {} bytes before its sound that are allowed in a pipe",
                    name_, ByteStream::most_kept));
  }
  stream_->endHere();
  stream_->seek(0);
  openVirtual();
  if (file_ == nullptr) return;
  if (sampleBytes(info_.format) == 0) {
    throw Error(
        fmt::format("input '{}' is coded in a way that can be read from a file and not from a pipe", name_));
  }
  const int coding = info_.format & SF_FORMAT_SUBMASK;
  const bool big = chunk->big_endian && (info_.format & SF_FORMAT_ENDMASK) != SF_ENDIAN_LITTLE;
  info_.format = SF_FORMAT_RAW | coding | (big ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE);
  promised_ = chunk->size;
  stream_->startHere(chunk->size.value_or(INT64_MAX));
  openVirtual();
}

void SndfileReader::openVirtual() {
  SF_VIRTUAL_IO io = streamIo();
  file_.reset();
  file_.reset(sf_open_virtual(&io, SFM_READ, &info_, stream_.get()));
}

void SndfileReader::requireOpen() {
  if (file_ == nullptr && stream_ != nullptr && stream_->received() == 0 && stream_->error() == 0) {
    throw Error(fmt::format("input '{}' holds no samples", name_));
  }
  if (file_ == nullptr) {
    std::string reason = stream_ != nullptr && stream_->error() != 0
                             ? std::generic_category().message(stream_->error())
                             : sf_strerror(nullptr);
    std::replace(reason.begin(), reason.end(), '\n', ' ');
    throw Error(fmt::format(
        "input '{}' is not readable audio ({}): {}", name_,
        stream_ == nullptr ? "WAV, FLAC, Ogg, AIFF, MP3 can" : "WAV, FLAC, Ogg can from a pipe", reason));
  }
  if (src_is_valid_ratio(static_cast<double>(streamer::sample_rate) / info_.samplerate) == 0) {
    throw Error(fmt::format("input '{}' has {} samples per second; 63 to 4096000 are allowed", name_,
                            info_.samplerate));
  }
}

std::optional<std::uint64_t> SndfileReader::frames() const {
  if (stream_ != nullptr || !isKnown(info_.frames)) return std::nullopt;
  return static_cast<std::uint64_t>(info_.frames);
}

std::size_t SndfileReader::read(std::span<float> interleaved) {
  const auto most = static_cast<sf_count_t>(interleaved.size() / channels());
  const auto count = static_cast<std::size_t>(sf_readf_float(file_.get(), interleaved.data(), most));
  total_ += count;
  const bool failed = stream_ != nullptr ? stream_->error() != 0 : sf_error(file_.get()) == SF_ERR_SYSTEM;
  if (count == 0 && failed) {
    throw Error(fmt::format(
        "input '{}' broke off after {} frames: {}", name_, total_,
        stream_ != nullptr ? std::generic_category().message(stream_->error()) : sf_strerror(file_.get())));
  }
  return count;
}

bool SndfileReader::endsEarly() const {
  if (stream_ != nullptr && stream_->stopped()) return false;
  if (promised_) return *promised_ > (stream_ != nullptr ? stream_->received() : bytes_there_);
  const bool raw = (info_.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_RAW;
  if (!raw && isKnown(info_.frames) && total_ < static_cast<std::uint64_t>(info_.frames)) return true;
  return stream_ == nullptr && logSaysThatSoundIsMissing(file_.get());
}

std::uint64_t SndfileReader::bytesOfPartOfAFrame() const {
  if ((info_.format & SF_FORMAT_TYPEMASK) != SF_FORMAT_RAW) return 0;
  return (stream_ != nullptr ? stream_->received() : bytes_there_) % (sampleBytes(info_.format) * channels());
}

std::vector<std::string> SndfileReader::warnings() const {
  std::vector<std::string> lines;
  if (endsEarly()) {
    lines.push_back(fmt::format("input '{}' ends before its header says; using the {} frames that are there",
                                name_, total_));
  } else if (const std::uint64_t bytes = bytesOfPartOfAFrame(); bytes > 0) {
    lines.push_back(
        fmt::format("input '{}' ends within a frame; its last {} bytes are left out", name_, bytes));
  }
  if (unclosed_) {
    lines.push_back(fmt::format(
        "input '{}' says that it holds no samples; using the {} frames behind its header", name_, total_));
  }
  return lines;
}

}  // namespace millpond::cli
