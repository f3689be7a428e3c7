/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * What a pool of BLOCKS blocks owes its callers, kept beside the code that is checked: what each block is, and
 * which calls that free a block have begun. See docs/model.md.
 */
#include "actors.pml"

hidden byte one_owner;
hidden byte no_lost_block;
hidden byte second_free_seen;
hidden byte rightful_free_served;
hidden byte no_use_after_free;

/* A block is free; taken, but not yet with the caller; held; or held and on its way back. */
#define FREE 0
#define TAKEN 1
#define HELD 2
#define FREEING 3
byte block[BLOCKS];

/* The block that each actor is freeing; whether it was taken again since the call began, so that the pointer is
 * stale, which a raw pointer cannot tell, and the call is not made; and whether the call is not the only one for
 * what was held. Each a set of actors. */
byte target[ACTORS] = NONE;
byte retaken;
byte doubled;
#define stale has(retaken, ME)
#define frees(index) ((target[0] == index) | ((target[1] == index) << 1) | ((target[2] == index) << 2))

inline owned(index) {
  check(one_owner, block[index] == FREE);
  block[index] = TAKEN;
  retaken = retaken | frees(index)
}

/* Whoever holds a block may free it, in any actor; others free it a second time, at the same time or later. */
inline aim(index) {
  if
  :: block[index] == HELD -> block[index] = FREEING
  :: block[index] == TAKEN -> retaken = retaken | bit(ME)
  :: else -> doubled = doubled | bit(ME) | frees(index)
  fi;
  target[ME] = index
}
inline served(index) {
  check(second_free_seen, block[index] == FREEING);
  block[index] = FREE
}
inline refused(index) { check(rightful_free_served, block[index] == FREE) }
/* The end of a call: what it took is the caller's. */
inline hold(index) {
  if
  :: index != NONE && target[ME] == NONE -> block[index] = HELD
  :: else
  fi;
  target[ME] = NONE;
  retaken = retaken & ~bit(ME);
  doubled = doubled & ~bit(ME)
}

/* Only who takes a block or gives it back may touch it and its ledger entry; not so who frees it a second time. */
inline touch(index, as) { check(no_use_after_free, block[index] == as || has(doubled, ME)) }
