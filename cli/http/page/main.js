// SPDX-License-Identifier: MIT
'use strict';

const mostRows = 800;
const oldMs = 30000;
const silenceMs = 5000;
const pollMs = 1000;
const history_ = new History(mostRows);
let memory = null;       // the latest
let paused = false;
let chosen = null;       // the time of the chosen instant; null: now
let compared = null;     // and of the one that it is compared with
let marked = null;       // the device's seconds at the mark
const grids = new Map();
const held = new TimeChart('time', {
  stackedGraph: true, stepPlot: true, fillAlpha: 0.72, strokeWidth: 0.6, highlightCircleSize: 2,
  clickCallback: (event, x) => choose(x, event.shiftKey),
  underlayCallback: (paint, area, graph) => drawInstants(paint, area, graph),
});
const heap = new TimeChart('heap', {
  stepPlot: true, strokeWidth: 1.8, connectSeparatedPoints: false, series: {free: {fillGraph: true, strokeWidth: 0.6}}, fillAlpha: 0.3,
  underlayCallback: (paint, area, graph) => drawPressure(paint, area, graph),
});

function drawInstants(paint, area, graph) {
  for (const [t, dashes] of [[chosen, []], [compared, [4, 3]]]) {
    if (t === null) continue;
    const x = graph.toDomXCoord(t);
    paint.save();
    paint.strokeStyle = cssValue('text');
    paint.setLineDash(dashes);
    paint.beginPath();
    paint.moveTo(x, area.y);
    paint.lineTo(x, area.y + area.h);
    paint.stroke();
    paint.restore();
  }
}

// The levels as bands, and each time that something gave memory back as a line.
function drawPressure(paint, area, graph) {
  const rows = history_.rows;
  const colours = {warning: cssValue('warning-soft'), critical: cssValue('mark-soft')};
  for (let from = 0, to = 0; from < rows.length; from = to) {
    for (to = from + 1; to < rows.length && rows[to].level === rows[from].level;) ++to;
    if (!colours[rows[from].level]) continue;
    const left = graph.toDomXCoord(rows[from].t);
    const right = to < rows.length ? graph.toDomXCoord(rows[to].t) : area.x + area.w;
    paint.fillStyle = colours[rows[from].level];
    paint.fillRect(left, area.y, right - left, area.h);
  }
  paint.fillStyle = cssValue('mark');
  for (const event of toldEvents().filter(event => event.kind === 'reclaim' || event.kind === 'released')) {
    paint.fillRect(graph.toDomXCoord(history_.start + event.t * 1000) - 0.5, area.y, 1.5, area.h);
  }
}

function choose(t, second) {
  const row = history_.rows[history_.nearest(t)];
  if (!row) return;
  if (second) compared = row.t; else chosen = row.t;
  draw();
}

function rowAt(t) {
  return t === null ? history_.rows[history_.rows.length - 1] : history_.rows[history_.nearest(t)];
}

function drawTiles() {
  const pools = memory.pools.filter(pool => pool.name !== 'heap');
  const fallback = memory.pools[memory.pools.length - 1];
  const all = pools.reduce((sum, pool) => sum + pool.capacity * pool.block_size, 0);
  const inUse = pools.reduce((sum, pool) => sum + pool.in_use * pool.block_size, 0);
  const waste = memory.blocks.reduce((sum, block) => sum + block.granted - block.size, 0);
  const none = pools.reduce((sum, pool) => sum + pool.exhausted, 0);
  const oldest = memory.blocks.reduce((most, block) => block.age_ms > most.age_ms ? block : most, {age_ms: -1});
  const tiles = [
    ['held in pools', bytesText(inUse), `${all ? Math.round(inUse / all * 100) : 0} % of ${bytesText(all)}`],
    ['held from the heap', bytesText(fallback.in_use), `peak ${bytesText(fallback.peak)}`],
    ['found no block', none.toLocaleString('en'), fallback.exhausted ? `${fallback.exhausted} got nothing` : 'none got nothing', fallback.exhausted > 0],
    ['waste', bytesText(waste), 'held, but not asked for'],
    ['largest hole', bytesText(memory.heap.largest), memory.heap.free === null ? 'the heap cannot tell' : `of ${bytesText(memory.heap.free)} free`],
    ['oldest block', oldest.age_ms < 0 ? '–' : ageText(oldest.age_ms), oldest.source || ''],
  ];
  const parent = clear('tiles');
  for (const [name, value, note, failed] of tiles) {
    const tile = add(parent, 'div', undefined, failed ? 'tile failed' : 'tile');
    add(tile, 'p', name);
    add(tile, 'strong', value);
    add(tile, 'small', note);
  }
}

function drawHead() {
  document.getElementById('device').textContent = memory.device || 'Millpond';
  document.getElementById('boot').textContent = `up ${ageText(memory.seconds * 1000)} · ` +
      (memory.boot ? `boot ${memory.boot.slice(0, 8)} · ` : '') + `Millpond ${memory.version}`;
  const level = document.getElementById('level');
  level.textContent = memory.pressure.level === null ? '' : `pressure ${memory.pressure.level}`;
  level.className = `level ${memory.pressure.level}`;
  const legend = clear('legend');
  history_.sources.forEach((source, column) => {
    const entry = add(legend, 'span', source);
    dot(entry, column);
  });
}

