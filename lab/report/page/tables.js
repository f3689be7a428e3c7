// SPDX-License-Identifier: MIT
'use strict';

// A table with a fixed first column; `rows` are [name, cells]. Where it is too wide, it scrolls and says so.
function addTable(parent, caption, heading, rows, wide) {
  const holder = add(parent, 'div', undefined, wide ? 'table wide' : 'table');
  const frame = add(holder, 'div');
  frame.tabIndex = 0;
  const table = add(frame, 'table');
  add(table, 'caption', caption);
  const head = add(add(table, 'thead'), 'tr');
  for (const name of heading) add(head, 'th', name);
  const body = add(table, 'tbody');
  for (const [name, cells] of rows) {
    const row = add(body, 'tr');
    add(row, 'th', name);
    for (const cell of cells) add(row, 'td', cell);
  }
  add(holder, 'p', 'more to the right →', 'more');
  holder.classList.toggle('scrolls', frame.scrollWidth > frame.clientWidth);
  return table;
}

function markFailures(table, isFailure) {
  for (const cell of table.querySelectorAll('td')) {
    if (isFailure(cell.textContent)) cell.className = 'failed';
  }
}

const leastMost = ['', 'least', 'median', 'most'];

// A row a policy; `of` gives its three figures, all written in the same way.
function addSpread(parent, caption, of, format) {
  return addTable(parent, caption, leastMost, data.policies.map(policy =>
      [policyText(policy.policy), of(policy).map(value => value === null ? 'never' : format(value))]));
}

function addSteps(parent, caption, of) {
  const known = policy => of(policy).max > 0;
  addTable(parent, caption, ['', 'median', '99.9 %', 'most'], data.policies.map(policy => [policyText(policy.policy),
      known(policy) ? ['median', 'p999', 'max'].map(key => grouped(of(policy)[key])) : ['–', '–', '–']]));
}

// When the leak watch named each source first, of all devices of a policy that it named it in.
function addLeaks(tables) {
  const rows = [];
  for (const {policy, runs} of data.policies) {
    const named = [].concat(...data.devices.filter(device => device.policy === policy).map(device => device.leak_watch));
    for (const group of d3.nest().key(name => name.source).key(name => name.leaks).entries(named)) {
      for (const {key, values} of group.values) {
        const day = values.map(name => name.named_at_s / 86400).sort(d3.ascending);
        rows.push([policyText(policy), [group.key, key === 'true' ? 'leaks' : 'in vain', `${values.length} of ${runs}`,
            ...[day[0], d3.median(day), day[day.length - 1]].map(d3.format('.3f'))]]);
      }
    }
  }
  if (rows.length === 0) return;
  addTable(tables, 'Whom the library\'s leak watch named, and on which day', ['', 'source', 'it', 'devices', 'least', 'median',
      'most'], rows, true);
}

function drawTables() {
  const tables = clear('tables');
  const decimals = d3.format(',.2f');
  markFailures(addSpread(tables, 'First refused request, day', policy => policy.first_failure_day, d3.format(',.3f')),
               text => text !== 'never');
  addSpread(tables, 'Largest free block, its least in a life, bytes', policy => policy.largest_free_min, grouped);
  addSpread(tables, 'Held at once, its most in a life, bytes', policy => policy.held_peak, grouped);
  addSpread(tables, 'Sound lost, %', policy => policy.sound_lost_percent, decimals);
  addSpread(tables, 'Leaked at the end, bytes', policy => policy.leaked_bytes, grouped);
  const pooled = data.policies.filter(policy => policy.policy.startsWith('pools'));
  if (pooled.length) {
    addTable(tables, 'Audio, network and general from the heap', ['', 'bytes, most'],
             pooled.map(policy => [policyText(policy.policy), [grouped(policy.heap_bytes_from_pooled_classes)]]));
  }
  addSteps(tables, 'Steps of an allocation', policy => policy.steps.alloc);
  addSteps(tables, 'Steps of a free', policy => policy.steps.free);
  addSteps(tables, 'Steps of an audio, network or general allocation', policy => policy.steps.pooled.alloc);
  addSteps(tables, 'Steps of an audio, network or general free', policy => policy.steps.pooled.free);
  const kinds = data.classes;
  markFailures(addTable(tables, 'Refused requests a day, of the worst device', ['', ...kinds], data.policies.map(policy =>
      [policyText(policy.policy), kinds.map(kind => decimals(policy.failures_a_day[kind][2]))]), true), text => text !== '0.00');
  addTable(tables, 'The earliest refused request, bytes', ['', 'class', 'asked for', 'free', 'largest hole'],
      data.policies.filter(policy => policy.earliest).map(({policy, earliest}) => [policyText(policy),
          [earliest.class, ...[earliest.bytes, earliest.free, earliest.largest].map(grouped)]]), true);
  addLeaks(tables);
}

function drawDevices() {
  addTable(clear('devices'), 'Every device', ['policy', 'seed', 'first refused, day', 'largest free, least, bytes', 'digest'],
      data.devices.map(device => [policyText(device.policy), [String(device.seed),
          device.failed_on_day === null ? 'never' : d3.format(',.3f')(device.failed_on_day),
          grouped(device.largest_free_min), device.digest]]), true);
}
