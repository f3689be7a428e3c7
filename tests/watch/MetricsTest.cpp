// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "millpond/Metrics.h"
#include "support/ManagerFixture.h"

namespace millpond {
namespace {

constexpr auto text = Metrics::Format::text;
constexpr auto open_metrics = Metrics::Format::open_metrics;

std::string scraped(const MemoryManager& memory, const Pressure* pressure, Metrics::Format format,
                    std::size_t buffer_size = 4096, std::size_t sources = 8) {
  std::vector<SourceStats> rows(sources);
  std::vector<char> buffer(buffer_size);
  Metrics metrics(memory, pressure, rows, format);
  std::string all;
  while (const std::size_t bytes = metrics.write(buffer)) all.append(buffer.data(), bytes);
  EXPECT_FALSE(metrics.tooSmall());
  return all;
}

std::string scraped(const MemoryManager& memory) { return scraped(memory, nullptr, text); }

bool hasLine(const std::string& all, const std::string& line) {
  return ("\n" + all).find("\n" + line + "\n") != std::string::npos;
}

class MetricsTest : public test::DefaultManager {};

TEST_F(MetricsTest, TellsEachPoolsFigures) {
  void* held = memory.allocateAudioBuffer(4000, "capture");
  const std::string all = scraped(memory);
  EXPECT_TRUE(hasLine(all, "# HELP millpond_pool_blocks_in_use Blocks held.")) << all;
  EXPECT_TRUE(hasLine(all, "# TYPE millpond_pool_blocks_in_use gauge"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_blocks_in_use{pool=\"audio\"} 1"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_blocks_in_use{pool=\"network\"} 0"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_waste_bytes{pool=\"audio\"} 96"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_blocks{pool=\"general\"} 8"));
  EXPECT_TRUE(hasLine(all, "# TYPE millpond_pool_allocations_total counter"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_allocations_total{pool=\"audio\"} 1"));
  memory.deallocate(held);
}

TEST_F(MetricsTest, CountsWhatWasRefusedOrFellBack) {
  std::array<void*, 6> held{};
  for (void*& block : held) block = memory.allocateAudioBuffer(10, "capture");
  void* large = memory.allocateAudioBuffer(5000, "capture");
  EXPECT_FALSE(memory.tryDeallocate(static_cast<std::byte*>(held[0]) + 1));
  const std::string all = scraped(memory);
  EXPECT_TRUE(hasLine(all, "millpond_pool_exhausted_total{pool=\"audio\"} 2")) << all;
  EXPECT_TRUE(hasLine(all, "millpond_pool_fallbacks_total{pool=\"audio\"} 3"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_oversize_total{pool=\"audio\"} 1"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_refused_frees_total{pool=\"audio\"} 1"));
  EXPECT_TRUE(hasLine(all, "millpond_fallback_bytes 5020"));
  for (void* block : held) memory.deallocate(block);
  memory.deallocate(large);
}

TEST_F(MetricsTest, NeededBlocksIsWhatFewerBlocksWouldHaveServed) {
  std::array<void*, 6> held{};
  for (void*& block : held) block = memory.allocateAudioBuffer(10, "capture");
  for (void* block : held) memory.deallocate(block);
  memory.deallocate(memory.allocateAudioBuffer(10, "capture"));
  const std::string all = scraped(memory);
  const std::uint64_t requests = memory.whatIf(PoolId::audio, 0).refused;
  for (std::uint32_t blocks = 1; blocks <= 4; ++blocks) {
    const std::uint64_t served = requests - memory.whatIf(PoolId::audio, blocks).refused;
    EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_bucket{pool=\"audio\",le=\"" +
                                 std::to_string(blocks) + ".0\"} " + std::to_string(served)))
        << all;
  }
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_bucket{pool=\"audio\",le=\"+Inf\"} 7"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_count{pool=\"audio\"} 7"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_sum{pool=\"audio\"} 21"))
      << "1 + 1 + 2 + 3 + 4 + 5 + 5";
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_exact{pool=\"audio\"} 1"));
  EXPECT_EQ(all.find("millpond_pool_needed_blocks_bucket{pool=\"general\""), std::string::npos) << "of runs";
  EXPECT_EQ(all.find("millpond_pool_needed_blocks_exact{pool=\"general\""), std::string::npos);
}

TEST(MetricsOfPoolsTest, ALargePoolHasAtMost32Buckets) {
  StaticMemoryManager<MemoryConfig{
      .audio_buffer_pool_size = 70, .network_buffer_pool_size = 0, .audio_block_size = 64}>
      memory;
  memory.deallocate(memory.allocateAudioBuffer(10, "capture"));
  const std::string all = scraped(memory);
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_bucket{pool=\"audio\",le=\"4.0\"} 1")) << all;
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_bucket{pool=\"audio\",le=\"68.0\"} 1"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_bucket{pool=\"audio\",le=\"70.0\"} 1"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_needed_blocks_bucket{pool=\"audio\",le=\"+Inf\"} 1"));
  EXPECT_EQ(all.find("le=\"5.0\"} 1\nmillpond_pool_needed_blocks_bucket{pool=\"audio\""), std::string::npos);
  EXPECT_EQ(all.find("pool=\"network\""), std::string::npos) << "a pool without blocks";
}

TEST_F(MetricsTest, TellsWhatEachSourceHoldsAndForHowLong) {
  Port::driveTicks(1);
  void* held = memory.allocateAudioBuffer(4000, "capture");
  void* other = memory.allocateGeneralBuffer(600, "json");
  Port::driveTicks(1 + 1000);
  const std::string all = scraped(memory);
  EXPECT_TRUE(hasLine(all, "millpond_source_bytes{source=\"capture\"} 4096")) << all;
  EXPECT_TRUE(hasLine(all, "millpond_source_blocks{source=\"json\"} 1"));
  EXPECT_TRUE(hasLine(all, "millpond_source_oldest_seconds{source=\"capture\"} 65.536"));
  EXPECT_TRUE(
      hasLine(scraped(memory, nullptr, text, 4096, 1), "millpond_source_bytes{source=\"(others)\"} 5120"));
  memory.deallocate(held);
  memory.deallocate(other);
}

TEST_F(MetricsTest, EscapesTheNamesOfSources) {
  void* held = memory.allocateAudioBuffer(10, "a\"b\\c\nd\xFF\xC3\xA9\xED\xA0\x80\xC0\x80");
  void* cut = memory.allocateAudioBuffer(10, "\xE2\x82");
  const std::string all = scraped(memory);
  EXPECT_TRUE(hasLine(all, "millpond_source_blocks{source=\"a\\\"b\\\\c\\nd?\xC3\xA9?????\"} 1")) << all;
  EXPECT_TRUE(hasLine(all, "millpond_source_blocks{source=\"\?\?\"} 1"));
  memory.deallocate(held);
  memory.deallocate(cut);
}

TEST_F(MetricsTest, TellsPressureAndTheHeapIfSomethingWatchesThem) {
  EXPECT_EQ(scraped(memory).find("millpond_pressure"), std::string::npos);
  heap.setFree(30000);
  heap.setLargest(25000);
  const Pressure pressure(memory);
  const std::string all = scraped(memory, &pressure, text);
  EXPECT_TRUE(hasLine(all, "millpond_heap_free_bytes 30000")) << all;
  EXPECT_TRUE(hasLine(all, "millpond_heap_largest_free_block_bytes 25000"));
  EXPECT_TRUE(hasLine(all, "millpond_pressure_level 1"));
  EXPECT_TRUE(hasLine(all, "millpond_pressure_releases_total 0"));
}

TEST_F(MetricsTest, LeavesOutWhatTheHeapCannotTell) {
  const Pressure pressure(memory);
  const std::string all = scraped(memory, &pressure, text);
  EXPECT_EQ(all.find("millpond_heap_free_bytes"), std::string::npos);
  EXPECT_TRUE(hasLine(all, "millpond_pressure_level 0"));
}

TEST_F(MetricsTest, OpenMetricsHasUnitsAnotherNameOfCountersAndAnEnd) {
  const std::string all = scraped(memory, nullptr, open_metrics);
  EXPECT_TRUE(hasLine(all, "# TYPE millpond_build info")) << all;
  EXPECT_TRUE(hasLine(all, "# TYPE millpond_pool_allocations counter"));
  EXPECT_TRUE(hasLine(all, "millpond_pool_allocations_total{pool=\"audio\"} 0"));
  EXPECT_TRUE(hasLine(all, "# UNIT millpond_fallback_bytes bytes"));
  EXPECT_TRUE(all.ends_with("\n# EOF\n"));
  EXPECT_EQ(scraped(memory).find("# EOF"), std::string::npos);
  EXPECT_TRUE(
      std::string_view(Metrics::contentType(open_metrics)).starts_with("application/openmetrics-text;"));
  EXPECT_TRUE(std::string_view(Metrics::contentType(text)).starts_with("text/plain;"));
}

TEST_F(MetricsTest, IsTheSameWhateverTheSizeOfTheBuffer) {
  for (const Metrics::Format format : {text, open_metrics}) {
    const std::string all = scraped(memory, nullptr, format);
    for (const std::size_t size : {Metrics::longest_line, Metrics::longest_line + 77, all.size()}) {
      EXPECT_EQ(scraped(memory, nullptr, format, size), all) << size;
    }
    std::size_t longest = 0;
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size() + 1);
    EXPECT_LE(longest, Metrics::longest_line);
  }
}

TEST_F(MetricsTest, ABufferTooSmallForOneLineFailsAndCutsNone) {
  std::array<char, 8> small{};
  std::array<char, 4096> large{};
  Metrics metrics(memory, nullptr, {}, text);
  EXPECT_EQ(metrics.write(small), 0U);
  EXPECT_TRUE(metrics.tooSmall());
  EXPECT_EQ(metrics.write({}), 0U);
  EXPECT_TRUE(metrics.tooSmall());
  std::string all;
  while (const std::size_t bytes = metrics.write(large)) all.append(large.data(), bytes);
  EXPECT_FALSE(metrics.tooSmall());
  EXPECT_EQ(all, scraped(memory, nullptr, text, 4096, 0)) << "it continues where it failed";
}

// What an allocation may wait for are the heap's lock, within its calls, and that of the tasks, which those
// take who move pools and waiters.
TEST_F(MetricsTest, AsksTheHeapNothingAndTakesNoLock) {
  const Pressure pressure(memory);
  const std::size_t walks = heap.walks();
  heap.setOnAsk([] { ADD_FAILURE() << "a scrape asks the heap"; }, nullptr);
  heap.setOnCall([] { ADD_FAILURE() << "a scrape uses the heap"; });
  memory.core().tasks_.lock();
  scraped(memory, &pressure, open_metrics);
  memory.core().tasks_.unlock();
  EXPECT_EQ(heap.walks(), walks);
  heap.setOnAsk(nullptr, nullptr);
  heap.setOnCall(nullptr);
}

}  // namespace
}  // namespace millpond