function drawPools() {
  for (const pool of memory.pools) {
    if (pool.capacity === 0) continue;
    if (!grids.has(pool.name)) {
      grids.set(pool.name, new PoolGrid(document.getElementById('pools'), pool.name, history_,
                                        text => { document.getElementById('cell').textContent = text; }));
    }
    grids.get(pool.name).show(pool, memory.blocks.filter(block => block.pool === pool.name),
                              memory.released.includes(pool.name));
  }
}

function drawTime() {
  const columns = [...history_.sources.keys()].concat(history_.rows.some(row => row.held[History.colours - 1] > 0) ? [History.colours - 1] : []);
  // dygraphs keeps series by name in objects: no source may have a name that is taken there.
  const labels = columns.map(column => column < history_.sources.length ? '\u2060' + history_.sources[column] : '(others)');
  held.show(history_.rows.map(row => [new Date(row.t)].concat(columns.map(column => row.held[column]))), labels, columns);
  const known = history_.rows.some(row => row.free !== null);
  document.getElementById('heap-none').hidden = known;
  document.getElementById('heap').hidden = document.getElementById('heap-legend').hidden = !known;
  if (!known) return;
  heap.show(history_.rows.map(row => [new Date(row.t), row.free, row.largest]), ['free', 'largest hole'], [4, 0]);
}

function drawWho() {
  const row = rowAt(chosen);
  if (!row) return;
  const other = compared === null ? null : rowAt(compared);
  document.getElementById('who-when').textContent = (chosen === null ? 'now' : `at ${timeText(row.t)}`) +
      (other ? `, against ${timeText(other.t)}` : '');
  const names = [...new Set(Object.keys(row.by).concat(other ? Object.keys(other.by) : []))];
  const none = {bytes: 0, blocks: 0};
  const rows = names.map(source => {
    const here = row.by[source] || none;
    const there = other ? other.by[source] || none : null;
    const gain = there ? here.bytes - there.bytes : 0;
    return {column: history_.column(source), sort: there ? Math.abs(gain) : here.bytes,
            share: there ? 0 : here.bytes / (row.total || 1), cells: [source, here.blocks, bytesText(here.bytes)].concat(there ? (gain > 0 ? '+' : '') + bytesText(gain) : [])};
  }).sort((a, b) => b.sort - a.sort);
  fillTable('who-table', ['source', 'blocks', 'bytes'].concat(other ? 'difference' : []), rows, 'Nobody held a block.');
}

function drawLeaks() {
  const old = suspects(history_, oldMs).filter(row => row.old);
  const leaking = old.filter(row => row.leak).map(row => row.source);
  document.getElementById('leak').textContent = leaking.length === 0 ? '' :
      `leak? ${leaking[0]}` + (leaking.length > 1 ? ` and ${leaking.length - 1} more` : '');
  const rows = old.map(row => ({
    column: history_.column(row.source), failed: row.leak,
    cells: [row.source, row.blocks, ageText(row.oldest), row.gained > 0 ? `+${row.gained}` : row.gained === 0 ? 'steady' : row.gained,
            row.leak ? 'a leak?' : ''],
  }));
  if (marked !== null && marked > memory.seconds) {  // the device was started again
    marked = null;
    document.getElementById('mark-text').textContent = 'The mark went with a restart.';
  }
  if (marked !== null) {
    // What was taken since the mark is younger than it.
    const since = (memory.seconds - marked) * 1000;
    document.getElementById('mark-text').textContent = `Marked ${ageText(since)} ago. Taken since, and still held:`;
    const by = Object.create(null);
    for (const block of memory.blocks) if (block.age_ms < since) by[block.source] = (by[block.source] || []).concat(block);
    const taken = Object.entries(by).map(([source, blocks]) => ({
      column: history_.column(source), cells: [source, blocks.length, ageText(Math.max(...blocks.map(block => block.age_ms))), '', 'since the mark']}));
    rows.push(...taken);
  }
  fillTable('leaks', ['source', 'blocks', 'oldest', 'growth', ''], rows, `No source has held a block for ${oldMs / 1000} s.`);
}

// What happened under pressure, without reclaimers that had nothing to give.
function toldEvents() {
  return memory && memory.pressure.events ? memory.pressure.events.filter(event => event.kind !== 'reclaim' || event.bytes > 0) : [];
}

function drawEvents() {
  const parent = clear('events');
  const said = {reclaim: event => `${event.name} gave back ${bytesText(event.bytes)}`, level: event => `pressure ${event.level}`,
                released: event => `idle pools released: ${bytesText(event.bytes)}`,
                reacquired: event => `pools reacquired: ${bytesText(event.bytes)}`};
  if (!memory.pressure.events) {
    add(add(parent, 'li'), 'span', 'This device keeps no list of what was reclaimed.', 'muted');
    return;
  }
  for (const event of toldEvents().slice(-20).reverse()) {
    const line = add(parent, 'li');
    add(line, 'time', timeText(history_.start + event.t * 1000));
    add(line, 'span', Object.hasOwn(said, event.kind) ? said[event.kind](event) : event.kind, event.kind === 'level' && event.level === 'critical' ? 'failed' : undefined);
  }
  if (!parent.firstChild) add(add(parent, 'li'), 'span', 'No pressure, nothing reclaimed.', 'muted');
}

