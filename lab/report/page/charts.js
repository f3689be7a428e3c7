// SPDX-License-Identifier: MIT
'use strict';

// Moments of a life that a reader knows, in days.
const milestones = [[1 / 1440, '1 min'], [10 / 1440, '10 min'], [1 / 24, '1 hour'], [6 / 24, '6 hours'], [1, '1 day'],
                    [3, '3 days'], [7, '1 week'], [30, '1 month'], [91, '3 months'], [365, '1 year'], [3650, '10 years']];

// The days and shares of a curve that falls by one device at each failure.
function survivalPoints(policy, from) {
  const points = [{day: from, share: 1}];
  policy.failed_on_day.forEach((failed, i) => {
    points.push({day: failed, share: points[points.length - 1].share}, {day: failed, share: 1 - (i + 1) / policy.runs});
  });
  points.push({day: data.days, share: points[points.length - 1].share});
  return points;
}

// Those milestones that have room for their names.
function milestonesOn(x) {
  let end = -Infinity;
  return milestones.filter(([day]) => {
    if (day < x.domain()[0] || day > x.domain()[1] || x(day) < end) return false;
    end = x(day) + 66;
    return true;
  });
}

function drawSurvival() {
  const {inner, width, height} = chart('survival-chart', 300, {left: 64, right: 24, top: 14, bottom: 44});
  const earliest = d3.min(data.policies, policy => policy.failed_on_day[0]);
  const from = Math.min(earliest === undefined ? Infinity : Math.max(earliest / 2, 1 / 86400), data.days / 100);
  const x = d3.scale.log().domain([from, data.days]).range([0, width]);
  const y = d3.scale.linear().domain([0, 1]).range([height, 0]);
  grid(inner, y, width, 4);
  const named = milestonesOn(x);
  axis(inner, x, 'bottom', named.map(([day]) => day), day => named.find(at => at[0] === day)[1])
      .attr('transform', `translate(0,${height + 6})`);
  axis(inner, y, 'left', 4, d3.format('%'));
  inner.append('text').attr({x: width / 2, y: height + 40, 'text-anchor': 'middle'}).text('time since boot');
  inner.append('text').attr({transform: `translate(-50,${height / 2}) rotate(-90)`, 'text-anchor': 'middle'})
      .text('devices still alive');
  const line = d3.svg.line().x(point => x(point.day));
  data.policies.forEach((policy, i) => {
    // A little beside each other, so that none hides another.
    const shift = 3 * (i - (data.policies.length - 1) / 2);
    inner.append('path').attr({d: line.y(point => y(point.share) + shift)(survivalPoints(policy, from)), fill: 'none',
        'stroke-width': 2.5, 'stroke-dasharray': dash(policy.policy), 'class': 'curve'})
        .style('stroke', colour(policy.policy));
  });
}

// One bar of two lengths: all that was free, and in it the largest hole; a mark at what was asked for.
function drawWhyBar(inner, x, policy, top) {
  const row = inner.append('g').attr('transform', `translate(0,${top})`);
  const first = policy.earliest;
  row.append('text').attr('y', 12)
      .text(`${policyText(policy.policy)}, after ${since(first.day)}, seed ${first.seed}: ${grouped(first.bytes)} for ${first.class}`);
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
  const x = d3.scale.linear().domain([0, most]).nice().range([0, width]);
  drawWhyKey(inner);
  failed.forEach((policy, i) => drawWhyBar(inner, x, policy, i * row_height));
  axis(inner, x, 'bottom', Math.max(3, width / 130)).attr('transform', `translate(0,${height})`);
  inner.append('text').attr({x: width / 2, y: height + 36, 'text-anchor': 'middle'}).text('bytes');
}

// A panel for each of `policies`, all to the same scale: its name, and `draw(inner, policy, x, y, {width, height})`.
function drawPanels(id, policies, {x_domain, y_domain, x_text, y_text, y_format, draw}) {
  const panels = clear(id);
  const places = policies.map(() => add(panels, 'div'));
  policies.forEach((policy, i) => {
    add(places[i], 'h4', policyText(policy.policy)).style.borderColor = colour(policy.policy);
    const {inner, width, height} = chartIn(places[i], 178, {left: 58, right: 20, top: 14, bottom: 40});
    const x = d3.scale.linear().domain(x_domain).range([0, width]);
    const y = d3.scale.linear().domain(y_domain).range([height, 0]);
    grid(inner, y, width, 4);
    draw(inner, policy, x, y, {width, height});
    axis(inner, x, 'bottom', 5).attr('transform', `translate(0,${height})`);
    axis(inner, y, 'left', 4, y_format);
    inner.append('text').attr({x: width / 2, y: height + 34, 'text-anchor': 'middle', 'class': 'small'}).text(x_text);
    inner.append('text').attr({transform: `translate(-46,${height / 2}) rotate(-90)`, 'text-anchor': 'middle', 'class': 'small'})
        .text(y_text);
  });
}

// A line across a panel with its text above or below.
function drawLevel(inner, at, {width, height}, text, {ink, above, className}) {
  inner.append('path').attr({d: `M0,${at} H${width}`, 'stroke-width': 1.5, 'stroke-dasharray': '4 3'}).style('stroke', ink);
  inner.append('text').attr({x: width, y: at + (above || at > height - 16 ? -4 : 13), 'text-anchor': 'end', 'class': 'small ' + className}).text(text);
}

