/* SPDX-License-Identifier: Apache-2.0 */
/* What script adds to pages that work without it. htmx does the swapping. */
(function () {
  'use strict';

  // A note about what was done goes away by itself; it is read out once.
  function hideToasts() {
    document.querySelectorAll('.toast:not(.stay)').forEach(function (toast) {
      setTimeout(function () { toast.remove(); }, 6000);
    });
  }

  // After a failed try the cursor stands in the first wrong field.
  function focusWrong() {
    var wrong = document.querySelector('[aria-invalid=true]');
    if (wrong) wrong.focus();
    return !!wrong;
  }

  // Pages with a chart bring what lets it be explored; once is enough.
  function loadCharts() {
    var figure = document.querySelector('figure[data-chart]');
    if (!figure || document.querySelector('script[data-charts]')) return;
    var script = document.createElement('script');
    script.src = figure.dataset.code;
    script.dataset.charts = '';
    document.head.appendChild(script);
  }

  // So do score grids.
  function loadGrid() {
    var form = document.querySelector('form[data-grid]');
    if (!form || document.querySelector('script[data-grids]')) return;
    var script = document.createElement('script');
    script.src = form.dataset.code;
    script.dataset.grids = '';
    document.head.appendChild(script);
  }

  // Buttons that copy a text; without script it is marked and copied by hand.
  function armCopies() {
    document.querySelectorAll('[data-copy]').forEach(function (button) {
      var text = document.getElementById(button.dataset.copy);
      button.hidden = false;
      button.addEventListener('click', function () {
        text.select();
        if (navigator.clipboard) navigator.clipboard.writeText(text.value);
        else document.execCommand('copy');
        button.textContent = '已复制';
      });
    });
  }

  function arrived() {
    hideToasts();
    armCopies();
    loadCharts();
    loadGrid();
    return focusWrong();
  }

  document.addEventListener('DOMContentLoaded', arrived);

  // A page that was swapped in starts where a loaded one would: at its top,
  // with the keyboard and the screen reader at its content.
  document.addEventListener('htmx:afterSettle', function (event) {
    if (event.detail.target !== document.body || arrived()) return;
    var main = document.getElementById('main');
    if (main) main.focus({ preventScroll: true });
    if (!location.hash) window.scrollTo(0, 0);
  });

  // While an input method composes, its letters are nobody's words: what searches or
  // checks as one types hears of them once they stand there.
  document.addEventListener('input', function (event) {
    if (event.isComposing) event.stopPropagation();
  }, true);
  document.addEventListener('compositionend', function (event) {
    event.target.dispatchEvent(new Event('input', { bubbles: true }));
  });

  // The server can't be reached: say so instead of nothing.
  document.addEventListener('htmx:sendError', function () {
    var old = document.querySelector('.toast');
    if (old) old.remove();
    var toast = document.createElement('div');
    toast.className = 'toast bad';
    toast.setAttribute('role', 'alert');
    toast.textContent = '连不上服务器，请检查网络后再试';
    document.body.appendChild(toast);
    hideToasts();
  });

  // What is wrong in a scheme leads to its line.
  document.addEventListener('click', function (event) {
    var fault = event.target.closest && event.target.closest('.faults a');
    var row = fault && fault.textContent.match(/第 (\d+) 行/);
    if (!row) return;
    var text = document.getElementById('text'), lines = text.value.split('\n');
    var from = lines.slice(0, row[1] - 1).join('\n').length + (row[1] > 1 ? 1 : 0);
    event.preventDefault();
    text.focus();
    text.setSelectionRange(from, from + (lines[row[1] - 1] || '').length);
    text.scrollTop = (row[1] - 4) * text.scrollHeight / lines.length;
    text.scrollLeft = 0;
  });

  document.addEventListener('click', function (event) {
    var button = event.target.closest && event.target.closest('[data-print]');
    if (button) window.print();
  });
}());
