// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors
#pragma once

namespace millpond::test {

/// The atomic steps of the calling thread: how many there were, and what happens just before each.
class AtomicSteps {
 public:
  using Hook = void (*)(void* context);

  /// Called by every atomic word before it acts.
  static void beforeLoadOrStore() { step(); }
  static void beforeReadModifyWrite() {
    step();
    ++read_modify_writes_;
  }

  /// Steps and read-modify-writes since `restart`, those of a hook included.
  static unsigned steps() { return steps_; }
  static unsigned readModifyWrites() { return read_modify_writes_; }
  static void restart() { steps_ = read_modify_writes_ = 0; }

  /// While one lives, `hook` is called before each step, but not before a step of its own. They nest.
  class HookScope {
   public:
    HookScope(Hook hook, void* context) : hook_(hook_now_), context_(context_now_) {
      hook_now_ = hook;
      context_now_ = context;
    }
    ~HookScope() {
      hook_now_ = hook_;
      context_now_ = context_;
    }
    HookScope(const HookScope&) = delete;
    HookScope& operator=(const HookScope&) = delete;

   private:
    Hook hook_;
    void* context_;
  };

 private:
  static void step() {
    if (hook_now_ != nullptr) {
      const Hook hook = hook_now_;
      void* const context = context_now_;
      const HookScope none(nullptr, nullptr);
      hook(context);
    }
    ++steps_;
  }

  static inline thread_local Hook hook_now_ = nullptr;
  static inline thread_local void* context_now_ = nullptr;
  static inline thread_local unsigned steps_ = 0;
  static inline thread_local unsigned read_modify_writes_ = 0;
};

}  // namespace millpond::test
