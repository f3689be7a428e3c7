// SPDX-License-Identifier: MIT
'use strict';

function draw() {
  drawLegends();
  drawSummary();
  drawMaps();
  drawAdvice();
  drawWhatIf();
  drawSurvival();
  drawWhy();
  drawTime();
  drawTables();
  drawAgain();
}

draw();
let width = window.innerWidth;
window.addEventListener('resize', () => {
  if (window.innerWidth === width) return;
  width = window.innerWidth;
  draw();
});
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
