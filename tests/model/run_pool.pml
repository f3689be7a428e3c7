/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * A run pool of three granules in WORDS words: run_pool::takeFast, take, giveFast and give. A run is a block at the
 * index of its first granule.
 */
#ifndef WORDS
#define WORDS 1
#endif
#ifndef RESERVE
#define RESERVE 0
#endif
#define BLOCKS 3
#define PER_WORD (4 - WORDS) /* the second word is not full, as in a pool of 40 */
#include "blocks.pml"

hidden byte one_owner_a_granule;
hidden byte refused_only_when_none_stayed_free;
hidden byte reserve_kept;
hidden byte cells_true_at_rest;

#if WORDS == 1
byte word[WORDS] = { 7 }; /* a set bit for each free granule */
#else
byte word[WORDS] = { 3, 1 };
#endif
byte cell[BLOCKS];       /* the run held from there, or 0; here its length, in the code its bits */

/* The granules that somebody has; those that were free throughout core 1's present call. */
byte owned_granules;
byte steady;
#define free_granules (7 & ~owned_granules)

#define keep (ME == IRQ -> 0 : RESERVE)
#define ones(length) (bit(length) - 1)
#define starts(free, length) ((free) & (length > 1 -> (free) >> 1 : 7))
#define stayed_free(length) (starts(steady & (bit(PER_WORD) - 1), length) | starts(steady >> PER_WORD, length))

inline own_run(mask) {
  check(one_owner_a_granule, (owned_granules & (mask)) == 0);
  owned_granules = owned_granules | (mask);
  steady = steady & ~(mask)
}

#if WORDS == 1
#define held_now (BLOCKS - count(seen))
#else
#define held_now held
#endif
#define fits (held_now + length + keep <= BLOCKS)

#ifdef SPLIT_TAKE
#define unchanged true
#else
#define unchanged (word[w] == seen)
#endif

inline take() {
  do
  :: atomic {
       w == WORDS ->
       seen = stayed_free(length);
       check(refused_only_when_none_stayed_free, ME != CORE1 || RESERVE != 0 || seen == 0);
       goto progress
     }
  :: atomic { w < WORDS && starts(word[w], length) == 0 -> w++ }
  :: atomic { w < WORDS && starts(word[w], length) != 0 -> seen = word[w] };
#if WORDS > 1
     atomic { held = 2 - count(word[0]) };
     atomic { held = held + 1 - count(word[1]) };
#endif
     if
#if WORDS > 1 || RESERVE > 0
     :: atomic { !fits -> w = WORDS }
#endif
     :: atomic {
          fits && unchanged ->
          index = lowest(starts(seen, length));
          word[w] = seen & ~(ones(length) << index);
          index = index + PER_WORD * w;
          own_run(ones(length) << index);
          owned(index);
          check(reserve_kept, WORDS > 1 || count(free_granules) >= keep);
          break
        }
     :: atomic { fits && !unchanged -> skip } /* the compare-exchange failed: look again */
     fi
  od;
  atomic { cell[index] = length }
}

inline look() {
  length = cell[index];
  if
  :: stale -> goto progress
#ifdef DROPPED_TEST
  :: !stale && length == 0 -> served(index); goto progress
#else
  :: !stale && length == 0 -> refused(index); goto progress
#endif
  :: else
  fi
}

inline give_granules() {
  w = index / PER_WORD;
  word[w] = word[w] | (ones(length) << (index % PER_WORD));
  owned_granules = owned_granules & ~(ones(length) << index)
}

inline free() {
  atomic { look() };
#ifdef GRANULES_FIRST
  atomic { give_granules() };
#endif
  do
#ifdef SPLIT_GIVE
  :: atomic { !stale -> cell[index] = 0; served(index); break }
#else
  :: atomic { !stale && cell[index] == length -> cell[index] = 0; served(index); break }
  :: atomic { !stale && cell[index] != length -> look() }
#endif
  :: atomic { stale -> goto progress }
  od;
#ifndef GRANULES_FIRST
  atomic { give_granules() }
#endif
}

inline choose_length() {
  if
  :: length = 1
  :: length = 2
  fi
}

/* Core 1 also frees what it does not hold. */
#define may_free(index) (block[index] == HELD || ME == CORE1)
inline choose_run() {
  if
  :: may_free(0) -> index = 0
  :: may_free(1) -> index = 1
  :: may_free(2) -> index = 2
  fi;
  aim(index)
}

ACTOR {
  byte index = NONE, length, w, seen, held;
  do
  :: atomic { may_begin -> begin(); steady = (ME == CORE1 -> free_granules : steady); choose_length() };
     take();
     goto progress
  :: atomic { may_begin && (may_free(0) || may_free(1) || may_free(2)) -> begin(); choose_run() };
     free();
progress:
     atomic {
       hold(index);
       index = NONE; length = 0; w = 0; seen = 0; held = 0;
       steady = (ME == CORE1 -> 0 : steady);
       finish()
     }
  od
}

#ifndef PROGRESS
#if WORDS == 1
#define free_bits word[0]
#else
#define free_bits (word[0] | (word[1] << PER_WORD))
#endif
#define cell_true(index) ((block[index] == HELD) == (cell[index] != 0))
active proctype rest() {
  do
  :: atomic {
       at_rest ->
       check(no_lost_block, free_bits == free_granules);
       check(cells_true_at_rest, cell_true(0) && cell_true(1) && cell_true(2))
     }
  od
}
#endif
