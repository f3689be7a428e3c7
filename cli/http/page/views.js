// SPDX-License-Identifier: MIT
'use strict';

function colourOf(column) {
  return cssValue('source-' + column);
}

function bytesText(bytes) {
  if (bytes === null || bytes === undefined) return '–';
  const sign = bytes < 0 ? '−' : '';
  const size = Math.abs(bytes);
  if (size < 10000) return sign + size.toLocaleString('en') + ' B';
  return sign + (size < 10240 * 1024 ? (size / 1024).toFixed(1) + ' KiB' : (size / 1048576).toFixed(1) + ' MiB');
}

// As short as an axis needs it.
function tickText(bytes) {
  return bytes === 0 ? '0' : bytes < 1024 ? bytes + ' B' : +(bytes / 1024).toFixed(1) + ' KiB';
}

function ageText(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return seconds.toFixed(1) + ' s';
  if (seconds < 120) return Math.round(seconds) + ' s';
  if (seconds < 7200) return Math.round(seconds / 60) + ' min';
  return seconds < 172800 ? (seconds / 3600).toFixed(1) + ' h' : Math.round(seconds / 86400) + ' days';
}

function timeText(t) {
  return new Date(t).toLocaleTimeString('en-GB');
}

// What can be read on a colour.
function inkOn(colour) {
  const part = at => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2;
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) > 0.2 ? '#10181f' : '#ffffff';
}

function dot(cell, column) {
  const mark = document.createElement('i');
  mark.style.background = colourOf(column);
  cell.prepend(mark);
}

const mostLines = 60;

// A table of the first rows; each has its cells and, of a source, the column of its colour and its share of the most.
function fillTable(id, heads, rows, none) {
  const parent = clear(id);
  if (rows.length === 0) {
    add(parent, 'p', none, 'note');
    return;
  }
  const made = add(add(parent, 'div', undefined, 'table'), 'table');
  const head = add(add(made, 'thead'), 'tr');
  for (const text of heads) add(head, 'th', text);
  const body = add(made, 'tbody');
  for (const {cells, column, failed, share} of rows.slice(0, mostLines)) {
    const line = add(body, 'tr');
    cells.forEach(text => add(line, 'td', text, failed ? 'failed' : undefined));
    if (column !== undefined) dot(line.firstChild, column);
    if (share) line.style.background = `linear-gradient(${colourOf(column)} 0 0) 0 calc(100% - 1px) / ${share * 100}% 2px no-repeat`;
  }
  if (rows.length > mostLines) add(parent, 'p', `and ${rows.length - mostLines} more`, 'note');
}

