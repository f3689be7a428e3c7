// SPDX-License-Identifier: MIT
'use strict';

const mapMargin = {left: 44, right: 14, bottom: 38};
const mapHeight = 220;
const labelHeight = 14;
const stripHeight = 16;

// What may hold a cell: the digit of a class, or a dash, with its name in the key and its colour.
const holders = {
  '-': ['static data, boot, bookkeeping', 'fixed'], '0': ['audio', 'audio'], '1': ['network', 'network'],
  '2': ['general', 'general'], '3': ['TLS', 'tls-class'], '4': ['pbufs', 'pbuf'],
  '5': ['strings, sessions, all else', 'small'],
};

// One pixel a cell: the browser scales it without smoothing.
function paintCells(canvas, columns, rows) {
  canvas.width = columns;
  canvas.height = rows.length;
  const context = canvas.getContext('2d');
  const image = context.createImageData(columns, rows.length);
  const inks = {};
  for (const kind of Object.keys(holders)) {
    const ramp = d3.interpolateRgb(cssValue('free'), cssValue(holders[kind][1]));
    inks[kind] = d3.range(36).map(step => d3.rgb(ramp(step === 0 ? 0 : .2 + .8 * step / 35)));
  }
  rows.forEach((row, y) => {
    for (let x = 0; x < columns; ++x) {
      const ink = inks[row.kinds[x]][parseInt(row.cells[x], 36)];
      image.data.set([ink.r, ink.g, ink.b, 255], 4 * (y * columns + x));
    }
  });
  context.putImageData(image, 0, 0);
}

