// SPDX-License-Identifier: MIT
'use strict';

// Bytes that the worst moment had above the largest request of the policy's heap; below 0: it lacked them.
function spare(policy) {
  return policy.demand && policy.largest_request_min[0] - policy.demand.bytes;
}

function mostSteps(steps) {
  return Math.max(steps.alloc.max, steps.free.max);
}

function refusedText(policy) {
  const failed = policy.runs - policy.alive;
  if (failed === 0) return `nothing refused in ${counted(policy.runs, 'device')}`;
  return `refused in ${failed} of ${counted(policy.runs, 'device')}, first after ${since(policy.earliest.day)}`;
}

function distance(policy) {
  const bytes = spare(policy);
  if (bytes === null) return 'no heap';
  return bytes >= 0 ? `${grouped(bytes)} bytes to spare` : `${grouped(-bytes)} bytes short`;
}

function leadText() {
  const first = data.policies[0];
  const pools = first.policy.startsWith('pools');
  const texts = [];
  if (first.demand) {
    const room = spare(first) >= 0 ? `${grouped(spare(first))} more` : `${grouped(-spare(first))} less`;
    texts.push(`At its worst moment in ${counted(data.days, 'day')} of ${counted(first.runs, 'device')}, the heap ` +
        (pools ? 'beside Millpond\'s pools ' : `${policyText(first.policy)} `) +
        `had room for ${grouped(first.largest_request_min[0])} bytes: ${room} than ${first.demand.what} needs, the largest ` +
        'request that it must serve.');
  } else {
    texts.push(`${policyText(first.policy)}: ${refusedText(first)}.`);
  }
  const steps = mostSteps(first.steps.pooled);
  const most = d3.max(data.policies.slice(1), policy => mostSteps(policy.steps.pooled));
  if (steps) {
    texts.push(`To allocate or free a buffer for audio, network or tasks costs at most ${counted(steps, 'step')}` +
        (most ? `; on another policy up to ${grouped(most)}.` : '.'));
  }
  return texts.join(' ');
}

// A bar from the line of what must be served to what the worst moment had room for.
function drawDistance(cell, policy, scale) {
  const bar = add(cell, 'div', undefined, 'bar');
  const zero = scale(0);
  const end = scale(spare(policy));
  const part = add(bar, 'i', undefined, end < zero ? 'short' : '');
  Object.assign(part.style, {left: Math.min(zero, end) + '%', width: Math.max(0.5, Math.abs(end - zero)) + '%'});
  if (end >= zero) part.style.background = colour(policy.policy);
  add(bar, 'b').style.left = zero + '%';
}

function drawVerdict() {
  const table = add(clear('verdict'), 'table');
  const head = add(add(table, 'thead'), 'tr');
  for (const name of ['', 'at the worst moment of all devices', 'requests refused', 'an operation at most']) add(head, 'th', name);
  const body = add(table, 'tbody');
  const spares = data.policies.filter(policy => policy.demand).map(spare);
  const scale = d3.scale.linear().domain([Math.min(0, d3.min(spares)), Math.max(1, d3.max(spares))]).range([1, 99]);
  for (const policy of data.policies) {
    const row = add(body, 'tr');
    const name = add(row, 'th', policyText(policy.policy));
    name.style.borderLeftColor = colour(policy.policy);
    const margin = add(row, 'td', undefined, 'margin');
    if (policy.demand) drawDistance(margin, policy, scale);
    add(margin, 'strong', distance(policy), spare(policy) < 0 ? 'failed' : '');
    add(margin, 'span', policy.demand ?
        `room for ${grouped(policy.largest_request_min[0])}, ${policy.demand.what} needs ${grouped(policy.demand.bytes)}` :
        'a fixed buffer for each request, or none');
    add(row, 'td', refusedText(policy), policy.earliest ? 'failed' : '');
    const steps = add(row, 'td', undefined, 'steps');
    const pooled = mostSteps(policy.steps.pooled);
    add(steps, 'strong', pooled ? counted(pooled, 'step') : 'steps not known');
    add(steps, 'span', pooled ? `audio, network, general; any ${grouped(mostSteps(policy.steps))}` : '');
  }
}

function drawSummary() {
  const devices = d3.sum(data.policies, policy => policy.runs);
  const partial = document.getElementById('partial');
  partial.hidden = data.unfinished === 0;
  partial.textContent = `Partial: it was interrupted, and ${counted(data.unfinished, 'device')} had not finished. Only the ` +
      'others are shown.';
  const title = `Which memory lasts? ${counted(data.days, 'day')} of ${data.scenario.name} ` +
      `on ${data.policies.length} ${data.policies.length === 1 ? 'policy' : 'policies'}`;
  document.title = document.getElementById('title').textContent = title;
  document.getElementById('subtitle').textContent =
      `${grouped(data.ram.total_bytes)} bytes of RAM. Seeds 1 to ${data.seeds}: ${counted(devices, 'device')}, ` +
      `${counted(Math.round(devices * data.days), 'device-day')}, ${d3.format(',')(data.events)} events` +
      (data.seconds > 0 ? ` in ${figure(Math.round(data.seconds))} s` : '') + `, simulated by Millpond ${data.version}.`;
  document.getElementById('lead').textContent = leadText();
  drawVerdict();
}

function drawAdvice() {
  const advice = clear('advice');
  for (const warning of data.warnings) add(advice, 'p', 'Warning: ' + warning + '.', 'warning');
  for (const line of data.advice) add(advice, 'p', line.replace(/\d{4,}/g, grouped));
  if (data.advice.length === 0) add(advice, 'p', 'The policy pools was not run: there is nothing to advise.');
}

function drawAgain() {
  drawDevices();
  document.getElementById('command').textContent = data.command;
  document.getElementById('scenario-name').textContent = `The scenario ${data.scenario.name}`;
  document.getElementById('scenario-text').textContent = data.scenario.text;
  document.getElementById('base').hidden = data.scenario.base === null;
  document.getElementById('base-text').textContent = data.scenario.base || '';
}
