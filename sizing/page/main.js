// SPDX-License-Identifier: MIT
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const answer = data.answer;
const series = 5;

function figure(value) {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

function time(seconds) {
  if (seconds < 120) return figure(seconds) + ' s';
  if (seconds < 7200) return figure(seconds / 60) + ' min';
  return seconds < 172800 ? figure(seconds / 3600) + ' hours' : figure(seconds / 86400) + ' days';
}

// Where a table is too wide, it scrolls and says so.
function table(parent, heads, rows) {
  const holder = add(parent, 'div', undefined, 'table');
  const frame = add(holder, 'div');
  frame.tabIndex = 0;
  const made = add(frame, 'table');
  const head = add(add(made, 'thead'), 'tr');
  for (const text of heads) add(head, 'th', text);
  const body = add(made, 'tbody');
  for (const row of rows) {
    const line = add(body, 'tr');
    for (const cell of row) add(line, 'td', typeof cell === 'number' ? figure(cell) : cell);
  }
  add(holder, 'p', 'more to the right →', 'more');
  holder.classList.toggle('scrolls', frame.scrollWidth > frame.clientWidth);
}

function sizeText(pool) {
  return `${figure(pool.blocks)} × ${figure(pool.block_size)}`;
}

function drawSummary() {
  document.getElementById('subtitle').textContent =
      `${figure(answer.events)} events of ${data.devices.length} device${data.devices.length === 1 ? '' : 's'} in ${time(answer.seconds)}: ` +
      data.devices.join(', ');
  document.getElementById('lead').textContent =
      `${figure(answer.bytes)} bytes, before ${figure(answer.present_bytes)}. The least that serves the traces is ` +
      `${figure(answer.least_bytes)}. The library refused ${figure(answer.refused_in_replay)} requests in the replay, ` +
      `and ${figure(answer.present_refused)} with the pools before.`;
  table(clear('answer'), ['pool', 'before', 'after', 'bytes', 'the traces need', 'because'],
        answer.pools.map((pool, i) => [pool.name, sizeText(data.present[i]), sizeText(pool),
                                       pool.blocks * pool.block_size, sizeText(answer.evidence[i].least),
                                       answer.evidence[i].proof]));
  const notes = clear('notes');
  for (const {pool, why} of answer.abstained) add(notes, 'p', `No answer for ${pool}: ${why}.`, 'failed');
  for (const {source, pool, blocks} of answer.leaks) {
    add(notes, 'p', `A leak: '${source}' never gave back ${blocks} blocks of ${pool}.`, 'failed');
  }
  for (const hint of answer.hints) add(notes, 'p', hint);
}

// The unit in which `seconds` are read most easily.
function timeUnit(seconds) {
  const units = [[1, 'seconds'], [60, 'minutes'], [3600, 'hours'], [86400, 'days']];
  return units.findLast(([length]) => seconds >= 3 * length) || units[0];
}

// Blocks are counted: no ticks between.
function wholeTicks(low, high) {
  const step = wholeStep((high - low) / 6);
  const ticks = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) ticks.push({v: value, label: figure(value)});
  return ticks;
}

function drawTimelines() {
  const parent = clear('timelines');
  for (const pool of data.timelines) {
    add(parent, 'h3', `${pool.pool}, on ${pool.device}`);
    const chart = add(parent, 'div', undefined, 'chart dygraph');
    const values = add(parent, 'div', undefined, 'values');
    const [length, unit] = timeUnit(pool.rows[pool.rows.length - 1][0]);
    const first = pool.sources.length > 1 ? 1 : 2;  // the sum of one source is that source
    const sum = first === 1 ? ['all'] : [];
    const axis = {gridLineColor: cssValue('line'), axisLineColor: cssValue('muted')};
    new Dygraph(chart, pool.rows.map(row => [row[0] / length, ...row.slice(first)]), {
      labels: [unit].concat(sum, pool.sources), labelsDiv: values, legend: 'always', stepPlot: true,
      colors: sum.map(() => cssValue('mark')).concat(pool.sources.map((_, i) => cssValue('series-' + i % series))),
      ylabel: 'blocks', xlabel: `${unit} since the trace began`, includeZero: true, strokeWidth: 1.4,
      axes: {x: axis, y: {...axis, ticker: wholeTicks}},
    });
    const holders = pool.holders_at_peak.map(([source, blocks]) => `${blocks} by ${source}`).join(', ');
    add(parent, 'p', `Most were held after ${time(pool.peak_s)}: ${holders}.`);
  }
}

const svg_space = 'http://www.w3.org/2000/svg';

function draw(parent, tag, attributes, text) {
  const element = document.createElementNS(svg_space, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
}

// The least of 1, 2, 5, 10, 20 ... of at least `step`.
function wholeStep(step) {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(step)));
  return [1, 2, 5, 10].map(factor => factor * power).find(whole => whole >= step);
}

