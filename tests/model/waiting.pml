/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * Waiting for units: ManagerCore::allocateWaiting, WaitQueue's join and remove, and PoolState::give, wakeFirst,
 * serveWaiting and giveUp. A task on each core takes one unit, with LARGE also a run of two, waiting if it must, and
 * gives it back; the interrupt takes and gives units as it likes. With RECLAIM, core 1 also releases the pool and takes
 * it again.
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
hidden byte mark_true_at_rest;

byte word[WORDS] = IN_WORD; /* free units: which they are does not matter here */
byte held;
bool released;
bool waited; /* PoolTraits::waited: ordinary newcomers stand back */
bool tasks;  /* the TaskMutex */

/* The queue; a waiter is known by its core. */
byte first = NONE;
byte next[2] = NONE;
bool urgent[2];
bool large[2];     /* it waits for two units */
bool insists[2];   /* when it was last looked at: turns come and go, so it may at any time */
byte served[2];    /* one more than the word that it was served of */
bool notified[2];
bool exists[2];

#if WORDS == 1
#define free_units word[0]
#define holds mine[0]
#else
#define free_units (word[0] + word[1])
#define holds (mine[0] + mine[1])
#endif
#define fits(waiter) (free_units >= 1 + large[waiter])

inline lock() { atomic { !tasks -> tasks = true } }
inline unlock() { atomic { tasks = false } }
inline enter() { atomic { critical == NONE -> critical = ME } }

/* block_pool::take and run_pool::take: a word after the other, each by a compare-exchange. */
inline take(units) {
  do
  :: atomic { w == WORDS -> w = 0; break }
  :: atomic { w < WORDS && word[w] < units -> w++ }
  :: atomic { w < WORDS && word[w] >= units -> seen = word[w] };
     if
     :: atomic { word[w] == seen -> word[w] = seen - (units); held = held + units; got = w + 1; w = 0; break }
     :: atomic { word[w] != seen -> skip }
     fi
  od
}

inline wake_first() {
#ifndef WAKE_OUTSIDE
  enter();
#endif
  atomic { w = first };
#ifdef MARK_OUTSIDE
  atomic {
    if
    :: w != NONE -> check(no_wake_up_of_who_left, exists[w]); notified[w] = true
    :: else
    fi;
    critical = NONE
  };
  atomic { waited = waited | (w != NONE); w = 0 }
#else
  atomic { waited = waited | (w != NONE) };
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
#endif
}

inline join() {
  atomic {
    exists[ME] = true;
    large[ME] = two;
    if
    :: urgent[ME] = false
    :: urgent[ME] = true
    fi
  };
  if
  :: atomic { first == NONE || urgent[first] < urgent[ME] -> next[ME] = first };
     atomic { first = ME }
  :: atomic { first != NONE && urgent[first] >= urgent[ME] -> next[first] = ME }
  fi
}

/* Whom the caller works on is in q. */
inline remove() {
  if
  :: atomic { first == q -> first = next[q] }
  :: atomic { first != q -> next[first] = NONE }
  fi
}

#define looking (q != NONE && !back)
#define needs (1 + large[q])
inline serve_waiting() {
  do
  :: atomic { !looking -> waited = back; q = NONE; back = false; break }
  :: atomic { looking && w < WORDS && word[w] < needs -> w++ }
  :: atomic { looking && w < WORDS && word[w] >= needs -> seen = word[w] };
     if
     :: atomic {
          word[w] == seen -> word[w] = seen - needs; held = held + needs; served[q] = w + 1; w = 0; seen = 0
        };
#ifdef LARGE
        remove();
#else
        atomic { first = next[q] }; /* nobody is served past another */
#endif
#ifdef SERVED_OUTSIDE
        atomic { notified[q] = true; q = next[q] }
#else
        enter();
        atomic { notified[q] = true; q = next[q]; critical = NONE }
#endif
     :: atomic { word[w] != seen -> seen = 0 }
     fi
  :: atomic { looking && w == WORDS -> insists[q] = true; back = true; w = 0 }
#ifdef LARGE
  :: atomic {
       looking && w == WORDS && large[q] -> insists[q] = false; w = 0;
#ifdef FIRST_ONLY
       q = NONE
#else
       q = next[q]
#endif
     }
#endif
  od
}

