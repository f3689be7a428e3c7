/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * A block pool of BLOCKS blocks, two or three, in one word: block_pool::takeFast, take and give, and what the manager
 * does around them: the ledger entry, the canary, and the looks before a free, in fast_path::free and in
 * GuardSteps::mayFree.
 */
#ifndef BLOCKS
#define BLOCKS 3
#endif
#include "blocks.pml"
#ifndef RESERVE
#define RESERVE 0
#endif

hidden byte refused_only_when_short;
hidden byte reserve_kept;

byte word = (1 << BLOCKS) - 1; /* a set bit for each free block */
byte closed;   /* whose entry says that nobody holds it, where the canaries are looked at */

#define keep (ME == IRQ -> 0 : RESERVE)
#define spare(seen) (count(seen) > keep)
#if BLOCKS == 3
#define third_free (block[2] == FREE)
#else
#define third_free false
#endif
#define truly_free ((block[0] == FREE) + (block[1] == FREE) + third_free)

inline look() {
  seen = word;
  if
  :: !spare(seen) -> check(refused_only_when_short, truly_free <= keep); goto progress
  :: else
  fi
}

inline take_lowest(free) {
  index = lowest(free);
  word = without_lowest(free);
  owned(index);
  check(reserve_kept, truly_free >= keep)
}

inline take() {
  do
#if defined(SPLIT_TAKE)
  :: atomic { take_lowest(seen); break }
#elif defined(RESERVE_BESIDE)
  :: atomic { word != 0 -> take_lowest(word); break }
  :: atomic { word == 0 -> look() }
#elif defined(STALE_RETRY)
  :: atomic { word == seen -> take_lowest(seen); break }
  :: word != seen
#else
  :: atomic { word == seen -> take_lowest(seen); break }
  :: atomic { word != seen -> look() }
#endif
  od;
  atomic { touch(index, TAKEN); closed = closed & ~bit(index) } /* the canary, the ledger entry */
}

inline look_at_seal() {
  if
  :: stale -> goto progress
  :: else -> touch(index, FREEING)
  fi
}

inline close_entry() {
  atomic {
    if
    :: stale -> goto progress
    :: else -> touch(index, FREEING); closed = closed | bit(index)
    fi
  }
}

inline free() {
#ifndef TOUCH_AFTER_GIVE
  if
  :: goto set_bit /* no canaries: the bit decides at once */
  :: skip
  fi;
  atomic { /* fast_path::free: whose it is, and its canary */
    look_at_seal();
    if
    :: !has(closed, index) -> goto close
    :: skip
    fi
  };
  atomic { /* mayFree: heldAt */
    if
    :: stale -> goto progress
    :: !stale && has(word, index) -> refused(index); goto progress
    :: else
    fi
  };
  atomic { /* and owners: nobody's, where another call has closed it and is about to give it */
    if
    :: stale -> goto progress
    :: !stale && has(closed, index) ->
       check(rightful_free_served, block[index] == FREE || has(doubled, ME));
       goto progress
    :: else
    fi
  };
  close_entry();
  atomic { look_at_seal(); goto set_bit }; /* checkSeal */
close:
  close_entry();
set_bit:
#endif
#ifdef SPLIT_GIVE
  atomic {
    if
    :: stale -> goto progress
    :: else -> seen = word
    fi
  }
#endif
  atomic { /* setBits */
    if
    :: stale -> goto progress
    :: else
    fi;
#ifndef SPLIT_GIVE
    seen = word;
#endif
    word = seen | bit(index);
    if
#ifndef DROPPED_TEST
    :: has(seen, index) -> refused(index)
#endif
    :: else -> served(index)
    fi
  }
#ifdef TOUCH_AFTER_GIVE
  atomic { touch(index, FREEING) }
#endif
}

inline choose() {
  if
  :: index = 0
  :: index = 1
#if BLOCKS == 3
  :: index = 2
#endif
  fi;
  aim(index)
}

ACTOR {
  byte index = NONE, seen;
  do
  :: atomic { may_begin -> begin(); look() };
     take();
     goto progress
  :: atomic { may_begin -> begin(); choose() };
     free();
progress:
     atomic { hold(index); index = NONE; seen = 0; finish() }
  od
}

#ifndef PROGRESS
active proctype rest() {
  do
  :: atomic { at_rest -> check(no_lost_block, (truly_free == count(word)) && (block[0] == FREE) == has(word, 0) && (block[1] == FREE) == has(word, 1)) }
  od
}
#endif