// A chart of points with a logarithmic upright axis from `low` on; gives back how to place a point.
function logChart(parent, x_range, y_range, labels) {
  const margin = {left: 70, right: 30, top: 10, bottom: 44};
  const width = Math.max(parent.clientWidth, 320);
  const height = 300;
  const inner = draw(draw(parent, 'svg', {width, height}), 'g', {transform: `translate(${margin.left},${margin.top})`});
  const wide = width - margin.left - margin.right;
  const high = height - margin.top - margin.bottom;
  const x = value => (value - x_range[0]) / (x_range[1] - x_range[0] || 1) * wide;
  const decades = [Math.floor(Math.log10(y_range[0])), Math.ceil(Math.log10(y_range[1]))];
  const y = value => high - (Math.log10(value) - decades[0]) / (decades[1] - decades[0] || 1) * high;
  const step = Math.max(1, Math.round((decades[1] - decades[0]) / 6));
  for (let decade = decades[0]; decade <= decades[1]; decade += step) {
    draw(inner, 'line', {x1: 0, x2: wide, y1: y(10 ** decade), y2: y(10 ** decade), stroke: cssValue('line')});
    draw(inner, 'text', {x: -8, y: y(10 ** decade) + 4, 'text-anchor': 'end'}, `1e${decade}`);
  }
  const between = wholeStep((x_range[1] - x_range[0]) * 64 / wide);
  for (let value = x_range[0]; value <= x_range[1]; value += between) {
    draw(inner, 'text', {x: x(value), y: high + 18, 'text-anchor': 'middle'}, figure(value));
  }
  draw(inner, 'text', {x: wide / 2, y: high + 38, 'text-anchor': 'middle'}, labels.x);
  draw(inner, 'text', {transform: `translate(-54,${high / 2}) rotate(-90)`, 'text-anchor': 'middle'}, labels.y);
  return {inner, x, y};
}

function drawFront() {
  const rows = answer.front.filter(row => row.refused_a_day > 0);
  const parent = clear('front-chart');
  if (rows.length > 1) {
    const range = [Math.min(...rows.map(row => row.refused_a_day), 1), Math.max(...rows.map(row => row.refused_a_day))];
    const {inner, x, y} = logChart(parent, [0, Math.max(answer.present_bytes, answer.bytes)], range,
                                   {x: 'bytes of pools', y: 'refused a day'});
    for (const row of rows) {
      draw(inner, 'circle', {cx: x(row.bytes), cy: y(row.refused_a_day), r: 3.5, fill: cssValue('series-0')});
    }
    const marks = [[answer.present_bytes, 'before', 'mark'], [answer.least_bytes, 'the least', 'series-2']];
    if (answer.bytes > answer.least_bytes) marks.push([answer.bytes, 'the answer', 'series-0']);
    marks.forEach(([bytes, name, style], i) => {
      draw(inner, 'line', {x1: x(bytes), x2: x(bytes), y1: 0, y2: 246, stroke: cssValue(style), 'stroke-dasharray': '4 3'});
      draw(inner, 'text', {x: x(bytes) - 4, y: 12 + 16 * i, 'text-anchor': 'end'}, name);
    });
  }
  const last = answer.front.findIndex(row => row.refused_a_day === 0);
  table(clear('front-table'), ['bytes', 'refused a day', 'outage ridden out'].concat(answer.pools.map(pool => pool.name)),
        answer.front.slice(Math.max(0, last - 8)).map(
            row => [row.bytes, row.refused_a_day, time(row.outage_s)].concat(row.blocks)));
}

function drawCrossings() {
  const asked = answer.risk > 0;
  document.getElementById('future-text').textContent = asked ?
      `For ${time(answer.horizon_s)} at a risk of ${answer.risk}: a guess. A line through the last decade of crossings ` +
      'goes on to what the risk allows; it holds where the crossings fall ever faster. Without any model the traces ' +
      (answer.model_free_risk < 1 ? `show a risk below ${figure(answer.model_free_risk)}, at 95 %.` :
                                    'are too short to bound the risk.') :
      'The answer is exact for the traces and says nothing beyond: ask with --horizon. How often demand rose above each level:';
  const parent = clear('crossings');
  for (const pool of data.crossings) {
    if (pool.crossings.length === 0) continue;
    add(parent, 'h3', pool.pool);
    const chart = add(parent, 'div', undefined, 'chart');
    const line = pool.line;
    const last = line ? Math.max(pool.crossings.length, line.blocks) : pool.crossings.length;
    const low = line ? Math.min(line.allowed, 1) : 1;
    const {inner, x, y} = logChart(chart, [0, last], [low, Math.max(...pool.crossings)],
                                   {x: 'blocks held', y: 'crossings'});
    pool.crossings.forEach((count, level) => {
      if (count > 0) draw(inner, 'circle', {cx: x(level), cy: y(count), r: 3.5, fill: cssValue('series-0')});
    });
    if (!line) continue;
    draw(inner, 'line', {x1: x(line.low[0]), y1: y(line.low[1]), x2: x(line.blocks), y2: y(line.allowed),
                         stroke: cssValue('series-1'), 'stroke-dasharray': '5 3', 'stroke-width': 2});
    draw(inner, 'line', {x1: 0, x2: x(last), y1: y(line.allowed), y2: y(line.allowed), stroke: cssValue('mark')});
    draw(inner, 'text', {x: 4, y: y(line.allowed) - 6}, 'what the risk allows');
  }
}

function drawTables() {
  const waste = answer.evidence.flatMap(pool => Object.entries(pool.waste_bytes)
      .map(([source, bytes]) => [source, pool.pool, bytes]));
  table(clear('waste-table'), ['source', 'pool', 'bytes'], waste.sort((a, b) => b[2] - a[2]));
  table(clear('possible-table'), ['requests of', 'pool', 'bytes', 'held at most', ''],
        answer.possible.map(pool => [`${pool.class}, ${figure(pool.from_bytes)} to ${figure(pool.block_size)} bytes`,
                                     sizeText(pool), pool.blocks * pool.block_size, pool.held_bytes,
                                     pool.pays ? 'pays' : 'better left on the heap']));
}

drawSummary();
drawTimelines();
drawFront();
drawCrossings();
drawTables();
