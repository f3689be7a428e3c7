/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * Waiting for a block: MemoryManager::waitFor, WaitQueue's join, leave and wakeFirst, and TypedPool::give. A task
 * on each core takes a block, waiting if it must, and gives it back; the interrupt takes and gives as it likes.
 * With RECLAIM, core 1 also releases the pool and takes it again.
 */
#ifndef WORDS
#define WORDS 1
#endif
#define TOTAL 2
#define IN_WORD (TOTAL / WORDS)

/* Port::Critical: who is in it. On core 0 it also masks the interrupt. */
#ifndef UNMASKED
#define MASKED (critical == CORE0)
#endif
#include "actors.pml"
byte critical = NONE;

hidden byte no_lost_wake_up;
hidden byte no_wake_up_of_who_left;
hidden byte no_wait_for_a_released_pool;
hidden byte most_urgent_first;
hidden byte no_lost_block;
hidden byte waited_while_somebody_waits;

byte word[WORDS] = IN_WORD; /* free blocks: which they are does not matter here */
byte held;
bool released;
bool waited; /* PoolTraits::waited */
bool tasks;  /* the TaskMutex */

/* The queue; a waiter is known by its core. */
byte first = NONE;
byte next[2] = NONE;
bool urgent[2];
bool notified[2];
bool exists[2];

#if WORDS == 1
#define free_blocks word[0]
#define holds mine[0]
#else
#define free_blocks (word[0] + word[1])
#define holds (mine[0] + mine[1])
#endif

inline lock() { atomic { !tasks -> tasks = true } }
inline unlock() { atomic { tasks = false } }
inline enter() { atomic { critical == NONE -> critical = ME } }

/* BlockPool::takeFew, takeMany: a word after the other, each by a compare-exchange. */
inline take() {
  do
  :: atomic { w == WORDS -> w = 0; break }
  :: atomic { w < WORDS && word[w] == 0 -> w++ }
  :: atomic { w < WORDS && word[w] != 0 -> seen = word[w] };
     if
     :: atomic { word[w] == seen -> word[w] = seen - 1; held++; mine[w]++; got = true; w = 0; break }
     :: atomic { word[w] != seen -> skip }
     fi
  od
}

inline wake_first() {
#ifndef WAKE_OUTSIDE
  enter();
#endif
  atomic { w = first };
  atomic {
    if
    :: w != NONE ->
       check(no_wake_up_of_who_left, exists[w]);
#ifdef NOT_KEPT
       notified[w] = !has(busy, w)
#else
       notified[w] = true
#endif
    :: else
    fi;
    w = 0;
#ifndef WAKE_OUTSIDE
    critical = NONE
#endif
  }
}

inline join() {
  atomic {
    exists[ME] = true;
    if
    :: urgent[ME] = false
    :: urgent[ME] = true
    fi
  };
  if
  :: atomic { first == NONE || urgent[first] < urgent[ME] -> next[ME] = first };
     atomic { first = ME };
     atomic { waited = waited | (next[ME] == NONE) }
  :: atomic { first != NONE && urgent[first] >= urgent[ME] -> next[first] = ME }
  fi
}

inline leave() {
  if
  :: atomic { first == ME -> skip };
     atomic { first = next[ME] }
  :: atomic { first != ME -> next[first] = NONE }
  fi;
#ifdef NO_WAKE_ON_LEAVE
  enter();
  atomic { critical = NONE };
#else
  wake_first();
#endif
  atomic { waited = waited & (first != NONE); next[ME] = NONE }
}

inline sleep() {
  atomic { busy = busy & ~bit(ME) };
  if
  :: atomic { notified[ME] -> notified[ME] = false; busy = busy | bit(ME) }
  :: atomic { !notified[ME] -> timed_out = true; busy = busy | bit(ME) } /* a deadline comes at any time */
  fi
}