inline give_up() {
  remove();
#ifdef NO_WAKE_ON_LEAVE
  enter();
  atomic { critical = NONE };
#else
  wake_first();
#endif
  atomic { waited = waited & (first != NONE); q = NONE } /* nobody else changes the queue */
}

inline sleep() {
  atomic { busy = busy & ~bit(ME) };
  if
  :: atomic { notified[ME] -> notified[ME] = false; busy = busy | bit(ME) }
  /* A deadline comes at any time. The end of a turn, which makes a waiter look once more, is left out. */
  :: atomic { !notified[ME] -> timed_out = true; busy = busy | bit(ME) }
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
  :: atomic { !tasks -> tasks = true; q = first };
     serve_waiting();
     if
     :: atomic { served[ME] != 0 -> mine[served[ME] - 1] = 1 + two; served[ME] = 0; break }
     :: atomic { served[ME] == 0 && timed_out -> q = ME };
        give_up();
        break
     :: atomic { served[ME] == 0 && !timed_out -> tasks = false }
     fi;
     sleep()
  od;
  atomic {
    exists[ME] = false; notified[ME] = false; insists[ME] = false; large[ME] = false; urgent[ME] = false;
    next[ME] = NONE; tasks = false
  }
}

/* A task gives back all that it has, which is one run. */
inline give_block() {
  if
  :: mine[0] > 0 -> seen = (ME == IRQ -> 1 : mine[0]); mine[0] = mine[0] - seen; word[0] = word[0] + seen
#if WORDS > 1
  :: mine[1] > 0 -> seen = (ME == IRQ -> 1 : mine[1]); mine[1] = mine[1] - seen; word[1] = word[1] + seen
#endif
  fi;
  held = held - seen;
  seen = 0
}

inline give() {
#ifdef QUEUE_FIRST
  atomic { q = first };
  atomic { give_block() };
  atomic { if :: q == NONE -> goto progress :: else fi };
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
  byte w, seen, got;
  byte q = NONE;
  byte mine[WORDS];
  bool two, back, timed_out;
  do
  :: atomic {
       may_begin && (holds == 0 || ME == IRQ) -> begin();
#ifdef LARGE
       if
       :: two = false
       :: ME != IRQ -> two = true
       fi
#endif
     };
     if
     :: atomic { ME != IRQ && waited -> skip } /* PoolState::takeAs */
     :: atomic { ME == IRQ || !waited -> skip };
        take(1 + two)
     fi;
     if
     :: atomic { got != 0 -> mine[got - 1] = mine[got - 1] + 1 + two; goto progress }
     :: atomic { got == 0 && ME == IRQ -> goto progress }
     :: atomic { got == 0 && ME != IRQ && released -> goto progress }
     :: atomic { got == 0 && ME != IRQ && !released -> skip }
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
     atomic { w = 0; seen = 0; got = 0; q = NONE; two = false; timed_out = false; finish() }
  od
}

#ifndef PROGRESS
#define second next[first]
#define woken (notified[0] || notified[1])
active proctype rest() {
  do
  :: atomic {
       at_rest ->
       check(no_lost_block, released || free_units + held == TOTAL);
       if
       :: first == NONE -> check(mark_true_at_rest, !waited)
       :: else ->
          check(no_lost_wake_up, woken || (!fits(first) && (second == NONE || insists[first] || !fits(second))));
#if !defined(NO_WAKE_ON_LEAVE) && !defined(FIRST_ONLY) /* which leave the mark wrong as well */
          check(mark_true_at_rest, woken || waited == (insists[first] || (second != NONE && insists[second])));
#endif
          check(no_wait_for_a_released_pool, !released);
          check(most_urgent_first, second == NONE || urgent[first] >= urgent[second])
       fi
     }
  od
}
#endif
