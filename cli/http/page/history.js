// SPDX-License-Identifier: MIT
'use strict';

// What was seen, in at most `most` rows: when they are full, the older half is thinned. Of two rows one remains, with
// the highest figures of both, and the holders of the one that held more: so no peak is lost.
class History {
  constructor(most) {
    this.most = most;
    this.rows = [];
    this.sources = [];  // in the order in which they came; the last of `colours` stands for all others
    this.life = 0;      // of the device: how often it was seen to start again
    this.start = 0;     // when this life began, by the device's clock
  }

  static colours = 8;

  column(source) {
    let at = this.sources.indexOf(source);
    if (at < 0 && this.sources.length < History.colours - 1) at = this.sources.push(source) - 1;
    return at < 0 ? History.colours - 1 : at;
  }

  // Begins a new life where the device was started again; rows that are then ahead of its clock are forgotten. A clock
  // that is set moves all rows. Gives back by how much.
  followClock(memory) {
    const start = memory.time_ms - memory.seconds * 1000;
    const last = this.rows[this.rows.length - 1];
    let moved = 0;
    if (last && (memory.boot !== last.boot || memory.seconds < last.seconds)) {
      ++this.life;
      if (memory.time_ms <= last.t) this.rows = [];
    } else if (last && (Math.abs(start - this.start) > 10000 || memory.time_ms < last.t)) {
      moved = start - this.start;
      for (const row of this.rows) row.t += moved;
    }
    this.start = start;
    return moved;
  }

  // Gives back by how much the earlier rows moved.
  add(memory) {
    const moved = this.followClock(memory);
    const row = {t: memory.time_ms, boot: memory.boot, seconds: memory.seconds, life: this.life,
                 held: new Array(History.colours).fill(0), by: Object.create(null), total: 0,
                 free: memory.heap.free, largest: memory.heap.largest, level: memory.pressure.level};
    for (const block of memory.blocks) {
      const bytes = block.granted || block.size;
      row.held[this.column(block.source)] += bytes;
      const holder = row.by[block.source] || (row.by[block.source] = {bytes: 0, blocks: 0, oldest: 0});
      holder.bytes += bytes;
      holder.blocks += 1;
      holder.oldest = Math.max(holder.oldest, block.age_ms);
      row.total += bytes;
    }
    if (this.rows.length >= this.most) this.thin();
    this.rows.push(row);
    return moved;
  }

  thin() {
    const half = this.rows.length >> 1;
    const thinned = [];
    for (let at = 0; at + 1 < half; at += 2) thinned.push(History.merged(this.rows[at], this.rows[at + 1]));
    this.rows = thinned.concat(this.rows.slice(half & ~1));
  }

  static merged(a, b) {
    const peak = b.total >= a.total ? b : a;
    const least = (x, y) => x === null ? y : y === null ? x : Math.min(x, y);
    return {...peak, held: a.held.map((bytes, at) => Math.max(bytes, b.held[at])), free: least(a.free, b.free),
            largest: least(a.largest, b.largest)};
  }

  // The index of the row nearest to a time.
  nearest(t) {
    let low = 0;
    let high = this.rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle].t < t) low = middle + 1; else high = middle;
    }
    return low > 0 && t - this.rows[low - 1].t < this.rows[low].t - t ? low - 1 : low;
  }
}

// Which sources hold blocks that are old and whose number grows, since the device started. A source's blocks grow if it held more at each
// quarter of what was seen than at the one before, looking at the least that it held in each: what comes and goes has
// a least that stays.
function suspects(history, old_ms) {
  const rows = history.rows.filter(row => row.life === history.life);
  const now = rows.length ? rows[rows.length - 1] : {by: {}};
  return Object.entries(now.by).map(([source, holder]) => {
    const leasts = [0, 1, 2, 3].map(quarter => {
      const part = rows.slice(Math.floor(rows.length * quarter / 4), Math.floor(rows.length * (quarter + 1) / 4));
      return part.reduce((least, row) => Math.min(least, row.by[source] ? row.by[source].blocks : 0), Infinity);
    });
    const growing = rows.length >= 8 && leasts[3] > leasts[0] && leasts.every((least, at) => at === 0 || least >= leasts[at - 1]);
    return {source, ...holder, gained: rows.length >= 8 ? leasts[3] - leasts[0] : 0, old: holder.oldest >= old_ms,
            leak: growing && holder.oldest >= old_ms};
  }).sort((a, b) => b.leak - a.leak || b.oldest - a.oldest);
}

// The sets of pools that no other beats: of fewer blocks each, with the requests that they would have refused. Only
// pools whose counters are exact vary.
function frontOf(pools) {
  let front = [{bytes: 0, refused: 0, blocks: []}];
  for (const pool of pools) {
    const counts = pool.exact ? pool.refused_with.map((_, blocks) => blocks) : [pool.blocks];
    const all = [];
    for (const set of front) {
      for (const blocks of counts) {
        all.push({bytes: set.bytes + blocks * pool.block_size, refused: set.refused + pool.refused_with[blocks],
                  blocks: set.blocks.concat(blocks)});
      }
    }
    all.sort((a, b) => a.bytes - b.bytes || a.refused - b.refused);
    let least = Infinity;
    front = all.filter(set => set.refused < least && ((least = set.refused), true));
    if (front.length > 120) front = front.filter((_, at) => at % Math.ceil(front.length / 120) === 0 || at === front.length - 1);
  }
  return front;
}