inline wait_for() {
  lock();
#if defined(RECLAIM) && !defined(RELEASED_BESIDE)
  atomic {
    if
    :: released -> tasks = false; goto progress
    :: else
    fi
  };
#endif
  join();
  unlock();
#ifdef NO_LOOK
  sleep();
#endif
  do
  :: if
     :: atomic { first == ME -> skip };
        take()
     :: atomic { first != ME -> skip }
     fi;
     if
     :: atomic { got || timed_out -> break }
     :: atomic { !got && !timed_out -> skip }
     fi;
     sleep()
  od;
  lock();
  leave();
  atomic { exists[ME] = false; notified[ME] = false; tasks = false }
}

inline give_block() {
  held--;
  if
  :: mine[0] > 0 -> mine[0]--; word[0]++
#if WORDS > 1
  :: mine[1] > 0 -> mine[1]--; word[1]++
#endif
  fi
}

inline give() {
#ifdef QUEUE_FIRST
  atomic { seen = first };
  atomic { give_block() };
  atomic { if :: seen == NONE -> goto progress :: else fi };
#else
  atomic { give_block() };
  atomic { if :: first == NONE -> goto progress :: else fi };
#endif
  wake_first()
}

inline release() {
  lock();
  atomic {
    if
    :: released -> tasks = false; goto progress
#ifndef RELEASED_UNDER_WAITERS
    :: !released && first != NONE -> tasks = false; goto progress
#endif
    :: else
    fi
  };
#if WORDS == 1
  atomic { if :: word[0] != TOTAL -> tasks = false; goto progress :: else -> word[0] = 0 fi };
#else
  atomic { if :: word[1] != IN_WORD -> tasks = false; goto progress :: else -> word[1] = 0 fi };
  atomic { if :: word[0] != IN_WORD -> skip :: else -> word[0] = 0; seen = 1 fi };
  if
  :: atomic { seen == 0 -> word[1] = IN_WORD; tasks = false; goto progress }
  :: atomic { seen == 1 -> skip }
  fi;
#endif
  atomic { released = true; tasks = false }
}

inline reacquire() {
  lock();
  atomic {
    if
    :: !released -> tasks = false; goto progress
    :: else -> released = false
    fi
  };
#if WORDS > 1
  atomic { word[0] = IN_WORD };
  atomic { word[1] = IN_WORD; tasks = false }
#else
  atomic { word[0] = IN_WORD; tasks = false }
#endif
}

ACTOR {
  byte w, seen;
  byte mine[WORDS];
  bool got, timed_out;
  do
  :: atomic { may_begin && (holds == 0 || ME == IRQ) -> begin() };
     if
     :: atomic { ME != IRQ && waited -> skip } /* Pool::keep */
     :: atomic { ME == IRQ || !waited -> skip };
        take()
     fi;
     if
     :: atomic { got || ME == IRQ -> goto progress }
     :: atomic { !got && ME != IRQ && released -> goto progress }
     :: atomic { !got && ME != IRQ && !released -> skip }
     fi;
     wait_for();
     goto progress
  :: atomic { may_begin && holds > 0 -> begin() };
     give();
     goto progress
#ifdef RECLAIM
  :: atomic { ME == CORE1 -> begin_task() };
     release();
     goto progress
  :: atomic { ME == CORE1 -> begin_task() };
     reacquire();
#endif
progress:
     atomic { w = 0; seen = 0; got = false; timed_out = false; finish() }
  od
}

#ifndef PROGRESS
#define second next[first]
active proctype rest() {
  do
  :: atomic {
       at_rest ->
       check(no_lost_block, released || free_blocks + held == TOTAL);
       check(waited_while_somebody_waits, waited == (first != NONE));
       if
       :: first != NONE ->
          check(no_lost_wake_up, free_blocks == 0 || notified[first]);
          check(no_wait_for_a_released_pool, !released);
          check(most_urgent_first, second == NONE || urgent[first] >= urgent[second])
       :: else
       fi
     }
  od
}
#endif
