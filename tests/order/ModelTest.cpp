// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Millpond authors

// That the model shows what C++ allows, and nothing else: the litmus tests of the literature.
#include <gtest/gtest.h>

#include "millpond/port/TaskLock.h"
#include "order/Explore.h"

namespace millpond::order {
namespace {

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct Two {
  Word x;
  Word y;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

TEST(ModelTest, ShowsARelaxedMessageBeforeItsPayload) {
  EXPECT_NE("", firstFailure([](Threads& threads) {
              Two two;
              threads.task([&] { two.x.store(1), two.y.store(1); });
              threads.task([&] { require(two.y.load() == 0 || two.x.load() == 1, "stale"); });
              threads.join();
            }));
  EXPECT_NE("", firstFailure([](Threads& threads) {  // also where only one side is ordered
              Two two;
              threads.task([&] { two.x.store(1), two.y.store(1); });
              threads.task([&] { require(two.y.loadOrdered() == 0 || two.x.load() == 1, "stale"); });
              threads.join();
            }));
}

TEST(ModelTest, LetsARelaxedStoreOvertakeAnOrderedAccessBeforeIt) {
  EXPECT_NE(
      "", firstFailure([](Threads& threads) {
        Two two;
        threads.task([&] { two.x.setBits(1), two.y.store(1); });
        threads.task([&] { require(two.y.loadOrdered() == 0 || two.x.loadOrdered() == 1, "overtaken"); });
        threads.join();
      }));
}

TEST(ModelTest, ShowsNoOrderedMessageBeforeItsPayload) {
  explore([](Threads& threads) {
    Two two;
    threads.task([&] { two.x.store(1), two.y.storeOrdered(1); });
    threads.task([&] { require(two.y.loadOrdered() == 0 || two.x.load() == 1, "stale"); });
    threads.join();
  });
}

TEST(ModelTest, LetsAReleaseBesideAnotherWordBeOvertaken) {
  const auto storeBuffer = [](auto raise, auto look) {
    return [=](Threads& threads) {
      Two two;
      threads.task([&] { raise(two.x), two.a = look(two.y); });
      threads.task([&] { raise(two.y), two.b = look(two.x); });
      threads.join();
      require(two.a + two.b != 0, "neither saw the other");
    };
  };
  const auto ordered = [](Word& word) { return word.loadOrdered(); };
  const auto relaxed = [](Word& word) { return word.load(); };
  const auto release = [](Word& word) { word.storeOrdered(1); };
  const auto exchange = [](Word& word) { word.setBits(1); };
  EXPECT_NE("", firstFailure(storeBuffer(release, ordered)));
  EXPECT_NE("", firstFailure(storeBuffer(exchange, relaxed)));
  explore(storeBuffer(exchange, ordered));
}

TEST(ModelTest, NeverShowsAnOlderValueOfAWordAfterANewer) {
  explore([](Threads& threads) {
    Word word;
    threads.task([&] { word.store(1), word.store(2); });
    for (int reader = 0; reader < 2; ++reader) {
      threads.task([&] {
        const std::uint32_t first = word.load();
        require(first <= word.load(), "backwards");
      });
    }
    threads.join();
    require(word.load() == 2, "not the last");
  });
}

TEST(ModelTest, LetsTwoReadersDisagreeUnlessTheyAreOrdered) {
  const auto independentReads = [](auto look) {
    return [=](Threads& threads) {
      Two two;
      threads.task([&] { two.x.setBits(1); });
      threads.task([&] { two.y.setBits(1); });
      threads.task([&] { two.a = look(two.x) == 1 && look(two.y) == 0 ? 1 : 0; });
      threads.task([&] { two.b = look(two.y) == 1 && look(two.x) == 0 ? 1 : 0; });
      threads.join();
      require(two.a + two.b < 2, "they disagree");
    };
  };
  EXPECT_NE("", firstFailure(independentReads([](Word& word) { return word.load(); })));
  explore(independentReads([](Word& word) { return word.loadOrdered(); }));
}

TEST(ModelTest, CarriesAReleaseThroughReadModifyWritesAndNoFurther) {
  const auto handOver = [](auto between) {
    return [=](Threads& threads) {
      Two two;
      threads.task([&] { two.a = 1, two.x.storeOrdered(1); });
      threads.task([&] { between(two.x); });
      threads.task([&] {
        if (two.x.loadOrdered() == 3) require(two.a == 1, "stale");
      });
      threads.join();
    };
  };
  explore(handOver([](Word& word) { word.setBits(2); }));
  EXPECT_NE("", firstFailure(handOver([](Word& word) {
              if (word.load() == 1) word.store(3);
            })));
}

TEST(ModelTest, LosesNoUpdate) {
  explore([](Threads& threads) {
    Word word;
    for (int thread = 0; thread < 3; ++thread) {
      threads.task([&] { word.update([](std::uint32_t seen) { return seen + 1; }); });
    }
    threads.join();
    require(word.load() == 3, "lost");
  });
}

TEST(ModelTest, FindsARaceOfPlainAccesses) {
  EXPECT_TRUE(has(firstFailure([](Threads& threads) {
                    Two two;
                    threads.task([&] { two.a = 1, two.x.store(1); });
                    threads.task([&] {
                      if (two.x.loadOrdered() == 1) two.b = two.a;
                    });
                    threads.join();
                  }),
                  "race"));
  explore([](Threads& threads) {
    Two two;
    threads.task([&] { two.a = 1, two.x.storeOrdered(1); });
    threads.task([&] {
      if (two.x.loadOrdered() == 1) two.b = two.a;
    });
    threads.join();
  });
}

TEST(ModelTest, FindsADeadlock) {
  const auto inTurn = [](bool both_ways) {
    return [=](Threads& threads) {
      Port::TaskMutex one;
      Port::TaskMutex two;
      threads.task([&] {
        const port::TaskLock a(one);
        const port::TaskLock b(two);
      });
      threads.task([&] {
        const port::TaskLock a(both_ways ? two : one);
        const port::TaskLock b(both_ways ? one : two);
      });
      threads.join();
    };
  };
  EXPECT_TRUE(has(firstFailure(inTurn(true)), "deadlock"));
  explore(inTurn(false));
}

TEST(ModelTest, FindsALostWakeUp) {
  const auto waitFor = [](bool notifies) {
    return [=](Threads& threads) {
      Port::Event event;
      std::uint32_t payload = 0;
      threads.task([&] { event.wait(1000), require(payload == 1, "not seen"); });
      threads.task([&] {
        payload = 1;
        const Port::Critical critical;
        if (notifies) event.notify();
      });
      threads.join();
    };
  };
  EXPECT_TRUE(has(firstFailure(waitFor(false)), "lost wake-up"));
  explore(waitFor(true));
}

}  // namespace
}  // namespace millpond::order