function draw() {
  if (!memory) return;
  document.querySelector('main').classList.remove('empty');
  drawHead();
  drawTiles();
  drawPools();
  drawTime();
  drawWho();
  drawLeaks();
  drawFront(memory.what_if.pools, memory.what_if.seconds);
  drawEvents();
}

let due = false;
function take(next) {
  const moved = history_.add(next);
  if (chosen !== null) chosen += moved;
  if (compared !== null) compared += moved;
  if (!paused) memory = next;
  if (paused || due || document.hidden) return;
  due = true;
  requestAnimationFrame(drawLatest);
}

function drawLatest() {
  due = false;
  try {
    draw();
  } catch (error) {
    console.error(error);
    setLink('what it sends cannot be shown', true);
  }
}

function setLink(text, away) {
  const link = document.getElementById('link');
  link.textContent = text;
  link.className = away ? 'link away' : 'link';
}

let token = sessionStorage.getItem('token') || '';
let askAgain = () => {};
document.getElementById('token').addEventListener('submit', event => {
  event.preventDefault();
  token = document.getElementById('token-text').value.trim();
  sessionStorage.setItem('token', token);
  document.getElementById('token').hidden = true;
  askAgain();
});

function ask(path, signal) {
  return fetch(path, {headers: token ? {Authorization: 'Bearer ' + token} : {}, cache: 'no-store', signal});
}

// A device with few sockets has no events, and is asked again and again.
async function poll() {
  while (true) {
    const answer = await ask('memory.json', AbortSignal.timeout(silenceMs));
    if (answer.status === 401) return 'token';
    if (!answer.ok) return 'away';
    take(await answer.json());
    setLink('live', false);
    await new Promise(done => setTimeout(done, pollMs));
  }
}

// Reads events until the connection ends or says nothing any more.
async function follow() {
  const stop = new AbortController();
  let watchdog = setTimeout(() => stop.abort(), silenceMs);
  try {
    const answer = await ask('events', stop.signal);
    if (answer.status === 401) return 'token';
    if (answer.status === 404) return await poll();
    if (!answer.ok) return 'away';
    setLink('live', false);
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let unread = '';
    while (true) {
      const {value, done} = await reader.read();
      if (done) return 'away';
      clearTimeout(watchdog);
      watchdog = setTimeout(() => stop.abort(), silenceMs);
      unread += decoder.decode(value, {stream: true});
      const events = unread.split('\n\n');
      unread = events.pop();
      for (const event of events) {
        const data = event.split('\n').find(line => line.startsWith('data: '));
        if (data) take(JSON.parse(data.slice(6)));
      }
    }
  } catch (error) {
    if (error instanceof SyntaxError) console.error(error);
    return 'away';
  } finally {
    clearTimeout(watchdog);
    stop.abort();
  }
}

async function connect() {
  for (let wait = 1; true;) {
    const before = history_.rows.length;
    const end = await follow();
    if (history_.rows.length !== before) wait = 1;
    if (end === 'token') {
      setLink('needs a token', true);
      document.getElementById('token-why').textContent = token ? 'That is not this device\'s token' : 'This device asks for its token';
      document.getElementById('token').hidden = false;
      document.getElementById('token-text').focus();
      await new Promise(done => { askAgain = done; });
      continue;
    }
    setLink(`away, asking again in ${wait} s`, true);
    await new Promise(done => setTimeout(done, wait * 1000));
    wait = Math.min(wait * 2, 15);
  }
}

function setPaused(on) {
  paused = on;
  const button = document.getElementById('pause');
  button.textContent = on ? 'Go on' : 'Pause';
  button.setAttribute('aria-pressed', on);
}

function step(by) {
  const rows = history_.rows;
  if (rows.length === 0) return;
  const at = chosen === null ? rows.length - 1 : history_.nearest(chosen);
  chosen = rows[Math.max(0, Math.min(rows.length - 1, at + by))].t;
  draw();
}

const actions = {
  ' ': () => setPaused(!paused), ArrowLeft: () => step(-1), ArrowRight: () => step(1),
  n: () => { chosen = compared = null; draw(); },
  c: () => { compared = compared === null && memory ? rowAt(null).t : null; draw(); },
  m: () => { marked = memory ? memory.seconds : null; draw(); },
};
document.addEventListener('keydown', event => {
  const busy = ['INPUT', 'BUTTON'].includes(event.target.tagName) || event.ctrlKey || event.altKey || event.metaKey;
  if (busy || !actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});
for (const [id, key] of [['pause', ' '], ['who-now', 'n'], ['who-compare', 'c'], ['mark', 'm']]) {
  document.getElementById(id).addEventListener('click', actions[key]);
}
window.addEventListener('resize', draw);
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
document.addEventListener('visibilitychange', draw);
connect();
