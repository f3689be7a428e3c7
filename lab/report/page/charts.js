// SPDX-License-Identifier: MIT
'use strict';

// The days and shares of a curve that falls by one device at each failure.
function survivalPoints(policy) {
  const points = [{day: 0, share: 1}];
  policy.failed_on_day.forEach((failed, i) => {
    points.push({day: failed, share: points[points.length - 1].share}, {day: failed, share: 1 - (i + 1) / policy.runs});
  });
  points.push({day: data.days, share: points[points.length - 1].share});
  return points;
}

function drawSurvival() {
  const {inner, width, height} = chart('survival-chart', 300, {left: 64, right: 14, top: 14, bottom: 44});
  const x = d3.scale.linear().domain([0, data.days]).range([0, width]);
  const y = d3.scale.linear().domain([0, 1]).range([height, 0]);
  inner.append('g').attr('class', 'grid').call(d3.svg.axis().scale(y).orient('left').ticks(4).tickSize(-width)
      .tickFormat(''));
  axis(inner, x, 'bottom', Math.max(3, width / 90)).attr('transform', `translate(0,${height + 6})`);
  axis(inner, y, 'left', 4, d3.format('%'));
  inner.append('text').attr({x: width / 2, y: height + 40, 'text-anchor': 'middle'}).text('days of the device\'s life');
  inner.append('text').attr({transform: `translate(-50,${height / 2}) rotate(-90)`, 'text-anchor': 'middle'})
      .text('devices still alive');
  const line = d3.svg.line().x(point => x(point.day));
  data.policies.forEach((policy, i) => {
    // A little beside each other, so that none hides another.
    const shift = 3 * (i - (data.policies.length - 1) / 2);
    inner.append('path').attr({d: line.y(point => y(point.share) + shift)(survivalPoints(policy)), fill: 'none',
        'stroke-width': 2.5, 'stroke-dasharray': dash(policy.policy), 'class': 'curve'})
        .style('stroke', colour(policy.policy));
  });
}

// One bar of two lengths: all that was free, and in it the largest hole; a mark at what was asked for.
function drawWhyBar(inner, x, policy, top) {
  const row = inner.append('g').attr('transform', `translate(0,${top})`);
  const first = policy.earliest;
  row.append('text').attr('y', 12)
      .text(`${policyText(policy.policy)}, ${day(first.day)}: ${grouped(first.bytes)} bytes for ${first.class}`);
  row.append('rect').attr({y: 18, width: x(first.free), height: 16}).style({fill: colour(policy.policy), opacity: .3});
  row.append('rect').attr({y: 18, width: x(first.largest), height: 16}).style('fill', colour(policy.policy));
  row.append('path').attr({d: `M${x(first.bytes)},14 v24`, 'stroke-width': 3}).style('stroke', cssValue('mark'));
}

function drawWhyKey(inner) {
  const key = inner.append('g').attr('transform', 'translate(0,-24)');
  const ink = cssValue('static');
  key.append('rect').attr({width: 16, height: 12}).style('fill', ink);
  key.append('text').attr({x: 22, y: 11}).text('largest hole');
  key.append('rect').attr({x: 104, width: 16, height: 12}).style({fill: ink, opacity: .3});
  key.append('text').attr({x: 126, y: 11}).text('all that was free');
  key.append('path').attr({d: 'M236,-2 v16', 'stroke-width': 3}).style('stroke', cssValue('mark'));
  key.append('text').attr({x: 244, y: 11}).text('asked for');
}

function drawWhy() {
  const failed = data.policies.filter(policy => policy.earliest);
  const served = data.policies.filter(policy => !policy.earliest).map(policy => policyText(policy.policy));
  document.getElementById('why-none').textContent = served.length ? `Nothing was refused: ${served.join('; ')}.` : '';
  clear('why-chart');
  if (failed.length === 0) return;
  const row_height = 46;
  const margin = {left: 6, right: 24, top: 30, bottom: 48};
  const {inner, width, height} = chart('why-chart', failed.length * row_height + margin.top + margin.bottom, margin);
  const most = d3.max(failed, policy => Math.max(policy.earliest.free, policy.earliest.bytes));
  const x = d3.scale.linear().domain([0, most / 1024]).nice().range([0, width]);
  drawWhyKey(inner);
  failed.forEach((policy, i) => drawWhyBar(inner, count => x(count / 1024), policy, i * row_height));
  axis(inner, x, 'bottom', Math.max(3, width / 110)).attr('transform', `translate(0,${height})`);
  inner.append('text').attr({x: width / 2, y: height + 36, 'text-anchor': 'middle'}).text('KiB');
}

let graphs = [];

// A line each policy with a band, of `key` in data.policies[].over_time; `y` tells of its axis.
function drawOverTime(id, key, y) {
  const policies = data.policies.filter(policy => policy.over_time.day.length > 0);
  const rows = policies[0].over_time.day.map((at, i) => [at].concat(policies.map(
      policy => policy.over_time[key][i].map(value => value * y.factor))));
  const series = {};
  for (const {policy} of policies) {
    series[policyText(policy)] = {color: colour(policy), strokePattern: dash(policy).length ? dash(policy) : null};
  }
  graphs.push(new Dygraph(clear(id + '-chart'), rows, {
    labels: ['day'].concat(policies.map(policy => policyText(policy.policy))),
    labelsDiv: document.getElementById(id + '-values'), legend: 'onmouseover',
    customBars: true, fillAlpha: 0.13, strokeWidth: 1.6, series,
    xlabel: 'days of the device\'s life', ylabel: y.label, xRangePad: 2,
    axes: {
      x: {gridLineColor: cssValue('line'), axisLineColor: cssValue('muted'), pixelsPerLabel: 60},
      y: {gridLineColor: cssValue('line'), axisLineColor: cssValue('muted'), axisLabelWidth: 44,
          valueFormatter: value => figure(value) + y.unit},
    },
    valueRange: [0, y.top], includeZero: true, highlightCircleSize: 3,
    underlayCallback: y.underlay,
  }));
}

// What one chunk of the uplink asks for, as a line across.
function markChunk(context, area, graph) {
  const y = graph.toDomYCoord(data.chunk_bytes / 1024);
  context.strokeStyle = cssValue('mark');
  context.fillStyle = cssValue('mark');
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(area.x, y);
  context.lineTo(area.x + area.w, y);
  context.stroke();
  const text = `a chunk of the uplink: ${grouped(data.chunk_bytes)} bytes`;
  context.font = '12px system-ui, sans-serif';
  context.textAlign = 'right';
  context.fillText(text, area.x + area.w - 4, y + 14);
}

function drawTime() {
  for (const graph of graphs) graph.destroy();
  graphs = [];
  drawOverTime('largest', 'largest', {label: 'largest free block, KiB', unit: ' KiB', factor: 1 / 1024, top: null,
                                      underlay: markChunk});
  drawOverTime('fragmentation', 'fragmentation', {label: 'fragmentation', unit: '', factor: 1, top: 1.02});
  drawOverTime('scatter', 'scatter', {label: 'scatter', unit: '', factor: 1, top: 1.02});
}
