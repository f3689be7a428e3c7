// SPDX-License-Identifier: MIT
'use strict';

function cssValue(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
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
