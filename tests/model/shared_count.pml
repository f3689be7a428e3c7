/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * A block that SharedBuffers own: Holding's open, share, dropShare and claim, ManagerCore::dropHolding, and the
 * free by the last owner, which with CLAIM is a claim first.
 */
#define MOST 4 /* Holding::max_owners */
#include "actors.pml"

hidden byte one_owner;
hidden byte freed_with_the_last_handle;
hidden byte handle_has_its_block;
hidden byte copy_refused_only_at_the_most;
hidden byte last_owner_frees;
hidden byte count_true_at_rest;

bool held;     /* the pool's bit, inverted */
byte owners;   /* Holding's word, without the size */
byte handles[ACTORS];
byte dropping; /* handles whose owner has begun to drop them */
#define all_handles (handles[0] + handles[1] + handles[2])

inline take() {
  check(one_owner, all_handles + dropping == 0);
  held = true
}

inline look_for_share() {
  seen = owners;
  check(handle_has_its_block, held);
  if
#ifndef UNCHECKED_SHARE
  :: seen == MOST -> goto progress
#endif
  :: else
  fi
}

inline share() {
  do
#ifdef SPLIT_SHARE
  :: atomic {
       true ->
#else
  :: atomic { owners != seen -> look_for_share() }
  :: atomic {
       owners == seen ->
#endif
       owners = seen + 1;
       check(handle_has_its_block, held && seen > 0 && seen < MOST);
       if /* the new handle goes to any actor */
       :: handles[0]++
       :: handles[1]++
       :: handles[2]++
       fi;
       goto progress
     }
  od
}

inline freed() {
  check(freed_with_the_last_handle, held && all_handles == 0 && dropping == 1);
  dropping--;
  held = false
}

inline drop() {
#ifdef COUNT_THEN_LOOK
  atomic { owners--; seen = owners };
  atomic { if :: owners > 0 -> dropping--; goto progress :: else -> owners = 1 fi };
#else
  do
  :: atomic { owners < 2 -> break }
  :: atomic { owners >= 2 -> seen = owners };
     if
#ifdef SPLIT_DROP
     :: atomic { owners = seen - 1; dropping--; goto progress }
#else
     :: atomic { owners == seen -> owners = seen - 1; dropping--; goto progress }
     :: atomic { owners != seen -> skip }
#endif
     fi
  od;
#endif
  /* heldAt, owners or claim, setBits: none of them may refuse the last owner. */
  atomic { check(last_owner_frees, held && owners == 1) };
#ifdef CLAIM
  atomic { check(last_owner_frees, owners == 1); owners = 0 };
#endif
  atomic { freed() }
}

ACTOR {
  byte seen;
  do
  :: atomic { may_begin && !held -> begin(); take() };
     atomic { owners = 1; handles[ME] = 1; goto progress }
  :: atomic { may_begin && handles[ME] > 0 -> begin(); look_for_share() };
     share()
  :: atomic { may_begin && handles[ME] > 0 -> begin(); handles[ME]--; dropping++ };
     drop();
progress:
     atomic { seen = 0; finish() }
  od
}

#ifndef PROGRESS
active proctype rest() {
  do
  :: atomic { at_rest -> check(count_true_at_rest, dropping == 0 && held == (all_handles > 0) && (!held || owners == all_handles)) }
  od
}
#endif
