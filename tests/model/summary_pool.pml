/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * A block pool of two words under a summary word: block_pool::take, takeFromWord and give.
 */
#define WORDS 2
#define BLOCKS 3 /* two in the first word, one in the second */
#include "blocks.pml"

hidden byte refused_only_when_none_stayed_free;
hidden byte summary_true_at_rest;

byte word[WORDS] = { 3, 1 };
byte summary = 3;

/* The blocks that were free throughout core 1's present call. */
byte steady;
#define truly_free ((block[0] == FREE) | ((block[1] == FREE) << 1) | ((block[2] == FREE) << 2))

/* The words that the hints name, then all words. */
inline first_word() {
  hint = summary;
  all = (hint == 0);
#ifdef NO_TRUTH
  w = (hint == 0 -> NONE : lowest(hint));
#else
  w = (hint == 0 -> 0 : lowest(hint));
#endif
  hint = without_lowest(hint)
}
inline next_word() {
  if
  :: !all && hint != 0 -> w = lowest(hint); hint = without_lowest(hint)
#ifdef NO_TRUTH
  :: !all && hint == 0 -> w = NONE
#else
  :: !all && hint == 0 -> all = true; w = 0
  :: all && w + 1 < WORDS -> w++
  :: all && w + 1 == WORDS -> w = NONE
#endif
  fi
}

inline take() {
  do
  :: atomic { w == NONE -> check(refused_only_when_none_stayed_free, ME != CORE1 || steady == 0); goto progress }
  :: atomic { w != NONE && word[w] == 0 -> next_word() }
  :: atomic { w != NONE && word[w] != 0 -> seen = word[w] };
     if
     :: atomic {
          word[w] == seen ->
          index = 2 * w + lowest(seen);
          word[w] = without_lowest(seen);
          owned(index);
          steady = steady & ~bit(index);
          if
          :: without_lowest(seen) != 0 -> goto progress
          :: else -> break
          fi
        }
     :: atomic { word[w] != seen -> skip } /* the compare-exchange failed: look again */
     fi
  od;
#ifdef SPLIT_SUMMARY
  hint = summary;
  summary = hint & ~bit(w);
#else
  atomic { summary = summary & ~bit(w) };
#endif
#ifndef NO_RECHECK
  if
  :: atomic { word[w] != 0 -> skip };
     atomic { summary = summary | bit(w) }
  :: atomic { word[w] == 0 -> skip }
  fi
#endif
}

inline look() {
  seen = word[w];
  if
  :: stale -> goto progress
#ifndef DROPPED_TEST
  :: !stale && has(seen, index % 2) -> refused(index); goto progress
#endif
  :: else
  fi
}

inline free() {
#ifdef HINT_FIRST
  atomic { summary = (word[w] == 0 -> summary | bit(w) : summary) };
#endif
  atomic { look() };
  do
  :: atomic {
       !stale && word[w] == seen ->
       word[w] = seen | bit(index % 2);
       served(index);
       if
#ifndef HINT_FIRST
       :: seen == 0 -> break
#endif
       :: else -> goto progress
       fi
     }
  :: atomic { stale -> goto progress }
  :: atomic { !stale && word[w] != seen -> look() }
  od;
  atomic { summary = summary | bit(w) }
}

/* Core 1 also frees what it does not hold. */
#define may_free(index) (block[index] == HELD || ME == CORE1)
inline choose() {
  if
  :: may_free(0) -> index = 0
  :: may_free(1) -> index = 1
  :: may_free(2) -> index = 2
  fi;
  w = index / 2;
  aim(index)
}

ACTOR {
  byte index = NONE, w, seen, hint;
  bool all;
  do
  :: atomic { may_begin -> begin(); steady = (ME == CORE1 -> truly_free : steady); first_word() };
     take();
     goto progress
  :: atomic { may_begin && (may_free(0) || may_free(1) || may_free(2)) -> begin(); choose() };
     free();
progress:
     atomic { hold(index); index = NONE; w = 0; seen = 0; hint = 0; all = false; steady = (ME == CORE1 -> 0 : steady); finish() }
  od
}

#ifndef PROGRESS
active proctype rest() {
  do
  :: atomic {
       at_rest ->
       check(no_lost_block, truly_free == (word[0] | (word[1] << 2)));
       check(summary_true_at_rest, (word[0] == 0 || has(summary, 0)) && (word[1] == 0 || has(summary, 1)))
     }
  od
}
#endif
