// SPDX-License-Identifier: MIT
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);

const policyTexts = {
  'pools': 'Millpond pools',
  'pools+net': 'Pools, TLS and pbufs too',
  'esp-idf': 'ESP-IDF heap',
  'heap_4': 'FreeRTOS heap_4',
  'tlsf': 'TLSF, textbook',
  'static': 'Static buffers only',
};
// Lines that lie on each other and colours that somebody cannot tell apart differ by their dashes.
const dashes = {'pools': [], 'pools+net': [9, 4], 'esp-idf': [7, 2, 2, 2], 'heap_4': [5, 2], 'tlsf': [9, 3, 2, 3],
                'static': [2, 2]};

const plugins = data.policies.map(p => p.policy).filter(name => !(name in policyTexts));

function policyText(name) {
  return policyTexts[name] || name;
}

function colour(policy) {
  const plugin = plugins.indexOf(policy);
  return cssValue(plugin < 0 ? policy.replace('+', '-') : 'plugin-' + plugin % 3);
}

function dash(policy) {
  return dashes[policy] || [12, 3];
}

const grouped = d3.format(',.0f');

function figure(value) {
  if (value === 0 || Number.isInteger(value) || value >= 1000) return grouped(value);
  return value < 0.01 ? '<0.01' : String(Number(value.toPrecision(3)));
}

function counted(value, one) {
  return `${figure(value)} ${one}${value === 1 ? '' : 's'}`;
}

// A time since boot, in the unit in which a reader can imagine it.
function since(days) {
  if (days >= 2) return figure(days) + ' days';
  const minutes = days * 24 * 60;
  if (minutes >= 90) return Number((minutes / 60).toPrecision(3)) + ' hours';
  return minutes >= 1.5 ? Math.round(minutes) + ' minutes' : Math.round(minutes * 60) + ' seconds';
}

function drawLegends() {
  for (const legend of document.querySelectorAll('.legend')) {
    legend.textContent = '';
    for (const {policy} of data.policies) {
      const entry = add(legend, 'span');
      d3.select(entry).append('svg').attr({width: 34, height: 10}).append('line')
          .attr({x1: 0, x2: 34, y1: 5, y2: 5, 'stroke-width': 3, 'stroke-dasharray': dash(policy)})
          .style('stroke', colour(policy));
      entry.appendChild(document.createTextNode(policyText(policy)));
    }
  }
}

// An SVG as wide as `parent`, with room for axes; its inner group, and the width and height of that.
function chartIn(parent, height, margin) {
  const width = parent.clientWidth;
  const svg = d3.select(parent).append('svg').attr({width, height});
  const inner = svg.append('g').attr('transform', `translate(${margin.left},${margin.top})`);
  return {inner, width: width - margin.left - margin.right, height: height - margin.top - margin.bottom};
}

function chart(id, height, margin) {
  return chartIn(clear(id), height, margin);
}

function axis(group, scale, orient, ticks, format) {
  const made = d3.svg.axis().scale(scale).orient(orient).outerTickSize(0);
  if (Array.isArray(ticks)) made.tickValues(ticks); else made.ticks(ticks);
  if (format) made.tickFormat(format);
  return group.append('g').attr('class', 'axis').call(made);
}

function grid(group, scale, width, ticks) {
  group.append('g').attr('class', 'grid').call(d3.svg.axis().scale(scale).orient('left').ticks(ticks).tickSize(-width)
      .tickFormat(''));
}
