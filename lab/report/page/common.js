// SPDX-License-Identifier: MIT
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);

const policyTexts = {
  'pools': 'Millpond pools',
  'pools+net': 'pools, TLS and pbufs too',
  'esp-idf': 'ESP-IDF\'s heap',
  'heap_4': 'FreeRTOS\'s heap_4',
  'tlsf': 'the textbook\'s TLSF',
  'static': 'static buffers only',
};
// Lines that lie on each other and colours that somebody cannot tell apart differ by their dashes.
const dashes = {'pools': [], 'pools+net': [9, 4], 'esp-idf': [7, 2, 2, 2], 'heap_4': [5, 2], 'tlsf': [9, 3, 2, 3], 'static': [2, 2]};

const plugins = data.policies.map(p => p.policy).filter(name => !(name in policyTexts));

function policyText(name) {
  return policyTexts[name] || name;
}

function cssValue(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

function colour(policy) {
  const plugin = plugins.indexOf(policy);
  return cssValue(plugin < 0 ? policy.replace('+', '-') : 'plugin-' + plugin % 3);
}

function dash(policy) {
  return dashes[policy] || [12, 3];
}

// Adds an element to `parent` and gives it back.
function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  parent.appendChild(element);
  return element;
}

function clear(id) {
  const element = document.getElementById(id);
  element.textContent = '';
  return element;
}

const grouped = d3.format(',.0f');

function figure(value) {
  if (value === null) return 'never';  // it did not come in a run's time
  if (value === 0 || Number.isInteger(value) || value >= 1000) return grouped(value);
  return value < 0.01 ? '<0.01' : String(Number(value.toPrecision(3)));
}

function kibibytes(value) {
  return d3.format(',.1f')(value / 1024);
}

function millions(value) {
  return d3.format('.1f')(value / 1e6);
}

function spread(three, of = figure) {
  const texts = three.map(of);
  return texts[0] === texts[2] ? texts[0] : texts.join(' / ');
}

function days(value) {
  return figure(value) + (value === 1 ? ' day' : ' days');
}

function day(value) {
  if (value === null) return 'never';
  if (value >= 1) return 'day ' + Number(value.toPrecision(3));
  const minutes = value * 24 * 60;
  if (minutes >= 90) return 'hour ' + Number((minutes / 60).toPrecision(2));
  return minutes >= 1 ? 'minute ' + Math.round(minutes) : 'the first minute';
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

// An SVG as wide as the element `id`, with room for axes; its inner group, and the width and height of that.
function chart(id, height, margin) {
  const parent = clear(id);
  const width = parent.clientWidth;
  const svg = d3.select(parent).append('svg').attr({width, height});
  const inner = svg.append('g').attr('transform', `translate(${margin.left},${margin.top})`);
  return {inner, width: width - margin.left - margin.right, height: height - margin.top - margin.bottom};
}

function axis(group, scale, orient, ticks, format) {
  const made = d3.svg.axis().scale(scale).orient(orient).ticks(ticks).outerTickSize(0);
  if (format) made.tickFormat(format);
  return group.append('g').attr('class', 'axis').call(made);
}
