// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#include "lab/policies/PluginPolicy.h"

#include <dlfcn.h>

#include <stdexcept>

#include "lab/millpond_plugin.h"

namespace millpond::lab {

namespace {

constexpr std::size_t probe_bytes = 1024;

void* open(const std::string& file) {
  // The loader would search the system's libraries for a name without a slash.
  const std::string path = file.find('/') == std::string::npos ? "./" + file : file;
  return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

}  // namespace

PluginPolicy::PluginPolicy(const std::string& file, std::span<std::byte> ram, std::uint32_t static_bytes)
    : file_(file),
      library_(open(file), [](void* library) { return library == nullptr ? 0 : dlclose(library); }),
      region_(ram.subspan(static_bytes)),
      static_bytes_(static_bytes),
      map_(static_cast<std::uint32_t>(region_.size())) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): each thread of glibc has its own message.
  if (library_ == nullptr) fail(std::string("cannot be loaded: ") + dlerror());
  init_ = function<decltype(millpond_plugin_init)>("millpond_plugin_init");
  malloc_ = function<decltype(millpond_plugin_malloc)>("millpond_plugin_malloc");
  free_ = function<decltype(millpond_plugin_free)>("millpond_plugin_free");
  begin();
}

void PluginPolicy::begin() {
  const int refusal = init_(region_.data(), region_.size());
  if (refusal != 0) {
    fail("refuses a region of " + std::to_string(region_.size()) + " bytes: millpond_plugin_init returned " +
         std::to_string(refusal));
  }
}

template <class Function>
Function* PluginPolicy::function(const char* name) const {
  void* symbol = dlsym(library_.get(), name);
  if (symbol == nullptr) {
    fail(std::string("lacks ") + name +
         "; it must have millpond_plugin_init, millpond_plugin_malloc and millpond_plugin_free");
  }
  return reinterpret_cast<Function*>(symbol);
}

void* PluginPolicy::allocate(const DeviceRequest& request) {
  void* memory = malloc_(request.bytes);
  if (memory == nullptr) return nullptr;
  const auto refuse = [&](const std::string& what) {
    fail("answered a request of " + std::to_string(request.bytes) + " bytes with a block " + what);
  };
  const std::uintptr_t offset =
      reinterpret_cast<std::uintptr_t>(memory) - reinterpret_cast<std::uintptr_t>(region_.data());
  if (offset > region_.size() || request.bytes > region_.size() - offset) {
    refuse("that is not inside its region");
  }
  if (offset % HeldMap::unit != 0) {
    refuse("at offset " + std::to_string(offset) + ", which is misaligned: it must be a multiple of 4");
  }
  if (!map_.take(static_cast<std::uint32_t>(offset), request.bytes)) {
    refuse("at offset " + std::to_string(offset) + " that overlaps one which is held");
  }
  return memory;
}

void PluginPolicy::release(void* memory, RequestClass /*kind*/, std::uint32_t bytes) {
  map_.give(static_cast<std::uint32_t>(static_cast<std::byte*>(memory) - region_.data()), bytes);
  free_(memory);
}

void PluginPolicy::forEachHeld(const std::function<void(std::uint32_t, std::uint32_t)>& visit) const {
  visit(0, static_bytes_);
  map_.forEachHeld([&](std::uint32_t offset, std::uint32_t bytes) { visit(static_bytes_ + offset, bytes); });
}

// Returns: the blocks that it serves until it has none.
std::size_t PluginPolicy::room() {
  std::size_t blocks = 0;
  while (blocks < region_.size() / probe_bytes && malloc_(probe_bytes) != nullptr) ++blocks;
  return blocks;
}

void PluginPolicy::checkEmpty() {
  constexpr std::size_t kept = 4;  // blocks that a sound allocator may have put by in some way
  const std::size_t left = room();
  begin();
  const std::size_t whole = room();
  if (left + kept >= whole) return;
  fail("leaks: with nothing held it serves " + std::to_string(left) + " blocks of " +
       std::to_string(probe_bytes) + " bytes, and " + std::to_string(whole) + " from scratch");
}

void PluginPolicy::fail(const std::string& what) const {
  throw std::runtime_error("plugin " + file_ + " " + what);
}

}  // namespace millpond::lab