// One pool as a grid of cells: drawn from the start with each update, on one canvas that stays.
class PoolGrid {
  constructor(parent, name, history, tell) {
    this.history = history;
    this.tell = tell;
    this.card = add(parent, 'article', undefined, 'pool');
    const head = add(this.card, 'header');
    add(head, 'h3', name);
    this.text = add(head, 'p');
    this.canvas = add(this.card, 'canvas');
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'img');
    this.at = -1;
    this.canvas.addEventListener('pointermove', event => this.point(event));
    this.canvas.addEventListener('pointerleave', () => { this.at = -1; });
    this.canvas.addEventListener('keydown', event => {
      const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns}[event.key];
      if (!step) return;
      this.at = Math.max(0, Math.min(this.cells - 1, this.at + step));
      this.say();
      event.preventDefault();
      event.stopPropagation();
    });
  }

  show(pool, blocks, released) {
    this.pool = pool;
    this.blocks = blocks;
    const heap = pool.name === 'heap';
    this.cells = heap ? Math.max(4, ...blocks.map(block => block.index + 1)) : pool.capacity;
    this.card.classList.toggle('long', this.cells > 32);
    this.text.textContent = heap ?
        `${bytesText(pool.in_use)} of ${bytesText(pool.capacity)} · peak ${bytesText(pool.peak)}` :
        (released ? 'its memory is with the heap · ' : `${pool.in_use} of `) +
            `${pool.capacity} × ${bytesText(pool.block_size)} · peak ${pool.peak}`;
    if (pool.exhausted > 0) add(this.text, 'b', `${heap ? 'refused' : 'found none'} ${pool.exhausted.toLocaleString('en')}`, 'failed');
    this.card.classList.toggle('released', released);
    this.draw(heap);
    this.say(true);
  }

  layout() {
    const width = this.canvas.clientWidth || 300;
    const large = this.cells <= 16;
    const least = large ? Math.max(78, width / 8 - 6) : this.cells <= 64 ? 26 : 15;
    this.columns = Math.max(1, Math.min(this.cells, Math.floor((width + 5) / (least + 5))));
    if (large && this.columns < this.cells) this.columns = Math.ceil(this.cells / Math.ceil(this.cells / this.columns));
    this.wide = (width - (this.columns - 1) * 5) / this.columns;
    this.high = large ? 50 : Math.min(this.wide, 26);
    return {width, height: Math.ceil(this.cells / this.columns) * (this.high + 5) - 5};
  }

  draw(heap) {
    const {width, height} = this.layout();
    const scale = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.style.height = height + 'px';
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
    }
    const paint = this.canvas.getContext('2d');
    paint.setTransform(scale, 0, 0, scale, 0, 0);
    paint.clearRect(0, 0, width, height);
    paint.textBaseline = 'middle';
    const free = cssValue('free');
    const none = heap && this.blocks.length === 0;
    if (none) this.box(paint, 0, this.columns, free);
    for (let index = 0; !none && index < this.cells; ++index) this.box(paint, index, 1, free);
    if (none) this.write(paint, 'no block is held from the heap', 9, this.high / 2, cssValue('muted'), '12px');
    for (const block of this.blocks) this.block(paint, block, heap);
    const held = this.blocks.map(block => `${block.source} ${ageText(block.age_ms)}`).join(', ');
    this.canvas.setAttribute('aria-label', `${this.pool.name}: ${held || 'all free'}`);
  }

  units(block) {
    return this.pool.name === 'heap' ? 1 : Math.max(1, Math.round(block.granted / this.pool.block_size));
  }

  // Units of one row side by side, as one box; gives back where it is.
  box(paint, index, units, colour) {
    const x = (index % this.columns) * (this.wide + 5);
    const y = Math.floor(index / this.columns) * (this.high + 5);
    const wide = this.wide * units + 5 * (units - 1);
    paint.fillStyle = colour;
    paint.beginPath();
    paint.roundRect(x, y, wide, this.high, Math.min(7, this.high / 3));
    paint.fill();
    return {x, y, wide};
  }

  block(paint, block, heap) {
    const column = this.history.column(block.source);
    for (let index = block.index, left = this.units(block); left > 0;) {
      const units = Math.min(left, this.columns - index % this.columns);
      const {x, y, wide} = this.box(paint, index, units, colourOf(column));
      if (this.high >= 40) this.label(paint, block, x, y, wide, heap);
      index += units;
      left -= units;
    }
  }

  label(paint, block, x, y, wide, heap) {
    paint.save();
    paint.beginPath();
    paint.rect(x + 4, y, wide - 8, this.high);
    paint.clip();
    const ink = inkOn(colourOf(this.history.column(block.source)));
    this.write(paint, block.source, x + 9, y + 17, ink, '600 12px');
    this.write(paint, heap ? bytesText(block.size) : ageText(block.age_ms), x + 9, y + 34, ink, '12px');
    paint.restore();
  }

  write(paint, text, x, y, ink, font) {
    paint.fillStyle = ink;
    paint.font = font + ' system-ui, "DejaVu Sans", sans-serif';
    paint.fillText(text, x, y);
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / (this.wide + 5));
    this.at = Math.floor((event.clientY - box.top) / (this.high + 5)) * this.columns + column;
    this.say();
  }

  say(again) {
    if (this.at < 0 || this.at >= this.cells || (again && document.activeElement !== this.canvas && !this.canvas.matches(':hover'))) return;
    const block = this.blocks.find(held => held.index <= this.at && this.at < held.index + this.units(held));
    this.tell(block ? `${this.pool.name} ${block.index}: ${block.source}, ${bytesText(block.size)} asked of ` +
                          `${bytesText(block.granted)}, held for ${ageText(block.age_ms)}` :
                      `${this.pool.name} ${this.at}: free`);
  }
}

const quiet = {gridLineWidth: 1, axisLineWidth: 1, labelsKMG2: true};

// Below a second between two labels dygraphs writes the fraction alone.
function timeLabel(date, granularity, option, graph) {
  const [from, to] = graph.xAxisRange();
  if (to - from > 120000) return Dygraph.dateAxisLabelFormatter(date, granularity, option, graph);
  return date.getMilliseconds() === 0 ? timeText(date) : '';
}

function chartColours(columns) {
  return {colors: columns.map(colourOf), gridLineColor: cssValue('line'), axisLineColor: cssValue('line')};
}

// dygraphs keeps one chart of each kind; an update gives it rows.
class TimeChart {
  constructor(id, options) {
    this.element = document.getElementById(id);
    this.options = options;
    this.graph = null;
  }

  show(rows, labels, columns) {
    if (rows.length < 2) return;
    const shown = {...chartColours(columns), labels: ['time'].concat(labels)};
    if (!this.graph) {
      this.graph = new Dygraph(this.element, rows, {
        ...quiet, ...this.options, ...shown, legend: 'follow', includeZero: true,
        axes: {y: {axisLabelWidth: 58, axisLabelFormatter: tickText, valueFormatter: bytesText},
               x: {axisLabelWidth: 68, pixelsPerLabel: 90, axisLabelFormatter: timeLabel, valueFormatter: timeText}},
      });
    } else {
      this.graph.updateOptions({...shown, file: rows});
    }
  }
}