function drawOverTime(inner, policy, x, y, key, factor) {
  const line = d3.svg.line().x(point => x(point[0])).y(point => y(point[1]));
  const medians = of => of.over_time.day.map((day, i) => [day, of.over_time[key][i][1] * factor]);
  for (const other of data.policies) {
    if (other === policy || other.over_time.day.length === 0) continue;
    inner.append('path').attr({d: line(medians(other)), fill: 'none', 'stroke-width': 1.2}).style('stroke', cssValue('others'));
  }
  const band = d3.svg.area().x((point, i) => x(policy.over_time.day[i])).y0(point => y(point[0] * factor))
      .y1(point => y(point[2] * factor));
  inner.append('path').attr('d', band(policy.over_time[key])).style({fill: colour(policy.policy), opacity: .25});
  inner.append('path').attr({d: line(medians(policy)), fill: 'none', 'stroke-width': 2, 'class': 'curve'})
      .style('stroke', colour(policy.policy));
}

function drawTime() {
  const policies = data.policies.filter(policy => policy.over_time.day.length > 0);
  const most = d3.max(policies, policy => d3.max(policy.over_time.largest, three => three[2]));
  const x_domain = [0, data.days];
  const x_text = 'days since boot';
  drawPanels('largest-panels', policies, {x_domain, y_domain: [0, most / 1024 * 1.04], x_text, y_text: 'largest free, KiB',
    draw: (inner, policy, x, y, box) => {
      drawOverTime(inner, policy, x, y, 'largest', 1 / 1024);
      if (!policy.demand) return;
      drawLevel(inner, y(policy.demand.bytes / 1024), box, `${policy.demand.what}: ${grouped(policy.demand.bytes)}`,
                {ink: cssValue('mark'), above: spare(policy) < 0, className: 'marked'});
    }});
  drawPanels('fragmentation-panels', policies, {x_domain, y_domain: [0, 1], x_text, y_text: 'fragmentation', y_format: d3.format('%'),
    draw: (inner, policy, x, y) => drawOverTime(inner, policy, x, y, 'fragmentation', 1)});
}

// What a backlog buys: sound lost, with a full point where nothing was refused and a ring where something was.
function drawBacklog(inner, policy, x, y, {width, height}) {
  const line = d3.svg.line().x(point => x(point.bytes / 1024)).y(point => y(point.sound_lost_percent));
  const of = name => data.backlog.filter(point => point.policy === name);
  const here = x(data.backlog_bytes / 1024);
  inner.append('path').attr({d: `M${here},0 V${height}`, 'stroke-width': 1.5, 'stroke-dasharray': '4 3'})
      .style('stroke', cssValue('muted'));
  inner.append('text').attr({x: here + 4, y: height - 6, 'class': 'small'}).text('you are here');
  for (const other of data.policies) {
    if (other === policy) continue;
    inner.append('path').attr({d: line(of(other.policy)), fill: 'none', 'stroke-width': 1.2}).style('stroke', cssValue('others'));
  }
  const ink = colour(policy.policy);
  inner.append('path').attr({d: line(of(policy.policy)), fill: 'none', 'stroke-width': 2, 'class': 'curve'}).style('stroke', ink);
  const last = of(policy.policy)[of(policy.policy).length - 1];
  if (last.bytes < d3.max(data.backlog, point => point.bytes)) {
    inner.append('text').attr({x: x(last.bytes / 1024) + 9, y: y(last.sound_lost_percent) + 15, 'class': 'small'})
        .text('no RAM for more');
  }
  let refused = false;
  for (const point of of(policy.policy)) {
    const full = point.without_refusal === point.runs;
    const dot = {cx: x(point.bytes / 1024), cy: y(point.sound_lost_percent), r: 4.5, 'stroke-width': 2};
    inner.append('circle').attr(dot).style({fill: full ? ink : cssValue('background'), stroke: full ? ink : cssValue('mark')});
    if (full || refused) continue;
    refused = true;
    const right = dot.cx > width / 2;
    inner.append('text').attr({x: dot.cx + (right ? 8 : -4), y: dot.cy - 9, 'class': 'small marked',
                               'text-anchor': right ? 'end' : 'start'})
        .text(`refused ${figure(point.refused_a_day)} a day`);
  }
}

function drawWhatIf() {
  const section = document.getElementById('whatif');
  section.hidden = data.backlog.length === 0;
  if (section.hidden) return;
  document.getElementById('whatif-basis').textContent =
      `Each point is ${counted(data.backlog_seeds, 'device')} for ${counted(data.backlog_days, 'day')}.`;
  const names = new Set(data.backlog.map(point => point.policy));
  const least = d3.min(data.backlog, point => point.bytes) / 1024;
  const most = d3.max(data.backlog, point => point.bytes) / 1024;
  drawPanels('whatif-panels', data.policies.filter(policy => names.has(policy.policy)), {
    x_domain: [Math.max(0, least - .1 * (most - least)), most + .1 * (most - least)],
    y_domain: [0, d3.max(data.backlog, point => point.sound_lost_percent) * 1.15], x_text: 'backlog, KiB',
    y_text: 'sound lost, %', draw: drawBacklog});
}
