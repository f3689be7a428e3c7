/* SPDX-License-Identifier: MIT
 * Copyright (c) 2026 The Millpond authors
 *
 * Two cores and an interrupt of the first: what all models share. See docs/model.md.
 */
#define CORE0 0
#define CORE1 1
#define IRQ 2
#define ACTORS 3
#define ME _pid
#define NONE 15

/* The interrupt breaks into core 0 between any two of its steps and runs to its end; core 1 goes on. */
bool in_irq;
#define ACTOR active [ACTORS] proctype actor() provided (ME != CORE0 || !in_irq)

/* An actor is at rest between two calls. The interrupt comes at once where core 0 has not masked it. */
byte busy;
#define at_rest (busy == 0)
#ifndef MASKED
#define MASKED false
#endif
#define may_begin (ME != IRQ || !(MASKED))
inline begin_task() { busy = busy | (1 << ME) }
inline begin() {
  begin_task();
  if
  :: ME == IRQ -> in_irq = true
  :: else
  fi
}
inline finish() {
  busy = busy & ~(1 << ME);
  if
  :: ME == IRQ -> in_irq = false
  :: else
  fi
}

/* A property is a variable of its own, so that the verifier names it. */
inline check(property, condition) {
  property = (condition);
  assert(property)
}

/* Words of up to four bits. */
#define bit(index) (1 << (index))
#define has(word, index) (((word) >> (index)) & 1)
#define count(word) (has(word, 0) + has(word, 1) + has(word, 2) + has(word, 3))
#define lowest(word) (has(word, 0) -> 0 : (has(word, 1) -> 1 : (has(word, 2) -> 2 : 3)))
#define without_lowest(word) ((word) & ((word) - 1))