function countText(count) {
  return count < 1000 ? String(count) : count < 1e6 ? count / 1000 + ' k' : count / 1e6 + ' M';
}

function drawFront(pools, seconds) {
  const parent = clear('front');
  const svgSpace = 'http://www.w3.org/2000/svg';
  const draw = (to, tag, attributes, text) => {
    const element = document.createElementNS(svgSpace, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return to.appendChild(element);
  };
  const width = Math.max(parent.clientWidth, 260);
  const height = 246;
  const left = 52;
  const wide = width - left - 18;
  const high = height - 58;
  const svg = draw(parent, 'svg', {width, height, class: 'front'});
  const inner = draw(svg, 'g', {transform: `translate(${left},26)`});
  const aDay = refused => refused * 86400 / Math.max(seconds, 1);
  const front = frontOf(pools);
  const here = {bytes: pools.reduce((sum, pool) => sum + pool.blocks * pool.block_size, 0),
                refused: pools.reduce((sum, pool) => sum + pool.refused_with[pool.blocks], 0)};
  const decades = Math.max(2, Math.ceil(Math.log10(1 + Math.max(...front.map(set => aDay(set.refused)), aDay(here.refused)))));
  const x = bytes => bytes / Math.max(here.bytes, 1) * wide;
  const y = refused => high - Math.log10(1 + aDay(refused)) / decades * high;
  for (let decade = 0; decade <= decades; decade += Math.ceil(decades / 6)) {
    const up = high - decade / decades * high;
    draw(inner, 'line', {x1: 0, x2: wide, y1: up, y2: up, stroke: cssValue('line')});
    draw(inner, 'text', {x: -8, y: up + 4, 'text-anchor': 'end'}, decade === 0 ? '0' : countText(10 ** decade));
  }
  const step = 2 ** Math.ceil(Math.log2(Math.max(here.bytes, 1) / 4));
  for (let bytes = 0; bytes <= here.bytes; bytes += step) {
    draw(inner, 'text', {x: x(bytes), y: high + 18, 'text-anchor': 'middle'}, tickText(bytes));
  }
  draw(inner, 'text', {x: -44, y: -14}, 'refused a day');
  const line = front.map((set, at) => (at === 0 ? `M${x(set.bytes)},${y(set.refused)}` : `H${x(set.bytes)}V${y(set.refused)}`)).join('') || 'M0,0';
  draw(inner, 'path', {d: `${line}H${wide}V${high}H${x(front[0].bytes)}Z`, fill: cssValue('source-0'), opacity: 0.12});
  draw(inner, 'path', {d: line, fill: 'none', stroke: cssValue('source-0'), 'stroke-width': 1.8});
  for (const set of front) draw(inner, 'circle', {cx: x(set.bytes), cy: y(set.refused), r: 3, fill: cssValue('source-0')});
  draw(inner, 'line', {x1: wide, x2: wide, y1: 0, y2: high, stroke: cssValue('text'), 'stroke-dasharray': '3 3'});
  draw(inner, 'circle', {cx: wide, cy: y(here.refused), r: 6, fill: cssValue('card'), stroke: cssValue('text'), 'stroke-width': 2.5});
  draw(inner, 'text', {x: wide - 10, y: 14, 'text-anchor': 'end', class: 'here'}, `you are here: ${bytesText(here.bytes)}`);
  const enough = front[front.length - 1];
  if (enough.bytes < here.bytes && enough.refused <= here.refused) {
    draw(inner, 'circle', {cx: x(enough.bytes), cy: y(enough.refused), r: 5, fill: cssValue('source-2')});
    draw(inner, 'text', {x: wide - 10, y: 32, 'text-anchor': 'end', class: 'enough'}, `as good so far: ${bytesText(enough.bytes)}`);
  }
  const lines = clear('what-if');
  for (const pool of pools) add(lines, 'p', whatIfText(pool, aDay));
}

function whatIfText(pool, aDay) {
  const unit = pool.kind === 'runs' ? 'granules' : 'blocks';
  if (!pool.exact) return `${pool.name}: ${pool.blocks} ${unit}; not exact, because ${pool.why}.`;
  const refused = pool.refused_with;
  const least = refused.findIndex(count => count === refused[pool.blocks]);
  const fewer = least === 0 ? '' :
      ` ${least - 1} would have refused ${Math.round(aDay(refused[least - 1])).toLocaleString('en')} a day.`;
  if (refused[pool.blocks] > 0) return `${pool.name}: ${pool.blocks} ${unit} refused ${refused[pool.blocks]}.${fewer}`;
  return `${pool.name}: ${least < pool.blocks ? `${least} of ${pool.blocks} ${unit} would have done.` : `all ${pool.blocks} ${unit} are needed.`}${fewer}`;
}
