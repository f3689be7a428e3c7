// SPDX-License-Identifier: MIT
'use strict';

function lived(policy) {
  return `${policy.alive} of ${policy.runs}`;
}

function failureText(first) {
  return `${first.class}: ${grouped(first.bytes)} bytes refused with ${grouped(first.free)} free, ` +
      `the largest hole ${grouped(first.largest)}`;
}

function leadText() {
  const pools = data.policies.find(policy => policy.policy === 'pools');
  const served = pools && ['audio', 'network', 'general'].every(kind => pools.failures_a_day[kind][2] === 0);
  const promise = !pools ? '' : served ?
      `On Millpond's pools every audio, network and general request of all ${pools.runs} devices was served. ` :
      'On Millpond\'s pools some audio, network or general requests failed: the pools are too small. ';
  const counts = data.policies.map(policy => `${policyText(policy.policy)} ${lived(policy)}`).join(', ');
  return `${promise}Devices in which no request of any kind failed in ${days(data.days)}: ${counts}.`;
}

function drawSummary() {
  const devices = data.policies.length * data.seeds;
  document.getElementById('title').textContent =
      `${days(data.days)} of ${data.scenario.name} on ${data.policies.length} memory policies`;
  document.getElementById('subtitle').textContent =
      `${grouped(data.ram.total_bytes)} bytes of RAM, seeds 1 to ${data.seeds}, ${grouped(devices)} devices, ` +
      `${figure(devices * data.days)} device-days, ${d3.format(',')(data.events)} events simulated in ` +
      `${figure(data.seconds)} s by Millpond ${data.version}`;
  document.getElementById('lead').textContent = leadText();
  const cards = clear('cards');
  for (const policy of data.policies) {
    const card = add(cards, 'div', undefined, 'card');
    card.style.borderColor = colour(policy.policy);
    add(card, 'div', policyText(policy.policy), 'name');
    add(card, 'div', lived(policy), 'count');
    add(card, 'p', 'devices without a failed request', 'muted');
    add(card, 'p', policy.earliest ? `Earliest failure: ${day(policy.earliest.day)}, seed ${policy.earliest.seed}; ` +
        failureText(policy.earliest) : 'No request failed.');
    add(card, 'p', `Largest free block at its worst: ${grouped(policy.largest_free_min[0])} bytes.`);
  }
}

function drawRest() {
  const advice = clear('advice');
  for (const line of data.advice) add(advice, 'p', line);
  if (data.advice.length === 0) add(advice, 'p', 'The policy pools was not run.');
  document.getElementById('command').textContent = data.command;
  document.getElementById('scenario-name').textContent = `The scenario ${data.scenario.name}`;
  document.getElementById('scenario-text').textContent = data.scenario.text;
  document.getElementById('base').hidden = data.scenario.base === null;
  document.getElementById('base-text').textContent = data.scenario.base || '';
}
