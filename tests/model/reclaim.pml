/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * A reclaimable block pool of one word, whose memory core 1 gives back to the heap and takes again:
 * ManagerCore::releaseIdlePools and reacquirePools, which call the heap with no lock held, Pool::close,
 * PoolState::start, Holding::claim, ManagerCore::finish and GuardSteps::freeSealed. With VALIDATE, core 0 calls
 * ManagerCore::validate.
 */
#define BLOCKS 2
#include "blocks.pml"

hidden byte no_use_of_memory_given_back;
hidden byte no_block_given_twice;

#define every 3
byte word = every;
/* Where the pool's memory is, 0 for nowhere, and where the heap let it be; an address may come again. */
byte base = 1;
byte memory = 1;
bool owner[BLOCKS]; /* Holding, of which only "one owner" or "none" matters here */
bool tasks;         /* the TaskMutex */

/* Where each block was when it was taken; the blocks freed by their owner, but not yet with the pool. */
byte region[BLOCKS];
byte returning;
#define truly_free ((block[0] == FREE) | ((block[1] == FREE) << 1))
#define there(at) ((at) != 0 && (at) == memory)

inline look() {
  seen = word;
  if
  :: seen == 0 -> goto progress
  :: else
  fi
}

inline take() {
  do
  :: atomic {
       word == seen ->
       index = lowest(seen);
       word = without_lowest(seen);
       owned(index);
       check(one_owner, !has(returning, index));
       break
     }
  :: atomic { word != seen -> look() }
  od;
  atomic { at = base; check(no_use_of_memory_given_back, there(at)) };
  atomic { touch(index, TAKEN); check(no_use_of_memory_given_back, there(at)) }; /* seal */
  atomic { owner[index] = true; region[index] = at }
}

#define fails_rightly (block[index] == FREE || at != region[index])
inline fail() {
  check(rightful_free_served, fails_rightly);
  goto progress
}
inline unless_stale() {
  if
  :: stale -> goto progress
  :: else
  fi
}
inline claimed() {
  served(index);
  returning = returning | bit(index)
}
inline claim() {
  owner[index] = false;
  claimed()
}
inline give() {
  check(no_block_given_twice, !has(word, index));
  word = word | bit(index);
  returning = returning & ~bit(index)
}

inline free() {
  atomic { unless_stale(); if :: base != at -> fail() :: else fi };             /* indexOf */
  atomic { unless_stale(); if :: has(word, index) -> fail() :: else fi };       /* heldAt */
#if defined(NO_CLAIM)
  atomic { unless_stale(); if :: has(word, index) -> fail() :: else -> claimed(); give() fi }
#elif defined(GIVE_FIRST)
  atomic { unless_stale(); if :: has(word, index) -> fail() :: else -> claimed(); give() fi };
  atomic { owner[index] = false }
#else
  atomic { unless_stale(); if :: !owner[index] -> fail() :: else fi };          /* claim: the load */
  atomic { unless_stale(); if :: !owner[index] -> fail() :: else -> claim() fi }; /* and the exchange */
#ifdef SEAL_AFTER_GIVE
  atomic { give() };
  atomic { check(no_use_of_memory_given_back, there(at)) }
#else
  atomic { check(no_use_of_memory_given_back, there(base)) };                   /* checkSeal */
  atomic { give() }
#endif
#endif
}

inline nobody_holds_a_block() {
  check(no_use_of_memory_given_back, truly_free == every && returning == 0)
}
inline release() {
  atomic { !tasks -> tasks = true };
  atomic {
    if
    :: base == 0 -> tasks = false; goto progress
    :: else
    fi
  };
#if defined(SPLIT_CLOSE)
  atomic { if :: word != every -> tasks = false; goto progress :: else fi };
  atomic { word = 0 };
  atomic { nobody_holds_a_block(); base = 0 };
#elif defined(RELEASE_FIRST)
  atomic { if :: word != every -> tasks = false; goto progress :: else -> base = 0 fi };
  atomic { word = 0 };
#else
  atomic { if :: word != every -> tasks = false; goto progress :: else fi };
  atomic { if :: word != every -> tasks = false; goto progress :: else -> word = 0 fi };
  atomic { nobody_holds_a_block(); base = 0 };
#endif
  atomic { tasks = false };
  atomic {
    nobody_holds_a_block();
    memory = 0
  }
}

inline reacquire() {
  atomic {
    if
    :: base != 0 -> goto progress
    :: base == 0 -> goto progress /* the heap has none */
    :: base == 0 -> memory = 1
    :: base == 0 -> memory = 2
    fi
  };
  atomic { !tasks -> tasks = true };
#ifdef REOPEN_FIRST
  atomic { word = word | every };
  atomic { base = memory; tasks = false }
#else
  atomic { base = memory };
  atomic { word = word | every; tasks = false }
#endif
}

/* breachOf: looks at the canary of a block that may change hands. */
inline validate() {
#ifndef VALIDATE_UNLOCKED
  atomic { !tasks -> tasks = true };
#endif
  atomic { at = base; if :: at == 0 -> index = NONE :: else fi };
  atomic { if :: index != NONE && !owner[index] -> index = NONE :: else fi };
  atomic { if :: index != NONE && has(word, index) -> index = NONE :: else fi };
  atomic {
    if
    :: index != NONE -> check(no_use_of_memory_given_back, there(at))
    :: else
    fi;
    index = NONE;
#ifndef VALIDATE_UNLOCKED
    tasks = false
#endif
  }
}

/* Core 1 also frees what it does not hold, by a pointer into wherever the pool ever was. */
#define may_free(index) (block[index] == HELD || ME == CORE1)
inline choose() {
  if
  :: may_free(0) -> index = 0
  :: may_free(1) -> index = 1
  fi;
  if
  :: block[index] == HELD -> at = region[index]
  :: ME == CORE1 -> at = 1
  :: ME == CORE1 -> at = 2
  fi;
  if
  :: block[index] == HELD && at != region[index] -> target[ME] = index; doubled = doubled | bit(ME)
  :: else -> aim(index)
  fi
}

ACTOR {
  byte index = NONE, seen, at;
  do
  :: atomic { may_begin -> begin(); look() };
     take();
     goto progress
  :: atomic { may_begin && (may_free(0) || may_free(1)) -> begin(); choose() };
     free();
     goto progress
  :: atomic { ME == CORE1 -> begin_task() };
     release();
     goto progress
  :: atomic { ME == CORE1 -> begin_task() };
     reacquire();
     goto progress
#ifdef VALIDATE
  :: atomic {
       ME == CORE0 -> begin_task();
       if
       :: index = 0
       :: index = 1
       fi
     };
     validate()
#endif
progress:
     atomic { hold(index); index = NONE; seen = 0; at = 0; finish() }
  od
}

#ifndef PROGRESS
active proctype rest() {
  do
  :: atomic { at_rest -> check(no_lost_block, word == (base == 0 -> 0 : truly_free)) }
  od
}
#endif