function placeCanvas(frame, columns, rows, box, label) {
  const canvas = add(frame, 'canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  for (const side of Object.keys(box)) canvas.style[side] = box[side] + 'px';
  paintCells(canvas, columns, rows);
}

// In which line the name of each region stands: above those of later regions into which it reaches.
function placeLabels(regions, x) {
  const lines = regions.map(() => 0);
  for (let i = regions.length - 2; i >= 0; --i) {
    const end = x(regions[i].from / 1024) + 6.6 * regions[i].name.length + 8;
    for (let j = i + 1; j < regions.length; ++j) {
      if (x(regions[j].from / 1024) < end) lines[i] = Math.max(lines[i], lines[j] + 1);
    }
  }
  return lines;
}

// The names of the parts of RAM above the map, each with a line where it begins.
function drawRegions(inner, x, height, regions) {
  const lines = placeLabels(regions, x);
  regions.forEach((region, i) => {
    const from = x(region.from / 1024);
    const top = -labelHeight * (lines[i] + 1);
    inner.append('path').attr({d: `M${from},${top + 2} V${height}`, 'stroke-width': 1}).style('stroke', cssValue('text'));
    inner.append('text').attr({x: from + 4, y: top + 11, 'class': 'small map-region'}).text(region.name);
  });
}

// The longest run of free cells: where it starts and how many they are.
function longestHole(row) {
  let best = {from: 0, count: 0};
  let from = 0;
  for (let i = 0; i <= row.cells.length; ++i) {
    if (i < row.cells.length && row.cells[i] === '0') continue;
    if (i - from > best.count) best = {from, count: i - from};
    from = i + 1;
  }
  return best;
}

// All RAM at the moment of the first refusal, and under its largest hole what was asked for, to the same scale.
function drawStrip(inner, x, policy, top) {
  const {failure, at_failure, columns} = policy.map;
  const hole = longestHole(at_failure);
  const cell = x.range()[1] / columns;
  const wide = x(failure.bytes / 1024);
  const from = Math.min(hole.from * cell, x.range()[1] - wide);
  const y = top + stripHeight + 5;
  inner.append('path').attr({d: `M${from},${y - 4} v8 M${from + wide},${y - 4} v8 M${from},${y} h${wide}`, 'stroke-width': 2})
      .style('stroke', cssValue('mark'));
  const text = `asked for: ${grouped(failure.bytes)}`;
  const room = x.range()[1] - from - wide > 7 * text.length;
  inner.append('text').attr({x: room ? from + wide + 6 : from - 6, y: y + 4, 'class': 'small marked',
      'text-anchor': room ? 'start' : 'end'}).text(text);
}

function mapCaption(policy) {
  const {failure, failed_on_day} = policy.map;
  if (!failure) return `Nothing was refused in ${counted(data.days, 'day')}.`;
  return `First refused after ${since(failed_on_day)}: ${grouped(failure.bytes)} bytes for ${failure.class}, with ` +
      `${grouped(failure.free)} free, the largest hole ${grouped(failure.largest)}.`;
}

function drawMap(holder, policy) {
  add(holder, 'h3', policyText(policy.policy)).style.borderColor = colour(policy.policy);
  const failed = policy.map.failed_on_day;
  add(holder, 'p', mapCaption(policy), failed === null ? '' : 'failed');
  const frame = add(holder, 'div', undefined, 'map');
  const total = frame.clientWidth;
  const width = total - mapMargin.left - mapMargin.right;
  const x = d3.scale.linear().domain([0, data.ram.total_bytes / 1024]).range([0, width]);
  const y = d3.scale.linear().domain([0, data.days]).range([0, mapHeight]);
  // The same for all, so that maps beside each other begin at the same height.
  const top = labelHeight * (1 + d3.max(data.policies, other => d3.max(placeLabels(other.regions, x)))) + 4;
  const strip = mapHeight + mapMargin.bottom;
  placeCanvas(frame, policy.map.columns, policy.map.rows, {left: mapMargin.left, top, width, height: mapHeight},
              `Memory of ${policyText(policy.policy)}: address across, time down`);
  if (failed !== null) {
    placeCanvas(frame, policy.map.columns, [policy.map.at_failure],
                {left: mapMargin.left, top: top + strip, width, height: stripHeight},
                `Memory of ${policyText(policy.policy)} when the first request was refused`);
  }
  const inner = d3.select(frame).append('svg').attr({width: total, height: top + strip + (failed === null ? 0 : stripHeight + 14)})
      .append('g').attr('transform', `translate(${mapMargin.left},${top})`);
  axis(inner, x, 'bottom', 5).attr('transform', `translate(0,${mapHeight})`);
  axis(inner, y, 'left', 5);
  inner.append('text').attr({x: width / 2, y: mapHeight + 32, 'text-anchor': 'middle'}).text('address, KiB');
  inner.append('text').attr({transform: `translate(-32,${mapHeight / 2}) rotate(-90)`, 'text-anchor': 'middle'}).text('day');
  drawRegions(inner, x, mapHeight, policy.regions);
  if (failed === null) return;
  const mark = cssValue('mark');
  inner.append('path').attr({d: `M0,${y(failed)} H${width}`, 'stroke-width': 2, 'stroke-dasharray': '6 3'}).style('stroke', mark);
  inner.append('path').attr({d: `M${width},${y(failed)} l9,-5 v10 z`}).style('fill', mark);
  inner.append('text').attr({x: -6, y: strip + 12, 'class': 'small marked', 'text-anchor': 'end'}).text('then');
  if (policy.demand) drawStrip(inner, x, policy, strip);
}

function drawKey(maps) {
  const key = clear('map-key');
  const seen = new Set();
  for (const {map} of maps) map.rows.forEach(row => [...row.kinds].forEach((kind, i) => row.cells[i] !== '0' && seen.add(kind)));
  for (const kind of Object.keys(holders)) {
    if (!seen.has(kind)) continue;
    const entry = add(key, 'span');
    add(entry, 'i').style.background = cssValue(holders[kind][1]);
    entry.appendChild(document.createTextNode(holders[kind][0]));
  }
  const free = add(key, 'span');
  add(free, 'i', undefined, 'free').style.background = cssValue('free');
  free.appendChild(document.createTextNode('free'));
}

function drawMaps() {
  const mapped = data.policies.filter(policy => policy.map);
  const {columns, rows} = mapped[0].map;
  document.getElementById('map-text').textContent =
      `All RAM of one device, the one with seed ${data.map_seed}, on each policy: address across, time down, a row every ` +
      `${since(data.days / rows.length)}. A cell is ${grouped(data.ram.total_bytes / columns)} bytes and shows what ` +
      'holds most of it, the paler the less of it is held. Pools stay in columns, a heap breaks up. A red line is the first ' +
      'refused request; the strip below is all RAM at that moment.';
  drawKey(mapped);
  const maps = clear('maps');
  // All are there before one is drawn, so that each has its final width.
  const places = mapped.map(() => add(maps, 'div'));
  mapped.forEach((policy, i) => drawMap(places[i], policy));
}
