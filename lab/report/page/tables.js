// SPDX-License-Identifier: MIT
'use strict';

// A row a figure, a column a policy; `rows` are [name, text of a policy].
function addTable(parent, caption, rows) {
  const table = add(add(parent, 'div', undefined, 'table'), 'table');
  add(table, 'caption', caption);
  const head = add(add(table, 'thead'), 'tr');
  add(head, 'th', '');
  for (const {policy} of data.policies) add(head, 'th', policyText(policy));
  const body = add(table, 'tbody');
  for (const [name, text] of rows) {
    const row = add(body, 'tr');
    add(row, 'th', name);
    for (const policy of data.policies) add(row, 'td', text(policy));
  }
  return table;
}

function markFailures(table) {
  for (const cell of table.querySelectorAll('td')) {
    if (cell.textContent !== '0') cell.className = 'failed';
  }
}

function steps(of) {
  return policy => [of(policy).median, of(policy).p999, of(policy).max].join(' / ');
}

function drawTables() {
  const tables = clear('tables');
  const ofFirst = (text) => policy => policy.earliest ? text(policy.earliest) : '–';
  addTable(tables, 'First failed request', [
    ['devices alive at the end', lived],
    ['day of the first failure', policy => spread(policy.first_failure_day)],
    ['earliest: class', ofFirst(first => first.class)],
    ['earliest: bytes asked for', ofFirst(first => grouped(first.bytes))],
    ['earliest: bytes free', ofFirst(first => grouped(first.free))],
    ['earliest: largest hole', ofFirst(first => grouped(first.largest))],
  ]);
  markFailures(addTable(tables, 'Failed requests a day', Object.keys(data.policies[0].failures_a_day).map(
      kind => [kind, policy => spread(policy.failures_a_day[kind])])));
  addTable(tables, 'Memory and sound', [
    ['largest free block, least in a life, KiB', policy => spread(policy.largest_free_min, kibibytes)],
    ['held at once, most in a life, KiB', policy => spread(policy.held_peak, kibibytes)],
    ['leaked at the end, bytes', policy => spread(policy.leaked_bytes)],
    ['pooled classes from the heap, bytes', policy => grouped(policy.heap_bytes_from_pooled_classes)],
    ['samples lost a day, millions', policy => spread(policy.samples_lost_a_day, millions)],
    ['sound lost', policy => spread(policy.samples_lost_a_day.map(lost => 100 * lost / data.samples_a_day)) + ' %'],
  ]);
  addTable(tables, 'Steps an operation: median / 99.9 % / max, the worst device', [
    ['allocate', steps(policy => policy.steps.alloc)],
    ['free', steps(policy => policy.steps.free)],
    ['audio, network, general: allocate', steps(policy => policy.steps.pooled.alloc)],
    ['audio, network, general: free', steps(policy => policy.steps.pooled.free)],
  ]);
  add(tables, 'p', 'A step is a free block looked at (heap_4), a list or block looked at (ESP-IDF, TLSF), a word changed at ' +
      'once (pools), a buffer looked at (static buffers); 0 where nobody can tell. Sound is lost where the link is down for longer ' +
      'than what may be held back, the same for every policy, and where memory refuses what would hold it.', 'muted');
}

function drawDevices() {
  const table = add(add(clear('devices'), 'div', undefined, 'table'), 'table');
  const head = add(add(table, 'thead'), 'tr');
  for (const name of ['policy', 'seed', 'first failure', 'largest free, least', 'digest']) add(head, 'th', name);
  const body = add(table, 'tbody');
  for (const device of data.devices) {
    const row = add(body, 'tr');
    add(row, 'th', device.policy);
    add(row, 'td', String(device.seed));
    add(row, 'td', device.failed_on_day === null ? 'none' : day(device.failed_on_day));
    add(row, 'td', grouped(device.largest_free_min));
    add(row, 'td', device.digest);
  }
}
