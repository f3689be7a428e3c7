// SPDX-License-Identifier: MIT
'use strict';

const mapMargin = {left: 44, right: 16, top: 18, bottom: 40};
const mapHeight = 260;

// One pixel a cell: the browser scales it without smoothing.
function paintCells(canvas, map) {
  canvas.width = map.columns;
  canvas.height = map.rows.length;
  const context = canvas.getContext('2d');
  const ramp = d3.interpolateLab(cssValue('free'), cssValue('held'));
  const inks = d3.range(36).map(step => d3.rgb(ramp(step / 35)));
  const image = context.createImageData(canvas.width, canvas.height);
  map.rows.forEach((row, y) => {
    for (let x = 0; x < map.columns; ++x) {
      const ink = inks[parseInt(row.cells[x], 36)];
      image.data.set([ink.r, ink.g, ink.b, 255], 4 * (y * map.columns + x));
    }
  });
  context.putImageData(image, 0, 0);
}

// The names of the parts of RAM above the map, each with a line where it begins.
function drawRegions(inner, x, height, regions) {
  regions.forEach((region, i) => {
    const from = x(region.from / 1024);
    const to = i + 1 < regions.length ? x(regions[i + 1].from / 1024) : x.range()[1];
    if (i > 0) inner.append('path').attr({d: `M${from},-14 V${height}`, 'stroke-width': 1}).style('stroke', cssValue('mark'));
    if (to - from > 6.4 * region.name.length + 5) {
      inner.append('text').attr({x: from + 3, y: -5, 'class': 'map-region'}).text(region.name);
    }
  });
}

function drawMap(holder, policy) {
  const failed = policy.map.failed_on_day;
  add(holder, 'h3', `${policyText(policy.policy)}: ` + (failed === null ? 'nothing failed' : `first failure at ${day(failed)}`));
  const frame = add(holder, 'div', undefined, 'map');
  const total = frame.clientWidth;
  const width = total - mapMargin.left - mapMargin.right;
  const height = mapHeight - mapMargin.top - mapMargin.bottom;
  const canvas = add(frame, 'canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Memory of ${policyText(policy.policy)}: address across, time down`);
  Object.assign(canvas.style, {left: mapMargin.left + 'px', top: mapMargin.top + 'px', width: width + 'px',
                               height: height + 'px'});
  paintCells(canvas, policy.map);
  const inner = d3.select(frame).append('svg').attr({width: total, height: mapHeight})
      .append('g').attr('transform', `translate(${mapMargin.left},${mapMargin.top})`);
  const x = d3.scale.linear().domain([0, data.ram.total_bytes / 1024]).range([0, width]);
  const y = d3.scale.linear().domain([0, data.days]).range([0, height]);
  axis(inner, x, 'bottom', 5).attr('transform', `translate(0,${height})`);
  axis(inner, y, 'left', 5);
  inner.append('text').attr({x: width / 2, y: height + 34, 'text-anchor': 'middle'}).text('address, KiB');
  inner.append('text').attr({transform: `translate(-32,${height / 2}) rotate(-90)`, 'text-anchor': 'middle'}).text('day');
  drawRegions(inner, x, height, policy.regions);
  if (failed !== null) {
    inner.append('path').attr({d: `M0,${y(failed)} H${width}`, 'stroke-width': 2, 'stroke-dasharray': '6 3'})
        .style('stroke', cssValue('mark'));
  }
}

function drawMaps() {
  document.getElementById('map-text').textContent =
      `All RAM of the device with seed ${data.map_seed}, in which most policies failed. Address across, time down, a row every ` +
      `${figure(data.days * 24 / data.policies[0].map.rows.length)} hours; a cell is ` +
      `${figure(data.ram.total_bytes / data.policies[0].map.columns)} bytes. Grey tones in a heap are holes too small ` +
      'for a cell: a heap breaks up, pools stay in columns. Lines down part the RAM; a dashed line across is the ' +
      'first refused request.';
  const scale = clear('map-scale');
  add(scale, 'span', 'free');
  add(scale, 'i');
  add(scale, 'span', 'all of a cell held');
  const maps = clear('maps');
  // All are there before one is drawn, so that each has its final width.
  const holders = data.policies.map(() => add(maps, 'div'));
  data.policies.forEach((policy, i) => drawMap(holders[i], policy));
}
